/**
 * The map of a store: where each garment lies on the sheet, and the style families as its places. A store that has hardly
 * changed keeps its map, and what is new is put among its neighbours: whoever knows the way still does.
 */
import { kl } from '../divergence.ts';
import type { EncodingIndex } from '../index-file.ts';
import type { Posterior } from '../posterior.ts';
import { clusterStyles } from '../style-families.ts';
import { layOut, onto, thickestOf } from './lay-out.ts';
import { PairTable } from './neighbours.ts';
import { LANDMARKS, placeBy, projectStore } from './project.ts';

/** A style family as a place. */
export interface MapPlace {
  /** Where its garments lie the thickest, on the sheet. */
  readonly x: number;
  readonly y: number;
  /** The SKU of the garment that stands for it. */
  readonly medoid: string;
  /** The moment match of its garments, by which one that arrives is found to be of it. */
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
}

export interface StoreMap {
  /** SHA-256 in hex of the encoder, and of the index file that this is the map of. */
  readonly encoderDigest: string;
  readonly indexDigest: string;
  readonly latentDim: number;
  /** Garments there were when the store was projected last. */
  readonly projected: number;
  /** Garments that have come, gone or been encoded anew since. */
  readonly drift: number;
  readonly skus: readonly string[];
  /** The first four bytes of what each garment was encoded from: it lies elsewhere once that is another. */
  readonly pictures: Uint32Array;
  /** x and y of each garment on the sheet. */
  readonly xy: Uint16Array;
  /** The place that each garment belongs to. */
  readonly place: Uint8Array;
  readonly places: readonly MapPlace[];
}

/** The same store has the same families whenever it is asked: `GET /api/v1/styles` begins with it too. */
export const STYLES_SEED = 1;
/** With so much drift, in parts of what was projected, the store is projected anew. */
const MOST_DRIFT = 0.1;

const pictureOf = (index: EncodingIndex, row: number): number => {
  const digest = index.pictureSha256(row);
  return digest === undefined ? 0 : new DataView(digest.buffer, digest.byteOffset, 4).getUint32(0);
};

const described = (index: EncodingIndex, indexDigest: string) => {
  const rows = Array.from({ length: index.count }, (_, row) => row);
  return {
    encoderDigest: index.encoderDigest,
    indexDigest,
    latentDim: index.latentDim,
    skus: rows.map(row => index.sku(row)),
    pictures: Uint32Array.from(rows, row => pictureOf(index, row)),
  };
};

/**
 * The map of an index. It takes seconds: for a thread of its own.
 * @param previous the map there was before; used where it is of the same encoder and little has changed
 */
export function makeMap(
  index: EncodingIndex,
  indexDigest: string,
  previous?: StoreMap,
  landmarks = LANDMARKS,
): StoreMap {
  return (previous && keepMap(index, indexDigest, previous)) ?? projectMap(index, indexDigest, landmarks);
}

function projectMap(index: EncodingIndex, indexDigest: string, landmarks: number): StoreMap {
  const { families } = clusterStyles(index, { seed: STYLES_SEED });
  const place = new Uint8Array(index.count);
  families.forEach(({ rows }, family) => {
    for (const row of rows) place[row] = family;
  });
  const xy = layOut(projectStore(index, place, landmarks));
  const places = families.map(({ rows, medoid, mu, sigma }) => ({
    ...thickestOf(xy, rows),
    medoid: index.sku(medoid),
    mu: Array.from(mu),
    sigma: Array.from(sigma),
  }));
  return { ...described(index, indexDigest), projected: index.count, drift: 0, xy, place, places };
}

/** @returns undefined where too much has changed */
function keepMap(index: EncodingIndex, indexDigest: string, previous: StoreMap): StoreMap | undefined {
  const { encoderDigest, latentDim } = index;
  if (previous.encoderDigest !== encoderDigest || previous.latentDim !== latentDim) return undefined;
  const now = described(index, indexDigest);
  const before = new Map(previous.skus.map((sku, at) => [sku, at]));
  const from = now.skus.map((sku, row) => {
    const at = before.get(sku) ?? -1;
    return at >= 0 && previous.pictures[at] === now.pictures[row] ? at : -1;
  });
  const kept = from.flatMap((at, row) => (at < 0 ? [] : [row]));
  const drift = previous.drift + Math.max(previous.skus.length, index.count) - kept.length;
  if (kept.length === 0 || drift > MOST_DRIFT * previous.projected) return undefined;
  const xy = new Uint16Array(2 * index.count);
  const place = new Uint8Array(index.count);
  for (const row of kept) {
    const at = from[row]!;
    xy.set(previous.xy.subarray(2 * at, 2 * at + 2), 2 * row);
    place[row] = previous.place[at]!;
  }
  const arrived = from.flatMap((at, row) => (at < 0 ? [row] : []));
  const placing = new Placing(index, kept, xy, previous.places, index.tolerance);
  for (const row of arrived) {
    const found = placing.of(index.posterior(row));
    xy.set([found.x, found.y], 2 * row);
    place[row] = found.place;
  }
  const places = previous.places.map((one, at) => ({
    ...one,
    medoid: standingFor(one, at, { skus: now.skus, xy, place }),
  }));
  return { ...now, projected: previous.projected, drift, xy, place, places };
}

/** The garment that stands for a place: the one that did, or the nearest to the place's middle. */
function standingFor(
  { x, y, medoid }: MapPlace,
  at: number,
  { skus, xy, place }: Pick<StoreMap, 'skus' | 'xy' | 'place'>,
): string {
  let best = { sku: medoid, apart: Number.POSITIVE_INFINITY };
  for (const [row, sku] of skus.entries()) {
    if (sku === medoid) return sku;
    if (place[row] !== at) continue;
    const apart = Math.hypot(xy[2 * row]! - x, xy[2 * row + 1]! - y);
    if (apart < best.apart) best = { sku, apart };
  }
  return best.sku;
}

/** Puts garments that a map does not have among those it has. */
export class Placing {
  readonly #table: PairTable;
  readonly #positions: Float64Array;
  readonly #families: readonly Posterior[];
  readonly #tolerance: number;

  /**
   * @param rows of the garments that have a position
   * @param xy by row
   */
  constructor(
    index: EncodingIndex,
    rows: readonly number[],
    xy: ArrayLike<number>,
    places: readonly MapPlace[],
    tolerance: number,
  ) {
    this.#table = new PairTable(index, rows, index.latentDim, tolerance);
    this.#positions = Float64Array.from(rows.flatMap(row => [xy[2 * row]!, xy[2 * row + 1]!]));
    this.#families = places.map(({ mu, sigma }) => ({ mu: Float64Array.from(mu), sigma: Float64Array.from(sigma) }));
    this.#tolerance = tolerance;
  }

  of(posterior: Posterior): { x: number; y: number; place: number } {
    const { latentDim } = this.#table;
    const asked = new PairTable({ posterior: () => posterior }, [0], latentDim, this.#tolerance, this.#table);
    const [x, y] = placeBy(asked, 0, this.#table, this.#positions);
    let best = { place: 0, loss: Number.POSITIVE_INFINITY };
    this.#families.forEach((family, place) => {
      const loss = kl(posterior, family);
      if (loss < best.loss) best = { place, loss };
    });
    return { x: onto(x), y: onto(y), place: best.place };
  }
}
