import { valueAt } from '../lib/dial-maths.ts';

/** How far from the thumb's middle a finger still takes hold of the thumb itself, a part of the thumb's width. */
const HOLD = 0.75;
const TAP_PX = 12;
const TAP_MS = 300;
const DOUBLE_TAP_MS = 400;

/** The places where the thumb's middle is at the low and at the high end, CSS pixels of the viewport, and its width. */
export interface Track {
  readonly low: number;
  readonly high: number;
  readonly thumb: number;
}

export interface TrackHost {
  readonly range: number;
  readonly value: number;
  /** Where it lies; asked when a finger comes, for to answer it the page is laid out. */
  track(): Track;
  /** While the finger moves, and when it is lost: then with the value it began from. */
  moved(value: number): void;
  released(): void;
  doubleTapped(): void;
}

interface Hold {
  readonly id: number;
  readonly before: number;
  readonly track: Track;
  /** Where on the thumb the finger is, so that the thumb does not jump under it. */
  readonly offset: number;
  readonly x: number;
  readonly since: number;
  travelled: boolean;
}

/**
 * One finger on one dial. Each dial follows the pointer that took hold of it and no other, so several dials can be turned at
 * once; a second finger on the same dial is ignored. A pointer that is taken away (a gesture of the system, a palm) puts the
 * dial back to where it was.
 */
export class TrackPointer {
  readonly #host: TrackHost;
  #hold: Hold | undefined;
  #lastTap: { readonly at: number; readonly x: number } | undefined;

  constructor(host: TrackHost) {
    this.#host = host;
  }

  get held(): boolean {
    return this.#hold !== undefined;
  }

  readonly down = (event: PointerEvent): void => {
    if (this.#hold !== undefined || event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const track = this.#host.track();
    const { low, high, thumb } = track;
    const middle = low + ((this.#host.value + this.#host.range) / (2 * this.#host.range)) * (high - low);
    const onThumb = Math.abs(event.clientX - middle) <= thumb * HOLD;
    this.#hold = {
      id: event.pointerId,
      before: this.#host.value,
      track,
      offset: onThumb ? event.clientX - middle : 0,
      x: event.clientX,
      since: event.timeStamp,
      travelled: false,
    };
    if (!onThumb) this.#host.moved(this.#valueAt(event.clientX, track));
  };

  /** Of each movement as soon as it is known, and of those of a frame together: the second changes nothing. */
  readonly move = (event: PointerEvent): void => {
    const hold = this.#hold;
    if (hold?.id !== event.pointerId) return;
    if (Math.abs(event.clientX - hold.x) > TAP_PX) hold.travelled = true;
    const value = this.#valueAt(event.clientX - hold.offset, hold.track);
    if (value !== this.#host.value && (hold.travelled || hold.offset === 0)) this.#host.moved(value);
  };

  readonly up = (event: PointerEvent): void => {
    const hold = this.#hold;
    if (hold?.id !== event.pointerId) return;
    this.#hold = undefined;
    const isTap = !hold.travelled && event.timeStamp - hold.since < TAP_MS;
    const last = this.#lastTap;
    const isSecond =
      isTap &&
      last !== undefined &&
      event.timeStamp - last.at < DOUBLE_TAP_MS &&
      Math.abs(event.clientX - last.x) < 3 * TAP_PX;
    this.#lastTap = isTap && !isSecond ? { at: event.timeStamp, x: event.clientX } : undefined;
    if (isSecond) this.#host.doubleTapped();
    this.#host.released();
  };

  /** `pointercancel`, and `lostpointercapture` where no `pointerup` came before it. */
  readonly lost = (event: PointerEvent): void => {
    const hold = this.#hold;
    if (hold?.id !== event.pointerId) return;
    this.#hold = undefined;
    this.#host.moved(hold.before);
    this.#host.released();
  };

  #valueAt(x: number, { low, high }: Track): number {
    return valueAt((x - low) / (high - low), this.#host.range);
  }
}
