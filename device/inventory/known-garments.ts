/**
 * Garments that were read, kept ready until somebody else has written. Where the file is damaged by then, and cannot say how a
 * garment is now, it is shown on as it was: shoppers are served.
 */
import { isDatabaseDamaged } from '../errors.ts';
import type { Garment } from './garment.ts';

export class KnownGarments {
  #now = new Map<string, Garment>();
  /** As they were when somebody else wrote, of those that were not read since. */
  #before = new Map<string, Garment>();
  /** Whether `#now` has every garment. */
  #hasAll = false;

  /**
   * @param read undefined for one that there is not: SKUs from outside have no bound, and are not kept
   * @throws what `read` throws, but for damage where the garment was known
   */
  get(sku: string, read: (sku: string) => Garment | undefined): Garment | undefined {
    const known = this.#now.get(sku);
    if (known !== undefined) return known;
    const garment = this.#orBefore(sku, read);
    this.#before.delete(sku);
    if (garment !== undefined) this.#now.set(sku, garment);
    return garment;
  }

  #orBefore(sku: string, read: (sku: string) => Garment | undefined): Garment | undefined {
    try {
      return read(sku);
    } catch (error) {
      const before = this.#before.get(sku);
      if (before === undefined || !isDatabaseDamaged(error)) throw error;
      return before;
    }
  }

  /** Every garment. @param read all there are; asked once */
  every(read: () => Iterable<Garment>): Iterable<Garment> {
    if (!this.#hasAll) {
      this.forget();
      for (const garment of read()) {
        this.#now.set(garment.sku, garment);
        this.#before.delete(garment.sku);
      }
      this.#before.clear();
      this.#hasAll = true;
    }
    return this.#now.values();
  }

  /** A garment has changed, and is so now. */
  update(garment: Garment): void {
    const { sku } = garment;
    if (this.#hasAll || this.#now.has(sku) || this.#before.delete(sku)) this.#now.set(sku, garment);
  }

  /** Somebody else has written: each is read anew when it is asked for. */
  forget(): void {
    if (this.#hasAll || this.#before.size === 0) this.#before = this.#now;
    else for (const [sku, garment] of this.#now) this.#before.set(sku, garment);
    this.#now = new Map();
    this.#hasAll = false;
  }
}
