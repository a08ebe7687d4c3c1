/** How late the daemon's own event loop comes to what is due: what waits there, waits under the finger. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often it is looked, milliseconds. */
const RESOLUTION_MS = 10;
/** What is told is of the last whole span of so long, milliseconds: whoever asks, and however often, sees the same. */
const SPAN_MS = 15_000;

/** Seconds. */
export interface Delay {
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

export class EventLoopDelay {
  readonly #monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #last: Delay | undefined;

  constructor(spanMs = SPAN_MS) {
    this.#monitor.enable();
    this.#timer = setInterval(() => {
      this.#last = this.#now();
      this.#monitor.reset();
    }, spanMs).unref();
  }

  /** Of the last span; of what there is yet, within the first. */
  get delay(): Delay {
    return this.#last ?? this.#now();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#monitor.disable();
  }

  #now(): Delay {
    // What is measured are the spans between two looks: what they are longer than meant is the delay.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1_000);
    const { max } = this.#monitor;
    return { median: late(this.#monitor.percentile(50)), p99: late(this.#monitor.percentile(99)), most: late(max) };
  }
}
