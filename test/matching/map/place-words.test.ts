import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { placeWords } from '../../../device/matching/map/place-words.ts';

/** Two places of ten garments each. */
const PLACE = Array.from({ length: 20 }, (_, row) => (row < 10 ? 0 : 1));
const named = (attribute: string, values: (string | null)[]) =>
  placeWords(PLACE, 2, new Map([[attribute, values]])).map(words => words.map(word => word.values));
const times = (count: number, value: string | null): (string | null)[] => new Array(count).fill(value);

describe('the words of a place', () => {
  it('are what its garments are and the store’s others are not', () => {
    assert.deepEqual(named('category', [...times(10, 'Dress'), ...times(10, 'Coat')]), [[['Dress']], [['Coat']]]);
  });

  it('are two or three together where no one fits half of its garments', () => {
    const values = [...times(4, 'Jeans'), ...times(4, 'Trousers'), ...times(2, 'Coat'), ...times(10, 'Coat')];
    assert.deepEqual(named('category', values)[0], [['Jeans', 'Trousers']]);
  });

  it('are none where the garments have nothing in common that the others have not', () => {
    assert.deepEqual(named('category', times(20, 'Dress')), [[], []]);
    assert.deepEqual(named('category', times(20, null)), [[], []]);
    const each = Array.from({ length: 20 }, (_, row) => `kind ${row}`);
    assert.deepEqual(named('category', each), [[], []]);
  });

  it('are none of a word that fits fewer than half, however rare it is elsewhere', () => {
    assert.deepEqual(named('colour', [...times(4, 'mustard'), ...times(6, null), ...times(10, null)]), [[], []]);
  });

  it('are of two attributes at most, the one that tells more first', () => {
    const attributes = new Map([
      ['colour', [...times(6, 'navy'), ...times(4, 'red'), ...times(10, 'red')]],
      ['category', [...times(10, 'Dress'), ...times(10, 'Coat')]],
      ['pattern', [...times(9, 'dots'), ...times(1, 'plain'), ...times(10, 'plain')]],
    ]);
    const [first] = placeWords(PLACE, 2, attributes);
    assert.deepEqual(
      first?.map(({ attribute }) => attribute),
      ['category', 'pattern'],
    );
  });
});
