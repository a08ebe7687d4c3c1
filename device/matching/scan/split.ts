/** The kd-split: garments into regions of equal number, halving by whichever of mu and sigma tells scores apart most. */
import type { Gaussians } from '../score-tables.ts';
import { selectNth } from './select.ts';

/** Garments looked at to choose what to split by. */
const SAMPLE = 600;
/** How much of the spread of mu over the whole store a query's distance to a garment is expected to have. */
const DISTANCE = 0.3;

interface Node {
  readonly start: number;
  readonly regions: number;
}

/**
 * What to split `rows` by: dimension d's mu as d, its sigma as n + d. A split is worth the spread of scores it takes away:
 * of mu measured in sigmas, or of log sigma (nearly its relative spread) times what a score has of it.
 */
function splitBy({ latentDim, mu, sigma }: Gaussians, rows: Uint32Array): number {
  const looked = Math.min(SAMPLE, rows.length);
  let [best, most] = [0, -1];
  for (let d = 0; d < latentDim; d += 1) {
    let [mean, squares, spread, spreadSquares, precision] = [0, 0, 0, 0, 0];
    for (let i = 0; i < looked; i += 1) {
      const place = rows[Math.floor((i * rows.length) / looked)]! * latentDim + d;
      const [m, s] = [mu[place]!, sigma[place]!];
      mean += m / looked;
      squares += (m * m) / looked;
      spread += s / looked;
      spreadSquares += (s * s) / looked;
      precision += 1 / (s * s) / looked;
    }
    const byMu = (squares - mean * mean) * precision;
    const bySigma = (spreadSquares / (spread * spread) - 1) * (1 + DISTANCE * precision);
    if (byMu > most) [best, most] = [d, byMu];
    if (bySigma > most) [best, most] = [latentDim + d, bySigma];
  }
  return best;
}

/**
 * Puts every row into a slot of `rows`, region after region of `regionSize` (the last may hold fewer).
 * Yields the share done, 0 to 1.
 */
export function* splitIntoRegions(store: Gaussians, regionSize: number, rows: Uint32Array): Generator<number> {
  const { count, latentDim, mu, sigma } = store;
  for (let row = 0; row < count; row += 1) rows[row] = row;
  const keys = new Float32Array(count);
  const regions = Math.ceil(count / regionSize);
  const open: Node[] = [{ start: 0, regions }];
  let closed = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { start } = node;
    const end = Math.min(count, start + node.regions * regionSize);
    if (node.regions <= 1) {
      closed += 1;
      yield closed / regions;
      continue;
    }
    const by = splitBy(store, rows.subarray(start, end));
    const numbers = by < latentDim ? mu : sigma;
    const d = by % latentDim;
    for (let slot = start; slot < end; slot += 1) keys[slot] = numbers[rows[slot]! * latentDim + d]!;
    const left = node.regions >> 1;
    const cut = start + left * regionSize;
    selectNth(keys, rows, start, end, cut);
    open.push({ start: cut, regions: node.regions - left }, { start, regions: left });
  }
}
