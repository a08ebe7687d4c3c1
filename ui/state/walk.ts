import { ApiError, type Asked, DaemonGone, type Point } from '../lib/api.ts';
import { pauseBefore } from '../lib/backoff.ts';
import type { Picture } from '../lib/dial-answer.ts';
import { mixed } from '../lib/mix.ts';
import { type Clock, clock } from '../lib/rest.ts';

/** How long one garment takes to become the next, and how long it then lies there, milliseconds. */
export const BECOME_MS = 7_000;
export const LIE_MS = 4_500;
/** Where less motion was asked for, one garment lies there for this long, and the next takes its place. */
export const STILL_MS = 12_000;
/** Pictures are at least so far apart; and the box rests four times as long as it takes to decode and draw one, so that a window costs little. */
const LEAST_STEP_MS = 50;
const REST = 4;
/** Most of the way that one picture goes. */
const LARGEST_STEP = 1 / 40;
/** Where the store has nothing in stock, it is looked again so often, milliseconds. */
const EMPTY_MS = 20_000;
/** Draws for another garment than the one that lies there. */
const DRAWS = 4;

export interface WalkClock extends Clock {
  /** Milliseconds. */
  now(): number;
}

const walkClock: WalkClock = { ...clock, now: () => performance.now() };

type WalkAsked = Pick<Asked, 'surprise' | 'posterior' | 'item' | 'generate'>;

interface Stand {
  readonly sku: string;
  /** The mean of its posterior. */
  readonly z: readonly number[];
  /** What a model that is told the kind is told. */
  readonly condition: Point['condition'];
}

const eased = (part: number): number => part * part * (3 - 2 * part);

/**
 * Garments of the store, one becoming another: a walk in a straight line between the means of their posteriors, decoded on the way.
 * It goes on until it is stopped, over whatever fails. Says `change` with each new picture.
 */
export class Walk extends EventTarget {
  readonly #api: WalkAsked;
  readonly #time: WalkClock;
  #round = 0;

  picture: Picture | undefined;
  /** True once it is known that there is nothing to show. */
  empty = false;

  constructor(api: WalkAsked, time: WalkClock = walkClock) {
    super();
    this.#api = api;
    this.#time = time;
  }

  get walking(): boolean {
    return this.#round % 2 === 1;
  }

  /** @param kinds those that the model is told, where it is told any @param still one garment after the other, without a way between */
  start(kinds: readonly string[], still: boolean): void {
    if (this.walking) return;
    this.#round += 1;
    void this.#run(this.#round, kinds, still);
  }

  /** At once: a picture that is on its way is dropped. */
  stop(): void {
    if (this.walking) this.#round += 1;
  }

  async #run(round: number, kinds: readonly string[], still: boolean): Promise<void> {
    const on = (): boolean => round === this.#round;
    let stand: Stand | undefined;
    for (let failures = 0; on(); ) {
      try {
        const next = await this.#another(stand, kinds);
        if (!on()) return;
        if (stand === undefined || still) this.#show(await this.#decode(next.z, next.condition), on);
        else await this.#become(stand, next, on);
        stand = next;
        failures = 0;
        await this.#pause(still ? STILL_MS : LIE_MS);
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof DaemonGone)) throw error;
        await this.#pause(on() && this.#isEmpty(error) ? EMPTY_MS : pauseBefore(failures++));
      }
    }
  }

  #isEmpty(error: unknown): boolean {
    const empty = error instanceof ApiError && error.code === 'no-match-allowed';
    if (empty !== this.empty) {
      this.empty = empty;
      this.#changed();
    }
    return empty;
  }

  async #another(stand: Stand | undefined, kinds: readonly string[]): Promise<Stand> {
    let sku = stand?.sku;
    for (let draw = 0; draw < DRAWS && sku === stand?.sku; draw++) ({ sku } = await this.#api.surprise(undefined));
    const [{ mu }, category] = await Promise.all([
      this.#api.posterior(sku!),
      kinds.length === 0 ? null : this.#api.item(sku!).then(item => item.category),
    ]);
    return {
      sku: sku!,
      z: mu,
      condition: category !== null && kinds.includes(category) ? { category } : undefined,
    };
  }

  async #become(from: Stand, to: Stand, on: () => boolean): Promise<void> {
    let before = this.#time.now();
    for (let part = 0; part < 1 && on(); ) {
      const asked = this.#time.now();
      // A slow box takes longer over it, and shows no leaps.
      part = Math.min(1, part + Math.min(LARGEST_STEP, (asked - before) / BECOME_MS));
      before = asked;
      this.#show(await this.#between(from, to, eased(part)), on);
      // By then it is drawn, too.
      await this.#pause(0);
      await this.#pause(Math.max(LEAST_STEP_MS, REST * (this.#time.now() - asked)));
    }
  }

  /** Between two kinds the model has no kind: both are drawn at the same point, and the one fades into the other's outline. */
  async #between(from: Stand, to: Stand, part: number): Promise<Picture> {
    const z = from.z.map((start, at) => start + (to.z[at]! - start) * part);
    if (from.condition?.category === to.condition?.category) return await this.#decode(z, to.condition);
    if (part === 0 || part === 1) return await this.#decode(z, part === 0 ? from.condition : to.condition);
    return mixed(await this.#decode(z, from.condition), await this.#decode(z, to.condition), part);
  }

  #decode(z: readonly number[], condition: Point['condition']): Promise<Picture> {
    return this.#api.generate({ z, ...(condition === undefined ? {} : { condition }) });
  }

  #show(picture: Picture, on: () => boolean): void {
    if (!on()) return;
    this.picture = picture;
    this.empty = false;
    this.#changed();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise(go => this.#time.after(milliseconds, go));
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
