/** What a check of the doctor is, and what it finds. */
import type { Box } from './box.ts';

/** `not here`: the box has no such thing, and needs none. From the best to the worst. */
export const VERDICTS = ['not here', 'ok', 'look', 'broken'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Finding {
  readonly verdict: Verdict;
  /** One sentence of what was found. */
  readonly found: string;
  /** One sentence of what to do next. */
  readonly next: string;
  /** More that a person wants to see whatever the verdict, a line each. */
  readonly shown?: readonly string[];
  /** More of the same, for who asks for it or where something is wrong. */
  readonly detail?: readonly string[];
  /** Numbers and words for programs; a name says its unit. */
  readonly measured?: Readonly<Record<string, unknown>>;
}

export interface Check {
  /** As it is asked for on the command line. */
  readonly name: string;
  /** What it looks at. */
  readonly about: string;
  run(box: Box): Promise<Finding>;
}

export const NOTHING = 'Nothing to do.';

type More = Pick<Finding, 'shown' | 'detail' | 'measured'>;

export const ok = (found: string, more: More = {}): Finding => ({ verdict: 'ok', found, next: NOTHING, ...more });

export const notHere = (found: string, next: string = NOTHING, more: More = {}): Finding => ({
  verdict: 'not here',
  found,
  next,
  ...more,
});

export const look = (found: string, next: string, more: More = {}): Finding => ({
  verdict: 'look',
  found,
  next,
  ...more,
});

export const broken = (found: string, next: string, more: More = {}): Finding => ({
  verdict: 'broken',
  found,
  next,
  ...more,
});

/** The worst of several, which speaks for all; the others' sentences are its detail. @param findings one at the least */
export function worstOf(findings: readonly Finding[]): Finding {
  const rank = ({ verdict }: Finding): number => VERDICTS.indexOf(verdict);
  const worst = findings.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const others = findings
    .filter(one => one !== worst)
    .map(one => (one.next === NOTHING ? one.found : `${one.found} ${one.next}`));
  const measured = Object.assign({}, ...findings.map(one => one.measured)) as Record<string, unknown>;
  return { ...worst, detail: [...(worst.detail ?? []), ...others], measured };
}
