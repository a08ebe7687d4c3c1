import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listenToStore, newsOf, rateOf, type Source, type StoreNews } from '../../../ui/lib/store-events.ts';

describe('news of the store', () => {
  it('is what the daemon says, and all where it says what nobody knows', () => {
    assert.deepEqual(newsOf('{"skus":["a"],"more":false}'), { skus: ['a'], more: false });
    for (const data of [
      undefined,
      '',
      '{',
      'null',
      '{"skus":"a","more":false}',
      '{"skus":[1],"more":false}',
      '{"skus":[]}',
    ]) {
      assert.deepEqual(newsOf(data), { skus: [], more: true });
    }
  });

  it('is a rate for drags, and none where it says what nobody knows', () => {
    assert.equal(rateOf('{"picturesPerSecond":15}'), 15);
    for (const data of [
      undefined,
      '',
      '{',
      'null',
      '{"picturesPerSecond":null}',
      '{"picturesPerSecond":0}',
      '{"picturesPerSecond":"8"}',
    ]) {
      assert.equal(rateOf(data), null, String(data));
    }
  });

  it('comes of named dials, and of a line that was cut and is there again', () => {
    const heard: StoreNews[] = [];
    const listeners = new Map<string, (event: { data?: unknown }) => void>();
    const source: Source = {
      addEventListener: (type, listener) => void listeners.set(type, listener),
      close: () => undefined,
    };
    listenToStore(
      () => source,
      news => heard.push(news),
      () => undefined,
    );
    listeners.get('open')?.({});
    assert.deepEqual(heard, [], 'what was looked at a moment ago is as it was');
    listeners.get('dials')?.({ data: '{"encoder":"x"}' });
    listeners.get('open')?.({});
    assert.deepEqual(heard, Array(2).fill({ skus: [], more: false, edition: true }));
  });

  it('comes of garments and of editions, until it is ended', () => {
    const heard: StoreNews[] = [];
    const rates: (number | null)[] = [];
    const listeners = new Map<string, (event: { data?: unknown }) => void>();
    const opened: string[] = [];
    let closed = false;
    const source: Source = {
      addEventListener: (type, listener) => void listeners.set(type, listener),
      close: () => {
        closed = true;
      },
    };
    const end = listenToStore(
      address => {
        opened.push(address);
        return source;
      },
      news => heard.push(news),
      rate => rates.push(rate),
    );
    assert.deepEqual(opened, ['/api/v1/events']);
    listeners.get('inventory')?.({ data: '{"skus":["a","b"],"more":false}' });
    listeners.get('edition')?.({ data: '{"edition":"x"}' });
    assert.deepEqual(heard, [
      { skus: ['a', 'b'], more: false },
      { skus: [], more: true, edition: true },
    ]);
    listeners.get('health')?.({ data: '{"state":"hot","picturesPerSecond":15}' });
    listeners.get('health')?.({ data: '{"state":"well","picturesPerSecond":null}' });
    listeners.get('health')?.({ data: '{"state":"throttled","picturesPerSecond":8}' });
    // The line was cut, and is open again: a daemon that is well has nothing to say.
    listeners.get('open')?.({});
    assert.deepEqual(rates, [15, null, 8, null]);
    end();
    assert.ok(closed);
  });
});
