/** One shopper at a real page, by touch: drags one dial after another, rests, taps, as fast as a hand does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../device/matching/random.ts';
import { type InPage, type Place, path, TOUCHES_A_SECOND, touch } from '../hand.ts';
import { MEASURED, type Measured } from './page-probe.ts';

/** A drag lasts so long, seconds, and the hand rests after it until the matches hang, milliseconds. */
const DRAG_SECONDS = [0.9, 2.6] as const;
const REST_MS = 900;
/** Swings of a drag to and fro. */
const SWINGS = [0.5, 2] as const;
/** Every so many drags another garment is begun from, and the next dials are looked at. */
const DRAGS_A_GARMENT = 6;

export const PACE = `drags of ${DRAG_SECONDS.join(' to ')} s at ${TOUCHES_A_SECOND} touches a second, ${REST_MS / 1_000} s of rest after each, a tap on "Surprise me" after every ${DRAGS_A_GARMENT}`;

interface Track {
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** Where the thumb is. */
  readonly at: number;
}

/** Runs in the page: the tracks of the dials in sight, in CSS pixels of the screen. */
const TRACKS = `(view => [...view.shadowRoot.querySelector('ld-hands').shadowRoot.querySelectorAll('ld-dial')].map(dial => {
  const track = dial.shadowRoot.querySelector('.track').getBoundingClientRect();
  const thumb = dial.shadowRoot.querySelector('.thumb').getBoundingClientRect();
  return {
    y: thumb.y + thumb.height / 2,
    low: track.x + thumb.width / 2,
    high: track.right - thumb.width / 2,
    at: thumb.x + thumb.width / 2,
  };
}))(document.querySelector('ld-kiosk').shadowRoot.querySelector('ld-design'))`;

const SURPRISE = `(button => { const box = button.getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })
  (document.querySelector('ld-kiosk').shadowRoot.querySelector('ld-design').shadowRoot.querySelector('.action.surprise'))`;

export class Shopper {
  readonly #page: InPage;
  readonly #random: Random;
  #drags = 0;

  /** Of all drags so far, milliseconds. */
  dragging = 0;

  constructor(page: InPage, seed: number) {
    this.#page = page;
    this.#random = new Random(seed);
  }

  get drags(): number {
    return this.#drags;
  }

  /** One drag and its rest. */
  async drag(): Promise<void> {
    const tracks = await this.#page.evaluate<Track[]>(TRACKS);
    const track = tracks[Math.floor(this.#random.uniform() * tracks.length)];
    if (track === undefined) throw new Error('The shop window has no dials.');
    const { low, high, at, y } = track;
    const lasts = between(DRAG_SECONDS, this.#random.uniform());
    const swings = between(SWINGS, this.#random.uniform()) * (this.#random.uniform() < 0.5 ? -1 : 1);
    const reach = Math.min(at - low, high - at) > (high - low) / 8 ? Math.min(at - low, high - at) : (high - low) / 4;
    const swing = path(lasts, seconds => {
      const x = at + reach * Math.sin((2 * Math.PI * swings * seconds) / lasts);
      return { x: Math.max(low, Math.min(high, x)), y };
    });
    const began = performance.now();
    await touch(this.#page, swing);
    this.dragging += performance.now() - began;
    this.#drags++;
    await sleep(REST_MS);
    if (this.#drags % DRAGS_A_GARMENT === 0) await this.#surprise();
  }

  /** What the page has measured since it was last asked. */
  measured(): Promise<Measured> {
    return this.#page.evaluate<Measured>(`${MEASURED}()`);
  }

  async #surprise(): Promise<void> {
    await touch(this.#page, [await this.#page.evaluate<Place>(SURPRISE)]);
    await sleep(2 * REST_MS);
  }
}

const between = ([low, high]: readonly [number, number], part: number): number => low + part * (high - low);
