/** How fast this store is searched on this box. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { INDEX_FILE } from '../../../device/inventory/encodings.ts';
import { IndexError } from '../../../device/matching/errors.ts';
import { Random } from '../../../device/matching/random.ts';
import { StoreSearch } from '../../../device/search/store-search.ts';
import { type Check, look, notHere, ok } from '../check.ts';
import { measure } from '../measure.ts';
import { count, milliseconds, said, sentence } from '../words.ts';

/** As many as the kiosk asks for. */
const K = 24;
/** Matches must be there when the finger rests, milliseconds. */
const SLOW_MS = 100;

export const search: Check = {
  name: 'search',
  about: 'how long the nearest garments of this store take to find',
  async run(box) {
    const bundle = await box.bundle().catch(() => undefined);
    const bytes = await readFile(join(box.config.data, INDEX_FILE)).catch(() => undefined);
    if (bundle === undefined || bytes === undefined) {
      return notHere('There is nothing to search.', 'See the checks bundle and index.');
    }
    const { encoderDigest, manifest } = bundle;
    let store: StoreSearch;
    try {
      store = new StoreSearch(bytes, { encoderDigest, latentDim: manifest.latentDim });
    } catch (error) {
      if (!(error instanceof IndexError)) throw error;
      return notHere('The index cannot be searched.', 'See the check index.');
    }
    try {
      const { index } = store;
      if (index.count === 0) return notHere('There is no garment to find.', 'Index the store, or add garments to it.');
      await store.ready();
      const random = new Random(1);
      // Points as a shopper dials them: about garments that there are.
      const point = (): Float64Array => {
        const { mu } = index.posterior(Math.floor(random.uniform() * index.count));
        return Float64Array.from(mu, value => value + 0.3 * random.normal());
      };
      const { runs, p50, p99 } = await measure(() => store.search({ z: point(), k: K }));
      const measured = { garments: index.count, runs, p50Ms: p50, p99Ms: p99 };
      const found = `The ${K} nearest of ${count(index.count, 'garment')} are found in ${milliseconds(p50)} (p50), ${milliseconds(p99)} (p99 of ${runs}).`;
      if (p50 > SLOW_MS) return look(found, 'Look what else keeps the processor busy (top).', { measured });
      return ok(found, { measured });
    } catch (error) {
      return look(
        sentence(`This store could not be searched: ${said(error)}`),
        'Make the search’s kernel anew where it is missing (npm run build), and look in the daemon’s log.',
      );
    } finally {
      await store.close();
    }
  },
};
