/** Milliseconds one garment takes to become another after a tap. */
export const GLIDE_MS = 420;

/** The screen's frames; tests bring their own. */
export interface Frames {
  /** True where the person, or the system for them, asked for less motion. */
  readonly reduced: boolean;
  next(run: (milliseconds: number) => void): unknown;
  cancel(frame: unknown): void;
}

const eased = (part: number): number => 1 - (1 - part) ** 3;

/** Moves a point to another over a few frames, so that a tap shows one garment becoming the next; `stop` leaves it there. */
export class Glide {
  readonly #frames: Frames;
  #frame: unknown;

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  get moving(): boolean {
    return this.#frame !== undefined;
  }

  stop(): void {
    if (this.#frame !== undefined) this.#frames.cancel(this.#frame);
    this.#frame = undefined;
  }

  run(from: readonly number[], to: readonly number[], step: (point: number[], done: boolean) => void): void {
    this.stop();
    if (this.#frames.reduced) {
      step([...to], true);
      return;
    }
    let began: number | undefined;
    const move = (now: number): void => {
      began ??= now;
      const part = Math.min(1, (now - began) / GLIDE_MS);
      const done = part >= 1;
      this.#frame = done ? undefined : this.#frames.next(move);
      step(done ? [...to] : to.map((end, index) => from[index]! + (end - from[index]!) * eased(part)), done);
    };
    this.#frame = this.#frames.next(move);
  }
}
