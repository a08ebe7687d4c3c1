import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Item, Posterior, Similar } from '../../../device/api/item-schemas.ts';
import { ApiError, DaemonGone, type Garment } from '../../../ui/lib/api.ts';
import { LookedAt } from '../../../ui/state/looked-at.ts';
import { FakeAsked } from '../support/fake-asked.ts';

const gone = new ApiError({ type: '', title: '', status: 404, detail: '', code: 'item-not-found' });
const garment = (sku: string, title = sku): Item => ({
  sku,
  title,
  category: 'Dress',
  colour: null,
  price: null,
  currency: null,
  sizes: null,
  location: null,
  image: `/${sku}`,
  encoded: true,
  attributes: {},
});
const posterior: Posterior = { mu: [0.5, 0.5, 0.5], sigma: [1, 1, 1], dials: [0, 0, 0], encoder: '' };
const like = (...skus: string[]): Similar => ({
  matches: skus.map(sku => ({ ...garment(sku), value: 0 })),
  measure: 'jeffreys',
  tolerance: 0,
  edition: 'one',
});

/** A daemon whose answers come when the test says so, in any order. */
class SlowAsked extends FakeAsked {
  readonly items: (PromiseWithResolvers<Item> & { sku: string })[] = [];
  readonly posteriors: PromiseWithResolvers<Posterior>[] = [];
  readonly similars: PromiseWithResolvers<Similar>[] = [];

  override item: FakeAsked['item'] = sku => {
    const answer = { ...Promise.withResolvers<Item>(), sku };
    this.items.push(answer);
    return answer.promise;
  };
  override posterior: FakeAsked['posterior'] = () => {
    const answer = Promise.withResolvers<Posterior>();
    this.posteriors.push(answer);
    return answer.promise;
  };
  override similar: FakeAsked['similar'] = () => {
    const answer = Promise.withResolvers<Similar>();
    this.similars.push(answer);
    return answer.promise;
  };
}

function looking(...hanging: Garment[]) {
  const asked = new SlowAsked();
  const failures: unknown[] = [];
  const looked = new LookedAt(asked, {
    known: sku => hanging.find(one => one.sku === sku),
    failed: error => failures.push(error),
  });
  const skus = (of: readonly Garment[] | undefined): string[] | undefined => of?.map(({ sku }) => sku);
  return { looked, asked, failures, skus };
}

