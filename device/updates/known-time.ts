/**
 * What time it is at the least. A box has no clock that can be trusted: its battery is empty, or somebody answers for the time
 * server. Two things are believed: that the time of the box's clock was right when metadata were good at that time, and that time
 * went on since by as much as the box was running.
 *
 * So a clock that is wound back makes nothing good again. And a clock that once was far in the future does no lasting harm: by it
 * all metadata had expired, and a time at which nothing was good is not remembered. What is remembered lies before the expiry of
 * metadata that were signed, which the next signing puts off.
 */
import type { Clock } from '../access/clock.ts';
import type { TrustMemory } from './trust-memory.ts';

export class KnownTime {
  readonly #memory: TrustMemory;
  readonly #clock: Clock;
  #floor: number;
  /** When by the steady clock the floor was as it is. */
  #steady: number;

  constructor(memory: TrustMemory, clock: Clock) {
    this.#memory = memory;
    this.#clock = clock;
    this.#floor = memory.time ?? 0;
    this.#steady = clock.steady();
  }

  /** Milliseconds since 1970: the box's clock, or what is known to have passed where that is later. */
  now(): number {
    return Math.max(this.#clock.wall(), this.#known());
  }

  /** Keeps what has passed, and with it the box's clock where metadata are good at its time. @param expiry the earliest of theirs */
  keep(expiry?: number): void {
    const wall = this.#clock.wall();
    const known = this.#known();
    this.#floor = expiry !== undefined && wall < expiry ? Math.max(wall, known) : known;
    this.#steady = this.#clock.steady();
    if (this.#floor > 0) this.#memory.time = this.#floor;
  }

  #known(): number {
    return this.#floor === 0 ? 0 : this.#floor + this.#clock.steady() - this.#steady;
  }
}
