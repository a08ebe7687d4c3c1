import type { Picture } from '../lib/dial-answer.ts';
import { type Filters, NO_FILTERS } from '../lib/filters.ts';
import type { KeptGarment } from './kept.ts';

/** What a shopper has chosen beside the dials and the kind. Never changed: another choice is another object. */
export interface Choices {
  /** Dials that stay as they are whatever moves the others, by their place in z. */
  readonly locked: readonly number[];
  /** Dials that matter, by their place in z; none: all do. */
  readonly mattering: readonly number[];
  readonly filters: Filters;
  readonly kept: readonly KeptGarment[];
}

export const NO_CHOICES: Choices = { locked: [], mattering: [], filters: NO_FILTERS, kept: [] };

/** Where a shopper is: one step of their way, which undo comes back to. */
export interface Place {
  /** Settings of all dials, in z's order; beyond the range where a garment lies there. */
  readonly dials: readonly number[];
  readonly kind: string | undefined;
  readonly choices: Choices;
}

export interface Look extends Place {
  readonly picture: Picture | undefined;
}

export const looksAlike = (one: Omit<Place, 'choices'>, other: Omit<Place, 'choices'>): boolean =>
  one.kind === other.kind && one.dials.every((value, at) => value === other.dials[at]);

export const isSame = (one: Place, other: Place): boolean => one.choices === other.choices && looksAlike(one, other);

export interface ThreadLook {
  /** The last step that looks so. */
  readonly step: number;
  readonly picture: Picture | undefined;
}

/** Looks that the thread has room for. */
const IN_SIGHT = 6;

/** The stretch of the thread that is seen, with the one at `at` in it: where it begins, and its looks. */
export function inSight<One>(looks: readonly One[], at: number): { first: number; looks: readonly One[] } {
  const first = Math.max(0, Math.min(at - 1, looks.length - IN_SIGHT));
  return { first, looks: looks.slice(first, first + IN_SIGHT) };
}

/**
 * The steps that look another way than the one before: what was chosen in between is no look of its own.
 * @returns the looks, and which of them is the one at `at`
 */
export function threadOf(steps: readonly Look[], at: number): { looks: ThreadLook[]; at: number } {
  const looks: ThreadLook[] = [];
  let present = 0;
  for (const [step, look] of steps.entries()) {
    const before = steps[step - 1];
    const again = before !== undefined && looksAlike(before, look);
    if (again) looks[looks.length - 1] = { step, picture: look.picture ?? looks.at(-1)!.picture };
    else looks.push({ step, picture: look.picture });
    if (step === at) present = looks.length - 1;
  }
  return { looks, at: present };
}
