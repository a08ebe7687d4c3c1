/** Encodings far outside the usual sigma: mostly bad photographs, worth a look. */
import type { Posterior } from '../matching/posterior.ts';

/** Fewer garments have no usual. */
const FEWEST = 30;
/** Robust standard deviations that are far outside; a normal store has one in 500 million there. */
const FAR = 6;
/** Spread of the mean log sigma below which differences mean nothing, so that a store of equals has no outliers. */
const LEAST_SPREAD = 0.02;
/** Median absolute deviation times this is the standard deviation of a normal distribution. */
const MAD_TO_SD = 1.4826;

const median = (values: Float64Array): number => {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
};

const meanLogSigma = ({ sigma }: Posterior): number => {
  let sum = 0;
  for (const value of sigma) sum += Math.log(value);
  return sum / sigma.length;
};

/**
 * Garments whose mean log sigma is more than 6 robust standard deviations from the median.
 * @returns SKU and a sentence, in the order given
 */
export function unusualSigmas(
  entries: readonly ({ readonly sku: string } & Posterior)[],
): { readonly sku: string; readonly reason: string }[] {
  if (entries.length < FEWEST) return [];
  const means = Float64Array.from(entries, meanLogSigma);
  const usual = median(means);
  const spread = Math.max(MAD_TO_SD * median(means.map(value => Math.abs(value - usual))), LEAST_SPREAD);
  return entries.flatMap(({ sku }, place) => {
    const off = (means[place] ?? usual) - usual;
    if (Math.abs(off) <= FAR * spread) return [];
    const times = Math.exp(Math.abs(off)).toFixed(1);
    const reason = `The encoder is ${times} times as ${off > 0 ? 'unsure' : 'sure'} of its picture as of the usual one: look at the photograph.`;
    return [{ sku, reason }];
  });
}
