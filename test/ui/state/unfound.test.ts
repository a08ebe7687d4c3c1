import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UnencodedItem } from '../../../device/api/unencoded-schemas.ts';
import type { ErrorCode } from '../../../device/errors.ts';
import { ApiError } from '../../../ui/lib/api.ts';
import { Unfound, type UnfoundAsked } from '../../../ui/state/unfound.ts';
import { itemOf } from '../support/fake-garments-api.ts';
import { reportedIn } from '../support/reported.ts';

const refused = (code: ErrorCode): ApiError => new ApiError({ type: '', title: '', status: 400, detail: code, code });
const unencoded = (sku: string): UnencodedItem => ({
  ...itemOf(sku, false),
  reason: 'inference-failed',
  detail: null,
  canTryAgain: true,
});
const turn = (): Promise<void> => new Promise(go => setImmediate(go));

function started(skus: readonly string[] = ['A', 'B']) {
  const box = {
    items: skus.map(unencoded),
    asked: [] as string[],
    fails: undefined as Error | undefined,
    away: false,
    broken: undefined as Error | undefined,
  };
  const api: UnfoundAsked = {
    box: async () => {
      box.asked.push('box');
      return { disk: { size: 100, free: 50 }, heat: { state: 'hot' } };
    },
    unencoded: async () => {
      box.asked.push('unencoded');
      if (box.broken !== undefined) throw box.broken;
      if (box.away) throw refused('busy');
      return { count: box.items.length, items: [...box.items] };
    },
    tryAgain: async sku => {
      box.asked.push(`try ${sku}`);
      if (box.fails !== undefined) throw box.fails;
      box.items = box.items.filter(item => item.sku !== sku);
      return itemOf(sku, true);
    },
  };
  return { box, unfound: new Unfound(api, error => error instanceof ApiError && error.code === 'key-refused') };
}

describe('the garments that no dial finds', () => {
  it('are counted, with how the box is, as soon as staff have come in', async () => {
    const { box, unfound } = started();
    assert.equal(unfound.count, undefined);
    unfound.follow(true, true);
    await turn();
    assert.deepEqual([unfound.count, unfound.box?.heat.state], [2, 'hot']);
    unfound.follow(true, true);
    await turn();
    assert.deepEqual(box.asked, ['unencoded', 'box'], 'once');
  });

  it('are counted on a phone too, which is not told how the box is', async () => {
    const { box, unfound } = started();
    unfound.follow(true, false);
    await turn();
    assert.deepEqual([unfound.count, unfound.box, box.asked], [2, undefined, ['unencoded']]);
  });

  it('are looked at again when the store changes, and by nobody who has left', async () => {
    const { box, unfound } = started();
    unfound.follow(true, true);
    await turn();
    box.items = [];
    unfound.heard();
    unfound.heard();
    await turn();
    await turn();
    assert.equal(unfound.count, 0);
    unfound.follow(false, true);
    assert.deepEqual([unfound.count, unfound.items, unfound.box], [undefined, [], undefined]);
    const before = box.asked.length;
    unfound.heard();
    await turn();
    assert.equal(box.asked.length, before);
  });

  it('stay as they were known where the box does not answer just now', async () => {
    const { box, unfound } = started();
    unfound.follow(true, true);
    await turn();
    box.away = true;
    unfound.heard();
    await turn();
    assert.equal(unfound.count, 2);
  });

  it('are looked at again after a fault of the page’s own, which is reported', async t => {
    const reported = reportedIn(t);
    const { box, unfound } = started();
    const fault = new TypeError('undefined is not a function');
    box.broken = fault;
    unfound.follow(true, true);
    await turn();
    assert.deepEqual([reported, unfound.count], [[fault], undefined]);
    box.broken = undefined;
    unfound.heard();
    await turn();
    assert.equal(unfound.count, 2);
  });

  it('are tried again one at a time, and said to be found', async () => {
    const { box, unfound } = started();
    unfound.follow(true, true);
    await turn();
    unfound.show();
    unfound.choose('A');
    const trying = unfound.tryAgain();
    assert.equal(unfound.trying, true);
    await unfound.tryAgain();
    await trying;
    assert.equal(box.asked.filter(call => call === 'try A').length, 1);
    assert.deepEqual([unfound.found, unfound.chosen, unfound.count], ['The A', undefined, 1]);
    unfound.choose('B');
    assert.equal(unfound.found, undefined, 'it is said once');
  });

  it('say what is wrong where trying did not help, and stay', async () => {
    const { box, unfound } = started();
    unfound.follow(true, true);
    await turn();
    unfound.choose('A');
    box.fails = refused('picture-unreadable');
    await unfound.tryAgain();
    assert.deepEqual([unfound.trouble, unfound.chosen?.sku, unfound.trying], ['picture-unreadable', 'A', false]);
    unfound.letBe();
    assert.deepEqual([unfound.trouble, unfound.chosen, unfound.count], [undefined, undefined, 2]);
  });

  it('leave the one that is looked at where somebody has photographed it meanwhile', async () => {
    const { box, unfound } = started();
    unfound.follow(true, true);
    await turn();
    unfound.choose('A');
    box.items = box.items.filter(({ sku }) => sku !== 'A');
    unfound.heard();
    await turn();
    assert.equal(unfound.chosen, undefined);
  });
});
