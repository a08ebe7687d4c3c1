/** What is under way with an update, and the telling of it: whoever listens to the box's events hears of every change. */
import type { EventHub } from '../events.ts';
import type { UpdateProgress } from './update-progress.ts';

/** What is under way, in numbers. */
export interface UnderWay {
  readonly what: 'fetching' | 'encoding';
  /** Bytes, or pictures. */
  readonly done: number;
  readonly total: number;
}

/** Progress is told so often at most, milliseconds. */
const TELL_MS = 500;

export class UpdateNews {
  readonly #progress: UpdateProgress;
  readonly #events: EventHub;
  #underWay: UnderWay | undefined;
  #told = 0;

  constructor(progress: UpdateProgress, events: EventHub) {
    this.#progress = progress;
    this.#events = events;
  }

  get underWay(): UnderWay | undefined {
    return this.#underWay;
  }

  /** How far it has come; undefined: nothing is under way any more. */
  tell(underWay: UnderWay | undefined): void {
    this.#underWay = underWay;
    const now = performance.now();
    if (underWay !== undefined && underWay.done < underWay.total && now - this.#told < TELL_MS) return;
    this.#told = now;
    this.publish();
  }

  /** Says where the update stands. */
  publish(): void {
    const { state, release } = this.#progress.state;
    const { done = null, total = null, what = null } = this.#underWay ?? {};
    const data = { state, release: release?.release ?? null, what, done, total };
    this.#events.publish({ type: 'update', data });
  }
}
