/** What a store's typicality is made of, by the scan: for large stores it is many times faster than every garment against every other. */
import { NEGLIGIBLE } from '../log-sum-exp.ts';
import type { Gaussians } from '../score-tables.ts';
import { clearQuery } from './answer.ts';
import { layOut, MOST_PAGES } from './lay-out.ts';
import type { ScanParts } from './parts.ts';
import { ScanSearch } from './scan-search.ts';

/** Where the first garments show that more than one in so many counts, scoring all of them is faster. */
const MANY = 12;
const TRIED = 16;

/**
 * log sum over all garments but itself of q(mu of the row|x), for each of `rows`; undefined where the codes tell too few of the
 * garments apart for the scan to be of use. Takes as much memory again as the store and its parts.
 * @param store within `DOMAIN`
 * @param progress told the share done, 0 to 1
 */
export function typicalSums(
  kernel: WebAssembly.Module,
  store: Gaussians,
  parts: ScanParts,
  tolerance: number,
  rows: readonly number[],
  progress: (share: number) => void,
): Float64Array | undefined {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
  const layout = layOut(memory, store, parts, { threads: 1, tailCapacity: 0, tolerance });
  if (!layout.inDomain) return undefined;
  const search = new ScanSearch(kernel, memory, layout);
  const sums = new Float64Array(rows.length);
  let scored = 0;
  for (const [place, row] of rows.entries()) {
    clearQuery({ memory, layout });
    sums[place] = search.sumWithout(row, NEGLIGIBLE);
    scored += search.lastScored;
    if (place === TRIED && scored * MANY > (TRIED + 1) * store.count) return undefined;
    if (place % 8 === 0) progress(place / rows.length);
  }
  return sums;
}
