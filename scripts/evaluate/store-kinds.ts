/**
 * The kinds of a store as a conditional bundle knows them. Its points mean a garment only together with the kind that was
 * chosen, and the kiosk then shows that kind alone: so a point is matched with the garments of its kind.
 */
import type { Bundle } from '../../device/inference/bundle.ts';
import { conditionOf, type Garments } from './garments.ts';

export class StoreKinds {
  /** The condition of each row; undefined for a bundle without conditions. */
  readonly #conditions: readonly (string | undefined)[];
  readonly #allowed = new Map<string, Uint8Array>();

  /** @param count rows of the index */
  constructor({ manifest }: Pick<Bundle, 'manifest'>, garments: Pick<Garments, 'category'>, count: number) {
    const { conditions } = manifest;
    this.#conditions = Array.from({ length: count }, (_, row) =>
      conditions === undefined ? undefined : conditionOf(conditions, garments.category(row)),
    );
    this.#conditions.forEach((condition, row) => {
      if (condition === undefined) return;
      const allowed = this.#allowed.get(condition) ?? new Uint8Array(count);
      allowed[row] = 1;
      this.#allowed.set(condition, allowed);
    });
  }

  /** What a bundle is asked with for the garment of a row. */
  of(row: number): string | undefined {
    return this.#conditions[row];
  }

  /** One byte a row, 1 for the garments of a condition; undefined where all are meant. */
  allowed(condition: string | undefined): Uint8Array | undefined {
    return condition === undefined ? undefined : this.#allowed.get(condition);
  }
}
