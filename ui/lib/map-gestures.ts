import type { Spot } from './map-camera.ts';

/** Pixels that a finger may slip while it taps. */
const SLIP = 14;

export interface Hands {
  /** One finger has moved. */
  pan(by: Spot): void;
  /** Two fingers have moved: so many times as far apart, about a point that has itself moved. */
  pinch(factor: number, about: Spot, by: Spot): void;
  tap(at: Spot): void;
}

/** Fingers on the map: one moves it, two hold two of its points, and one that hardly moves has touched a place. */
export class MapGestures {
  readonly #hands: Hands;
  readonly #fingers = new Map<number, Spot>();
  #began: Spot | undefined;
  /** What began as a tap may still be one. */
  #tapping = false;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  down(finger: number, at: Spot): void {
    this.#fingers.set(finger, at);
    this.#tapping = this.#fingers.size === 1;
    this.#began = at;
  }

  move(finger: number, at: Spot): void {
    const before = this.#fingers.get(finger);
    if (before === undefined) return;
    if (this.#tapping && this.#began !== undefined) {
      if (Math.hypot(at.x - this.#began.x, at.y - this.#began.y) < SLIP) return;
      this.#tapping = false;
    }
    const [one, other] = [...this.#fingers.keys()];
    if (other === undefined) {
      this.#fingers.set(finger, at);
      this.#hands.pan({ x: at.x - before.x, y: at.y - before.y });
      return;
    }
    // A third finger rests on the glass and does nothing.
    if (finger !== one && finger !== other) return;
    const [from, held] = [this.#span(one!, other), this.#fingers];
    held.set(finger, at);
    const to = this.#span(one!, other);
    const factor = from.apart === 0 ? 1 : to.apart / from.apart;
    this.#hands.pinch(factor, to.middle, { x: to.middle.x - from.middle.x, y: to.middle.y - from.middle.y });
  }

  up(finger: number): void {
    const at = this.#fingers.get(finger);
    this.#fingers.delete(finger);
    if (at === undefined || !this.#tapping) return;
    this.#tapping = false;
    this.#hands.tap(at);
  }

  /** The fingers were taken away, by the system or by the map. */
  cancel(finger: number): void {
    this.#fingers.delete(finger);
    this.#tapping = false;
  }

  #span(one: number, other: number): { readonly apart: number; readonly middle: Spot } {
    const [a, b] = [this.#fingers.get(one)!, this.#fingers.get(other)!];
    return { apart: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  }
}
