/** A clock that goes when it is told to. */
import type { Clock } from '../../device/access/clock.ts';

export class HandSetClock implements Clock {
  #wall = Date.UTC(2026, 4, 4, 10, 30);
  #steady = 1_000;

  wall(): number {
    return this.#wall;
  }

  steady(): number {
    return this.#steady;
  }

  /** Time passes, milliseconds. */
  pass(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#steady += milliseconds;
  }

  /** Somebody sets the box's clock. */
  set(wall: number): void {
    this.#wall = wall;
  }
}
