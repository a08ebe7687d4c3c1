/** "Surprise me": a garment in stock, then a point its posterior gives (matching.md, section 6). */
import type { Garments } from './garments.ts';
import { logLikelihood } from './likelihood.ts';
import { logSumExp } from './log-sum-exp.ts';
import type { Random } from './random.ts';

export interface Surprise {
  readonly row: number;
  /** Drawn from q(z|x) of that garment: never from N(0, I), which has holes. */
  readonly z: Float64Array;
}

/** Dials that stay as they are. */
export interface Locked {
  /** Their dimensions, at least one. */
  readonly on: readonly number[];
  /** The point as it stands, n numbers. */
  readonly z: ArrayLike<number>;
  /** tau by which garments are weighed, in units of z: without it nearly always the same one is drawn. */
  readonly tolerance: number;
}

/**
 * With `locked` a draw from the aggregated posterior given the locked dimensions: a garment as likely as it makes them, then the
 * other dimensions from its posterior.
 * @param allowed one byte a row, 0 leaves the garment out
 * @returns undefined where no garment is allowed
 */
export function drawSurprise(
  index: Garments,
  random: Random,
  allowed?: Uint8Array,
  locked?: Locked,
): Surprise | undefined {
  const rows: number[] = [];
  for (let row = 0; row < index.count; row += 1) if (allowed === undefined || allowed[row] !== 0) rows.push(row);
  if (rows.length === 0) return undefined;
  const row = locked === undefined ? rows[random.integer(rows.length)]! : drawLike(index, rows, locked, random);
  const { mu, sigma } = index.posterior(row);
  const z = Float64Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal());
  for (const d of locked?.on ?? []) z[d] = locked!.z[d]!;
  return { row, z };
}

function drawLike(index: Garments, rows: readonly number[], { on, z, tolerance }: Locked, random: Random): number {
  const scores = Float64Array.from(rows, row => logLikelihood(z, index.posterior(row), { on, tolerance }));
  const total = logSumExp(scores);
  let left = random.uniform();
  for (const [place, row] of rows.entries()) {
    left -= Math.exp(scores[place]! - total);
    if (left < 0) return row;
  }
  return rows.at(-1)!;
}
