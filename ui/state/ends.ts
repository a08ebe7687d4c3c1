import type { Asked, Point } from '../lib/api.ts';
import type { Picture } from '../lib/dial-answer.ts';

export interface EndPictures {
  readonly low: Picture;
  readonly high: Picture;
  /** False while the garment is no longer the one they were made of. */
  readonly fresh: boolean;
}

/**
 * What each dial's two ends would make of the garment as it is now: fetched one dial after the other while the hand rests,
 * and given up as soon as it moves, so that they never stand in the picture's way.
 */
export class Ends {
  readonly #api: Pick<Asked, 'generate'>;
  readonly #changed: () => void;
  readonly #pictures = new Map<number, { low: Picture; high: Picture; round: number }>();
  #round = 0;

  constructor(api: Pick<Asked, 'generate'>, changed: () => void) {
    this.#api = api;
    this.#changed = changed;
  }

  of(dial: number): EndPictures | undefined {
    const known = this.#pictures.get(dial);
    return known && { low: known.low, high: known.high, fresh: known.round === this.#round };
  }

  /** The garment has changed. */
  stop(): void {
    this.#round += 1;
  }

  /** The shopper has gone. */
  forget(): void {
    this.stop();
    this.#pictures.clear();
  }

  /**
   * @param ends The two points of a dial. Fails as the API does; what has come by then stays.
   * @returns whether all are there
   */
  async fetch(dials: readonly number[], ends: (dial: number) => { low: Point; high: Point }): Promise<boolean> {
    const round = ++this.#round;
    for (const dial of dials) {
      const { low, high } = ends(dial);
      const [atLow, atHigh] = await Promise.all([this.#api.generate(low), this.#api.generate(high)]);
      if (round !== this.#round) return false;
      this.#pictures.set(dial, { low: atLow, high: atHigh, round });
      this.#changed();
    }
    return round === this.#round;
  }
}
