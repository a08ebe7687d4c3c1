/** "Surprise me": a garment in stock, then a point its posterior gives (matching.md, section 6). */
import type { Garments } from './garments.ts';
import type { Random } from './random.ts';

export interface Surprise {
  readonly row: number;
  /** Drawn from q(z|x) of that garment: never from N(0, I), which has holes. */
  readonly z: Float64Array;
}

/**
 * @param allowed one byte a row, 0 leaves the garment out
 * @returns undefined where no garment is allowed
 */
export function drawSurprise(index: Garments, random: Random, allowed?: Uint8Array): Surprise | undefined {
  const rows: number[] = [];
  for (let row = 0; row < index.count; row += 1) if (allowed === undefined || allowed[row] !== 0) rows.push(row);
  if (rows.length === 0) return undefined;
  const row = rows[random.integer(rows.length)]!;
  const { mu, sigma } = index.posterior(row);
  return { row, z: Float64Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal()) };
}
