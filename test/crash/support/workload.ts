/** What the crash tests do to a state folder, and what must hold of it whenever it is cut short. */
import assert from 'node:assert/strict';
import { lastStore } from '../../../device/inventory/store-stamp.ts';

export interface Place {
  /** Recorded: what is in it may be lost. The state folder is in it. */
  readonly root: string;
  /** What the workload reads: it is not recorded, and does not change. */
  readonly given: string;
}

export interface Workload {
  /** Makes what the workload reads. */
  prepare(given: string): Promise<void>;
  /**
   * Writes, in a process of its own, and says what can no more be lost.
   * @param part which of the processes, that run one after another, this is: from 0
   */
  write(place: Place, acknowledge: (what: string) => void, part: number): Promise<void>;
  /** Goes on writing from what is there until it is killed. @param turn grows with each process */
  churn(place: Place, acknowledge: (what: string) => void, turn: number): Promise<void>;
  /** How many processes write. */
  readonly parts: number;
  /** What the checks compare with; made once, of a run that nobody cuts. */
  expect(place: Place): Promise<void>;
  /**
   * Opens what a cut left, with the code that opens it on a box.
   * @param acknowledged in order
   * @param recover whether to go on with the work too, and see that it ends as if there had been no cut
   * @throws where something acknowledged is lost, something half-written can be seen, or it cannot go on
   */
  check(place: Place, acknowledged: readonly string[], recover: boolean): Promise<void>;
}

export interface Promised {
  /** The last that was said to be done. */
  readonly done: string | undefined;
  /** What was begun since: each may be there, and need not. */
  readonly begun: readonly string[];
}

/** What `begin NAME` and `done NAME` promise. */
export function promisedBy(acknowledged: readonly string[]): Promised {
  const last = acknowledged.findLastIndex(what => what.startsWith('done '));
  const nameOf = (what: string): string => what.slice(what.indexOf(' ') + 1);
  const done = acknowledged[last];
  return { done: done === undefined ? undefined : nameOf(done), begun: acknowledged.slice(last + 1).map(nameOf) };
}

/** Whether a state folder has no store, which it may where nothing was said to be done. @param done the last that was */
export function isUnindexed(data: string, done: string | undefined): boolean {
  if (lastStore(data) !== undefined) return false;
  assert.equal(done, undefined, `nothing is indexed any more, and “done ${done}” was said`);
  return true;
}
