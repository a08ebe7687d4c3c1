import { ApiError, type Asked, type Point, type Question } from '../lib/api.ts';
import type { Place } from './look.ts';
import type { Shop } from './shop.ts';

/** A point of the model, and the kind to draw it as where it is another than now. */
export interface Found {
  readonly z: readonly number[];
  readonly kind?: string | undefined;
}

/** Where garments lie, on the dials of the model that serves. Every method fails as the API does. */
export class Finder {
  readonly #api: Asked;
  readonly #shop: Shop;

  constructor(api: Asked, shop: Shop) {
    this.#api = api;
    this.#shop = shop;
  }

  /** The garment itself. */
  async garment(sku: string): Promise<Found> {
    const [{ mu }, kind] = await Promise.all([this.#api.posterior(sku), this.kindOf(sku)]);
    return { z: mu, ...kind };
  }

  /** What a model that is told the kind must be told to draw a garment; nothing where it is told none, or not this one. */
  async kindOf(sku: string): Promise<{ kind?: string }> {
    const known = this.#shop.model?.conditions?.categories;
    if (known === undefined) return {};
    const { category } = await this.#api.item(sku);
    return category !== null && known.includes(category) ? { kind: category } : {};
  }

  /** The garment nearest to a point; undefined where none passes. */
  async nearest(question: Question): Promise<Found | undefined> {
    const { matches } = await this.#api.match({ ...question, k: 1 });
    return matches[0] === undefined ? undefined : { z: (await this.#api.posterior(matches[0].sku)).mu };
  }

  toDials(z: readonly number[]): number[] | undefined {
    return this.#shop.map?.toDials(z);
  }

  pointAt(dials: readonly number[], kind: string | undefined): Point {
    const known = this.#shop.model?.conditions?.categories;
    const condition = kind !== undefined && known?.includes(kind) ? { condition: { category: kind } } : {};
    return { z: this.#shop.map?.toZ(dials) ?? [...dials], ...condition };
  }

  /** The two ends of a dial, the others as they stand. */
  endsAt(dials: readonly number[], dial: number, kind: string | undefined): { low: Point; high: Point } {
    const range = this.#shop.model?.range ?? 0;
    const at = (value: number): Point => this.pointAt(dials.with(dial, value), kind);
    return { low: at(-range), high: at(range) };
  }

  /**
   * Where to begin: in the middle of all dials, between all kinds, lies no garment.
   * @param anchor a garment to begin with, if it is still there
   */
  async beginning(anchor?: string): Promise<Omit<Place, 'choices'>> {
    const { model } = this.#shop;
    const middle = new Array<number>(model?.latentDim ?? 0).fill(0);
    for (const pick of [async () => anchor, async () => (await this.#api.surprise(undefined)).sku]) {
      try {
        const sku = await pick();
        if (sku === undefined) continue;
        const { z, kind } = await this.garment(sku);
        return { dials: this.toDials(z) ?? middle, kind };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    }
    return { dials: middle, kind: model?.conditions?.default };
  }
}
