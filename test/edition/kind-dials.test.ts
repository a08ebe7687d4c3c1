import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kindsOfDials } from '../../device/edition/kind-dials.ts';
import type { Bundle } from '../../device/inference/bundle.ts';

const CONDITIONS = { categories: ['Coat', 'Skirt'], default: 'Coat' };
/** Row after row: the second dimension's spread is the length of its row. */
const COAT = { name: 'Coat', share: 0.5, mean: [0, 0], factor: [1, 0.3, 0.4] };
const SKIRT = { name: 'Skirt', share: 0.5, mean: [0, 0], factor: [1, 0.1, 0.1] };

const kindsOf = (manifest: object): (readonly string[] | null)[] => kindsOfDials({ manifest } as Bundle);

describe('the kinds on which a dial does something', () => {
  it('are those whose garments lie apart along it', () => {
    const found = kindsOf({ latentDim: 2, conditions: CONDITIONS, kinds: [COAT, SKIRT] });
    assert.deepEqual(found, [null, ['Coat']]);
  });

  it('are all of them where the model is not told the kind, or the manifest tells of none', () => {
    assert.deepEqual(kindsOf({ latentDim: 2, kinds: [COAT, SKIRT] }), [null, null]);
    assert.deepEqual(kindsOf({ latentDim: 2, conditions: CONDITIONS }), [null, null]);
  });

  it('leave out a kind that the nets do not know', () => {
    const hats = { ...SKIRT, name: 'Hat' };
    assert.deepEqual(kindsOf({ latentDim: 2, conditions: CONDITIONS, kinds: [COAT, hats] }), [null, null]);
  });
});
