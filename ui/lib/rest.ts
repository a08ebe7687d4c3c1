/** Milliseconds without a movement after which a finger counts as resting. */
export const REST_MS = 150;

export interface Clock {
  after(milliseconds: number, run: () => void): unknown;
  cancel(timer: unknown): void;
}

export const clock: Clock = {
  after: (milliseconds, run) => setTimeout(run, milliseconds),
  cancel: timer => clearTimeout(timer as ReturnType<typeof setTimeout>),
};

/** Tells when a hand has come to rest: the matches never move under a moving finger. */
export class Rest {
  readonly #onRest: () => void;
  readonly #clock: Clock;
  #timer: unknown;

  constructor(onRest: () => void, time: Clock = clock) {
    this.#onRest = onRest;
    this.#clock = time;
  }

  get resting(): boolean {
    return this.#timer === undefined;
  }

  /** The hand has left: it does not move again. */
  lifted(): void {
    if (this.#timer === undefined) return;
    this.#clock.cancel(this.#timer);
    this.#timer = undefined;
    this.#onRest();
  }

  moved(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = this.#clock.after(REST_MS, () => {
      this.#timer = undefined;
      this.#onRest();
    });
  }
}
