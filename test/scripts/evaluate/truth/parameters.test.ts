import assert from 'node:assert/strict';
import test from 'node:test';
import { readStoreFolder } from '../../../../device/inventory/store-folder.ts';
import { drawableFrom, sharesOf, withDye, withShare } from '../../../../scripts/evaluate/truth/parameters.ts';
import { garmentOf, makeCollection } from '../../../../scripts/store/atelier/collection.ts';
import { distance } from '../../../../scripts/store/atelier/lab.ts';
import { temporaryFolder } from '../../../support/store.ts';

const GARMENTS = 16;

test('the catalogue of the collection tells all that the drawer has to know', async t => {
  const folder = await temporaryFolder(t);
  await makeCollection({ folder, garments: GARMENTS, seed: 3 });
  const rows = await Array.fromAsync(readStoreFolder(folder));
  const garments = rows.flatMap(row => (row.kind === 'garment' ? row.garment : []));
  assert.equal(garments.length, GARMENTS);
  for (const [number, { category, attributes }] of garments.entries()) {
    const drawn = garmentOf(3, number);
    const read = drawableFrom(category, attributes);
    assert.ok(read, `garment ${number}`);
    assert.deepEqual([read.kind, read.style, read.fabric.weave], [drawn.kind, drawn.style, drawn.fabric.weave]);
    assert.ok(distance(read.fabric.colour, drawn.fabric.colour) < 0.1);
    assert.ok(distance(read.fabric.second, drawn.fabric.second) < 0.5);
    const [shares, wanted] = [sharesOf(read), sharesOf(drawn)];
    assert.deepEqual(Object.keys(shares), Object.keys(wanted));
    for (const [name, share] of Object.entries(wanted)) assert.ok(Math.abs(shares[name as 'length']! - share) < 0.03);
  }
});

test('a store that was not drawn has no true parameters', () => {
  assert.equal(drawableFrom('Shirt', {}), undefined);
  assert.equal(drawableFrom('Shirt', { pattern: 'plain', length: 70 }), undefined);
  assert.equal(drawableFrom('Shoes', { pattern: 'plain' }), undefined);
  assert.equal(drawableFrom(null, { pattern: 'plain' }), undefined);
});

test('a measure is put where its percentile says, and a dye takes the pattern along', () => {
  const garment = garmentOf(3, 1);
  assert.ok(Math.abs(sharesOf(withShare(garment, 'length', 0.25)).length! - 0.25) < 1e-9);
  assert.equal(sharesOf(withShare(garment, 'length', 1.5)).length, 1);
  const dyed = withDye({ ...garment, contrast: 1, fabric: { ...garment.fabric, repeat: 5 } }, { l: 30, a: 0, b: 0 });
  assert.equal(dyed.fabric.colour.l, 30);
  assert.ok(dyed.fabric.second.l > 80, 'cream on dark cloth');
});
