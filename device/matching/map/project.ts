/**
 * The store in two dimensions: UMAP (McInnes, Healy & Melville 2018) over each garment's nearest by Jeffreys divergence. It begins
 * from the principal components, so that the same store lies the same way up whenever it is projected, and holds the style
 * families together, so that each of them is a place.
 */
import { UMAP } from 'umap-js';
import type { EncodingIndex } from '../index-file.ts';
import { everyDimension } from '../likelihood.ts';
import { Random } from '../random.ts';
import { nearestOf, PairTable } from './neighbours.ts';
import { principalPlane } from './principal-plane.ts';

/** Neighbours that a garment is held to, itself among them, as UMAP counts. */
const NEIGHBOURS = 15;
const MIN_DISTANCE = 0.1;
/** How much the families weigh against the neighbours, 0 to 1: so much that each is an island, and neighbours stay neighbours. */
const FAMILY_WEIGHT = 0.2;
/** Garments that are projected: of a larger store so many are drawn, and the rest are placed by them. */
export const LANDMARKS = 5_000;
/** The plane's half width, in UMAP's own unit, to begin with. */
const HALF = 10;
const SEED = 1;

/**
 * @param family of each row of the index
 * @returns 2 numbers a row: x and y, in no unit
 */
export function projectStore(index: EncodingIndex, family: ArrayLike<number>, landmarks = LANDMARKS): Float64Array {
  const { count, latentDim, tolerance } = index;
  const random = new Random(SEED);
  const rows = count <= landmarks ? everyDimension(count) : random.sample(landmarks, count);
  const table = new PairTable(index, rows, latentDim, tolerance);
  const projected = projectTable(
    table,
    rows.map(row => family[row]!),
    random,
  );
  if (rows.length === count) return projected;
  const positions = new Float64Array(2 * count).fill(Number.NaN);
  for (const [place, row] of rows.entries()) positions.set(projected.subarray(2 * place, 2 * place + 2), 2 * row);
  const rest = everyDimension(count).filter(row => Number.isNaN(positions[2 * row]!));
  const asked = new PairTable(index, rest, latentDim, tolerance, table);
  for (const [place, row] of rest.entries()) positions.set(placeBy(asked, place, table, projected), 2 * row);
  return positions;
}

function projectTable(table: PairTable, family: number[], random: Random): Float64Array {
  const plane = principalPlane(table, HALF);
  if (table.count <= NEIGHBOURS) return plane;
  const nearest = family.map((_, place) => nearestOf(table, place, table, NEIGHBOURS - 1, place));
  const umap = new UMAP({ nNeighbors: NEIGHBOURS, minDist: MIN_DISTANCE, random: () => random.uniform() });
  umap.setPrecomputedKNN(
    nearest.map(({ places }, place) => [place, ...places]),
    // The root of a divergence is what behaves like a distance.
    nearest.map(({ divergences }) => [0, ...divergences.map(Math.sqrt)]),
  );
  umap.setSupervisedProjection(family, { targetWeight: FAMILY_WEIGHT });
  // With its neighbours given it asks of the points how many there are, and no more.
  const epochs = umap.initializeFit(family.map(one => [one]));
  // It would begin at random places; they are its own arrays, and are given the plane's in their stead.
  const embedding = umap.getEmbedding();
  embedding.forEach((point, place) => {
    point[0] = plane[2 * place]!;
    point[1] = plane[2 * place + 1]!;
  });
  for (let epoch = 0; epoch < epochs; epoch += 1) umap.step();
  return Float64Array.from(embedding.flat());
}

/** Nearest garments that one is placed by. */
const PLACED_BY = 5;

/**
 * Where a garment goes that was not projected: among its nearest, each pulling by how near it is.
 * @param positions 2 numbers for each place of `table`
 */
export function placeBy(
  asked: PairTable,
  place: number,
  table: PairTable,
  positions: ArrayLike<number>,
): [x: number, y: number] {
  const { places, divergences } = nearestOf(asked, place, table, PLACED_BY, -1);
  const [first = 0] = divergences;
  let [x, y, all] = [0, 0, 0];
  places.forEach((other, rank) => {
    const pull = 1 / (divergences[rank]! + first + 1e-9) ** 2;
    x += pull * positions[2 * other]!;
    y += pull * positions[2 * other + 1]!;
    all += pull;
  });
  return all === 0 ? [0, 0] : [x / all, y / all];
}
