/** How a look for updates ends. */
import { sentenceOf } from '../errors.ts';
import { REFUSALS, type RefusalReason, UpdateRefused } from './refusals.ts';
import type { Release } from './release.ts';

/** A release that is on the disk, and may be tried. */
export interface Verified {
  readonly kind: 'verified';
  readonly release: Release;
  readonly edition: number;
  /** The bundle's folder. */
  readonly folder: string;
  /** The file of its ready index, where it has one. */
  readonly index: string | undefined;
}

export type CheckOutcome =
  | { readonly kind: 'up-to-date'; readonly release: number }
  | Verified
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      /** Whether somebody should look at it. */
      readonly alarm: boolean;
      /** The source is away, and this was verified before: what the box trusts names it still, and has not expired. */
      readonly ready?: Verified | undefined;
    }
  | { readonly kind: 'cancelled' };

type Refusal = CheckOutcome & { readonly kind: 'refused' };

export function refusedAs(reason: RefusalReason, message: string): Refusal {
  return { kind: 'refused', reason, message, alarm: REFUSALS[reason].alarm };
}

/** As what an error ends it: no look throws. */
export function outcomeOf(error: unknown): Refusal {
  if (error instanceof UpdateRefused) return refusedAs(error.reason, error.message);
  const message = sentenceOf(error);
  return refusedAs('failed', `The look for updates failed: ${message}. The box goes on with the model it has.`);
}
