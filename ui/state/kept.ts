import type { Garment } from '../lib/api.ts';

/** Most garments that are kept: what one carries to the rails, and what still fits into a code that a phone reads at once. */
export const MOST_KEPT = 12;

/** A garment that the shopper keeps, as it was when they kept it. */
export type KeptGarment = Pick<Garment, 'sku' | 'title' | 'category' | 'price' | 'currency' | 'location' | 'image'> & {
  /** The size they want, where they said one. */
  readonly size?: string;
};

/** What one shopper keeps, first kept first, in memory only. Says `change` whenever it is another. */
export class Kept extends EventTarget {
  #garments: readonly KeptGarment[] = [];

  get garments(): readonly KeptGarment[] {
    return this.#garments;
  }

  /** Nothing more can be kept until something is let go. */
  get full(): boolean {
    return this.#garments.length >= MOST_KEPT;
  }

  has(sku: string): boolean {
    return this.#garments.some(garment => garment.sku === sku);
  }

  /**
   * Keeps a garment. One that is kept already stays in its place, with the size said last.
   * @returns false where the list is full
   */
  add(garment: KeptGarment): boolean {
    const { sku, title, category, price, currency, location, image, size } = garment;
    // Only this: a match brings more along, which would lie in memory for nothing.
    const kept = { sku, title, category, price, currency, location, image, ...(size === undefined ? {} : { size }) };
    const at = this.#garments.findIndex(known => known.sku === sku);
    if (at < 0 && this.full) return false;
    this.#put(at < 0 ? [...this.#garments, kept] : this.#garments.with(at, kept));
    return true;
  }

  remove(sku: string): void {
    if (this.has(sku)) this.#put(this.#garments.filter(garment => garment.sku !== sku));
  }

  /** Another list in the place of this one, as an undo brings it back. */
  put(garments: readonly KeptGarment[]): void {
    if (garments !== this.#garments) this.#put(garments);
  }

  /** The shopper has gone. */
  wipe(): void {
    if (this.#garments.length > 0) this.#put([]);
  }

  #put(garments: readonly KeptGarment[]): void {
    this.#garments = garments;
    this.dispatchEvent(new Event('change'));
  }
}
