/** The yardstick of each kind that is asked about, kept with the edition until its garments are others. */
import type { Catalogue } from '../inventory/catalogue.ts';
import { everyDimension } from '../matching/likelihood.ts';
import { type Yardstick, yardstickOf } from '../matching/yardstick.ts';
import type { Edition } from './edition.ts';

/** Kinds and choices of dials that are kept at once. */
const KEPT = 64;

interface Asked {
  /** The kinds that are looked at; all where left out. */
  readonly categories: readonly string[] | undefined;
  /** Dimensions that count; all where left out. */
  readonly on: readonly number[] | undefined;
  readonly tolerance: number;
}

interface Kept {
  readonly changes: number;
  readonly count: number;
  readonly yardstick: Yardstick;
}

const kept = new WeakMap<Edition, Map<string, Kept>>();

/** By the garments of these kinds, sold out ones too: what is close does not depend on what was sold this morning. */
export function yardstickFor(edition: Edition, catalogue: Catalogue, { categories, on, tolerance }: Asked): Yardstick {
  const { garments } = edition;
  const { mask, count } = catalogue.allowed(
    { ...(categories === undefined ? {} : { categories }), inStock: false },
    garments,
  );
  const dimensions = on?.toSorted((a, b) => a - b) ?? everyDimension(edition.bundle.manifest.latentDim);
  const known = kept.get(edition) ?? new Map<string, Kept>();
  kept.set(edition, known);
  const key = JSON.stringify([categories?.toSorted() ?? null, dimensions, tolerance]);
  const found = known.get(key);
  if (found?.changes === garments.changes && found.count === count) return found.yardstick;
  const rows: number[] = [];
  for (let row = 0; row < mask.length; row += 1) if (mask[row] !== 0) rows.push(row);
  const yardstick = yardstickOf(garments, rows, dimensions, tolerance);
  known.delete(key);
  known.set(key, { changes: garments.changes, count, yardstick });
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return yardstick;
}
