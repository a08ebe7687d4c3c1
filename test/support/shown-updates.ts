/** Updates that stand as a test says, for the page that shows them: what a daemon's API asks of the real ones. */
import type { ReleaseRecord } from '../../device/updates/update-progress.ts';
import type { Updates } from '../../device/updates/updates.ts';
import { PARTS } from './update-box.ts';
import { releaseOf } from './update-repository.ts';

type Shown = Pick<
  Updates,
  | 'source'
  | 'state'
  | 'underWay'
  | 'waitsFor'
  | 'lastCheck'
  | 'current'
  | 'canRollBack'
  | 'failure'
  | 'failedPictures'
  | 'history'
>;

const SINCE = Date.UTC(2026, 4, 4, 3, 10);

/** A release as a box remembers it. */
export const releaseRecord = (release: number, version: string, more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release,
  document: releaseOf(PARTS, release, { version }),
  sha256: '0'.repeat(64),
  edition: release,
  transitions: 2,
  verdict: undefined,
  reason: undefined,
  isEncoded: false,
  firstSeen: SINCE,
  changed: SINCE,
  ...more,
});

/** Served by version 1.4.0, with nothing under way. */
const RESTING: Shown = {
  source: 'https://models.example/lookdial',
  state: { state: 'idle', release: undefined, since: SINCE },
  underWay: undefined,
  waitsFor: undefined,
  lastCheck: { at: new Date(SINCE), outcome: 'up-to-date', message: undefined, alarm: false },
  current: releaseRecord(4, '1.4.0', { verdict: 'committed' }),
  canRollBack: true,
  failure: undefined,
  failedPictures: [],
  history: () => [],
};

export class ShownUpdates {
  /** What staff have asked for, in order. */
  readonly asked: string[] = [];
  #shown = RESTING;

  /** From now on they stand so; what is left out is as with nothing under way. */
  stand(shown: Partial<Shown>): void {
    this.#shown = { ...RESTING, ...shown };
  }

  /** For the daemon's services. */
  readonly service = (): Updates => {
    const asked = (what: string) => async (): Promise<void> => void this.asked.push(what);
    const shown = { ...this.#shown, check: asked('check'), apply: asked('apply'), rollBack: asked('rollBack') };
    return shown as unknown as Updates;
  };
}
