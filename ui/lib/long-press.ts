import { type Clock, clock } from './rest.ts';

/** Longer than a shopper's hand lies anywhere by chance, milliseconds. */
export const LONG_PRESS_MS = 2_000;
/** A hand that moves farther is doing something else, CSS pixels. */
const STILL_PX = 40;

interface Spot {
  readonly clientX: number;
  readonly clientY: number;
}

/** Tells when one finger has lain still for long. */
export class LongPress {
  readonly #pressed: () => void;
  readonly #clock: Clock;
  #timer: unknown;
  #from: Spot = { clientX: 0, clientY: 0 };

  constructor(pressed: () => void, time: Clock = clock) {
    this.#pressed = pressed;
    this.#clock = time;
  }

  down(at: Spot): void {
    this.end();
    this.#from = at;
    this.#timer = this.#clock.after(LONG_PRESS_MS, () => {
      this.#timer = undefined;
      this.#pressed();
    });
  }

  move(to: Spot): void {
    const far = Math.hypot(to.clientX - this.#from.clientX, to.clientY - this.#from.clientY) > STILL_PX;
    if (far) this.end();
  }

  end(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }
}