describe('the garment that is looked at', () => {
  it('is shown at once where it hangs on the page, and what goes with it once that is known', async () => {
    const { looked, asked, skus } = looking(garment('A'));
    let changes = 0;
    looked.addEventListener('change', () => {
      changes += 1;
    });
    const opening = looked.open('A');
    assert.deepEqual([looked.garment?.sku, changes, asked.items.length], ['A', 1, 0]);
    asked.posteriors[0]!.resolve(posterior);
    await opening;
    await nextTurn();
    assert.deepEqual([skus(looked.pairs), changes], [['pair 0.50'], 2]);
    assert.deepEqual(asked.pairings, [{ z: [0.5, 0.5, 0.5], category: 'Dress', k: 8 }]);
  });

  it('is asked for where it hangs nowhere', async () => {
    const { looked, asked } = looking();
    const opening = looked.open('B');
    assert.deepEqual([looked.garment, asked.items[0]?.sku], [undefined, 'B']);
    asked.items[0]!.resolve(garment('B'));
    await nextTurn();
    assert.equal(looked.garment?.sku, 'B');
    asked.posteriors[0]!.resolve(posterior);
    await opening;
  });

  it('does not come back once it was put away, whatever comes late', async () => {
    const { looked, asked, skus } = looking(garment('A'));
    const unknown = looked.open('B');
    looked.close();
    asked.items[0]!.resolve(garment('B'));
    await unknown;
    assert.equal(looked.garment, undefined);
    assert.equal(asked.posteriors.length, 0, 'nothing more is asked of it');
    const known = looked.open('A');
    looked.close();
    asked.posteriors[0]!.resolve(posterior);
    await known;
    await nextTurn();
    assert.deepEqual([looked.garment, skus(looked.pairs), asked.pairings], [undefined, [], []]);
  });

  it('is the one that was opened last, in whatever order the answers come', async () => {
    const { looked, asked } = looking();
    const [first, second] = [looked.open('A'), looked.open('B')];
    asked.items[1]!.resolve(garment('B'));
    await nextTurn();
    asked.items[0]!.resolve(garment('A'));
    await first;
    assert.equal(looked.garment?.sku, 'B');
    asked.posteriors[0]!.resolve(posterior);
    await second;
    assert.equal(asked.posteriors.length, 1);
  });

  it('shows what is like it, of which one can be opened at once', async () => {
    const { looked, asked, skus } = looking(garment('A'));
    void looked.open('A');
    const liking = looked.like();
    asked.similars[0]!.resolve(like('C', 'D'));
    await liking;
    assert.deepEqual(skus(looked.similar), ['C', 'D']);
    void looked.open('D');
    assert.deepEqual([looked.garment?.sku, looked.similar, asked.items.length], ['D', undefined, 0]);
  });

  it('does not show what is like the garment before, nor what was asked before it was put away', async () => {
    const { looked, asked } = looking(garment('A'), garment('B'));
    void looked.open('A');
    const liking = looked.like();
    void looked.open('B');
    void looked.open('A');
    asked.similars[0]!.resolve(like('C'));
    await liking;
    assert.deepEqual([looked.garment?.sku, looked.similar], ['A', undefined]);
    looked.close();
    await looked.like();
    assert.equal(asked.similars.length, 1, 'nothing is looked at: nothing is asked');
  });

  it('is shown as it is now when the store tells of it, the newest answer last', async () => {
    const { looked, asked } = looking(garment('A'));
    void looked.open('A');
    await looked.heard({ skus: ['Z'], more: false });
    assert.equal(asked.items.length, 0, 'another garment is sold');
    const one = looked.heard({ skus: ['A'], more: false });
    const two = looked.heard({ skus: [], more: true });
    asked.items[1]!.resolve(garment('A', 'as it is'));
    asked.items[0]!.resolve(garment('A', 'as it was'));
    await Promise.all([one, two]);
    assert.equal(looked.garment?.title, 'as it is');
  });

  it('is shown as it is now where the store tells of it before it was there', async () => {
    const { looked, asked } = looking();
    const opening = looked.open('A');
    const heard = looked.heard({ skus: ['A'], more: false });
    asked.items[1]!.resolve(garment('A', 'as it is'));
    asked.items[0]!.resolve(garment('A', 'as it was'));
    await heard;
    asked.posteriors[0]!.resolve(posterior);
    await opening;
    assert.equal(looked.garment?.title, 'as it is');
  });

  it('is put away where the store has it no more, and that is said', async () => {
    const { looked, asked, failures } = looking(garment('A'));
    void looked.open('A');
    const heard = looked.heard({ skus: ['A'], more: false });
    asked.items[0]!.reject(gone);
    await heard;
    assert.deepEqual([looked.garment, failures], [undefined, [gone]]);
  });

  it('stays where the garment before it is the one that is gone', async () => {
    const { looked, asked, failures } = looking(garment('B'));
    const opening = looked.open('A');
    void looked.open('B');
    asked.items[0]!.reject(gone);
    await opening;
    assert.deepEqual([looked.garment?.sku, failures], ['B', []]);
  });

  it('stays while the daemon is away, of which is told', async () => {
    const { looked, asked, failures } = looking(garment('A'));
    const away = new DaemonGone('cut off');
    const opening = looked.open('A');
    asked.posteriors[0]!.reject(away);
    await opening;
    assert.deepEqual([looked.garment?.sku, failures], ['A', [away]]);
  });
});
