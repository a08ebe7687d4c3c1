import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Garment } from '../../device/inventory/garment.ts';
import { KnownGarments } from '../../device/inventory/known-garments.ts';

const one = (sku: string, title = sku) => ({ sku, title }) as Garment;
const failing = (errcode: number) => (): never => {
  throw Object.assign(new Error('read'), { code: 'ERR_SQLITE_ERROR', errcode });
};
const [damaged, busy] = [failing(11), failing(5)];

describe('garments that were read', () => {
  it('are not read again until somebody else has written', () => {
    const known = new KnownGarments();
    let reads = 0;
    const read = (sku: string) => one(sku, `read ${++reads}`);
    assert.equal(known.get('a', read)?.title, 'read 1');
    assert.equal(known.get('a', read)?.title, 'read 1');
    known.update(one('a', 'sold'));
    known.update(one('b', 'never asked for'));
    assert.equal(known.get('a', read)?.title, 'sold');
    assert.equal(known.get('b', read)?.title, 'read 2');
    known.forget();
    assert.equal(known.get('a', read)?.title, 'read 3');
    assert.equal(
      known.get('none', () => undefined),
      undefined,
    );
  });

  it('are shown as they were where the file is damaged, and only then, and only those', () => {
    const known = new KnownGarments();
    for (const sku of ['a', 'b']) known.get(sku, one);
    known.forget();
    assert.throws(() => known.get('a', busy), /read/);
    assert.equal(known.get('a', damaged)?.title, 'a');
    known.forget();
    assert.equal(known.get('a', damaged)?.title, 'a');
    assert.equal(known.get('b', damaged)?.title, 'b', 'what was not asked for meanwhile too');
    assert.throws(() => known.get('c', damaged), /read/);
    known.forget();
    known.update(one('a', 'sold'));
    assert.equal(known.get('a', damaged)?.title, 'sold', 'how it was is no longer how it is');
  });

  it('are all read once; where that fails in the middle, none is lost', () => {
    const known = new KnownGarments();
    assert.deepEqual([...known.every(() => ['a', 'b'].map(sku => one(sku)))], [one('a'), one('b')]);
    assert.equal([...known.every(damaged)].length, 2);
    known.forget();
    const half = function* (): Generator<Garment> {
      yield one('a', 'anew');
      damaged();
    };
    assert.throws(() => known.every(half), /read/);
    assert.equal(known.get('a', damaged)?.title, 'anew');
    assert.equal(known.get('b', damaged)?.title, 'b');
    assert.equal([...known.every(() => [one('b')])].length, 1);
    known.forget();
    assert.throws(() => known.get('a', damaged), /read/, 'it has left the catalogue');
  });
});
