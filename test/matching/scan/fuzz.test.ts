import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadKernel } from '../../../device/search/kernel-file.ts';
import { fuzzSearch } from './fuzz.ts';

it('the scan answers by the formula whatever is inserted, deleted, compacted, restarted, cancelled and asked', async () => {
  const kernel = await loadKernel();
  for (const [seed, latentDim] of [1, 2, 6, 13].entries()) {
    const tally = fuzzSearch({ kernel, seed, latentDim, operations: 500 });
    assert.ok(tally.query > 200);
  }
});
