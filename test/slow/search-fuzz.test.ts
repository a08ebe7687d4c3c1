import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { fuzzSearch } from '../matching/scan/fuzz.ts';

const DIMENSIONS = [1, 2, 3, 5, 8, 10, 16, 24, 32, 64];
const OPERATIONS = 10_000;

for (const [place, latentDim] of DIMENSIONS.entries()) {
  it(`the scan survives ${OPERATIONS} operations at random, n = ${latentDim}`, async () => {
    const tally = fuzzSearch({ kernel: await loadKernel(), seed: 100 + place, latentDim, operations: OPERATIONS });
    assert.equal(
      Object.values(tally).reduce((sum, times) => sum + times, 0),
      OPERATIONS,
    );
    assert.ok(Object.values(tally).every(times => times > 50));
  });
}
