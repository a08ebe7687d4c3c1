/** Sums of exponentials that neither overflow nor vanish. */

/** exp(-50) of the largest term: a million such terms do not change the 15th digit of a sum. */
export const NEGLIGIBLE = 50;

/**
 * log sum exp of scores, over the rows allowed (all by default); -Infinity over none.
 * @param allowed one byte a row, 0 leaves it out
 */
export function logSumExp(scores: Float64Array, allowed?: Uint8Array): number {
  let largest = -Infinity;
  for (let row = 0; row < scores.length; row += 1) {
    if (scores[row]! > largest && (allowed === undefined || allowed[row] !== 0)) largest = scores[row]!;
  }
  if (largest === -Infinity) return -Infinity;
  const least = largest - NEGLIGIBLE;
  let sum = 0;
  for (let row = 0; row < scores.length; row += 1) {
    if (scores[row]! >= least && (allowed === undefined || allowed[row] !== 0)) sum += Math.exp(scores[row]! - largest);
  }
  return largest + Math.log(sum);
}
