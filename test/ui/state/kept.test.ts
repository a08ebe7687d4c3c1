import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kept, type KeptGarment, MOST_KEPT } from '../../../ui/state/kept.ts';

const garment = (sku: string, size?: string): KeptGarment => ({
  sku,
  title: `Shirt ${sku}`,
  category: 'shirt',
  price: 49.9,
  currency: 'EUR',
  location: 'Rail 3',
  image: `/api/v1/items/${sku}/image`,
  ...(size === undefined ? {} : { size }),
});

function listen(kept: Kept): () => number {
  let changes = 0;
  kept.addEventListener('change', () => {
    changes += 1;
  });
  return () => changes;
}

const skus = (kept: Kept): string[] => kept.garments.map(({ sku }) => sku);

describe('what a shopper keeps', () => {
  it('is in the order in which it was kept, and says each time that it has changed', () => {
    const kept = new Kept();
    const changes = listen(kept);
    assert.equal(kept.add(garment('b')), true);
    assert.equal(kept.add(garment('a')), true);
    assert.deepEqual(skus(kept), ['b', 'a']);
    assert.equal(kept.has('a'), true);
    assert.equal(kept.has('c'), false);
    kept.remove('b');
    assert.deepEqual(skus(kept), ['a']);
    assert.equal(changes(), 3);
  });

  it('holds a garment once: kept again it stays in its place, with the size said last', () => {
    const kept = new Kept();
    kept.add(garment('a', 'M'));
    kept.add(garment('b'));
    kept.add(garment('a', 'L'));
    assert.deepEqual(
      kept.garments.map(({ sku, size }) => [sku, size]),
      [
        ['a', 'L'],
        ['b', undefined],
      ],
    );
  });

  it('keeps nothing of a garment but what the list says', () => {
    const kept = new Kept();
    const match = { ...garment('a'), sizes: [{ name: 'M', quantity: 1 }], colour: 'red', logLikelihood: -3 };
    kept.add(match);
    assert.deepEqual(kept.garments, [garment('a')]);
  });

  it('takes no more than its bound, yet goes on to take another size of what it has', () => {
    const kept = new Kept();
    for (let at = 0; at < MOST_KEPT; at++) assert.equal(kept.add(garment(`${at}`)), true);
    assert.equal(kept.full, true);
    const changes = listen(kept);
    assert.equal(kept.add(garment('one more')), false);
    assert.equal(kept.add(garment('3', 'S')), true);
    assert.equal(kept.garments.length, MOST_KEPT);
    assert.equal(changes(), 1);
    kept.remove('3');
    assert.equal(kept.add(garment('one more')), true);
  });

  it('is empty once it is wiped, and says nothing where there was nothing to change', () => {
    const kept = new Kept();
    const changes = listen(kept);
    kept.wipe();
    kept.remove('nobody');
    assert.equal(changes(), 0);
    kept.add(garment('a'));
    kept.wipe();
    assert.deepEqual(kept.garments, []);
    assert.equal(changes(), 2);
  });
});
