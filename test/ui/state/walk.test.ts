import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, DaemonGone } from '../../../ui/lib/api.ts';
import type { Picture } from '../../../ui/lib/dial-answer.ts';
import { BECOME_MS, LIE_MS, STILL_MS, Walk } from '../../../ui/state/walk.ts';
import { FakeAsked } from '../support/fake-asked.ts';
import { handClock } from '../support/hand-clock.ts';

/** What a decode takes. */
const DECODE_MS = 30;

/** Garments A and B in turn, at these means; every call is noted. */
function store(means: Readonly<Record<string, number>>, categories: Readonly<Record<string, string>> = {}) {
  const time = handClock();
  let now = 0;
  const asked: { z: number; kind: string | undefined; at: number }[] = [];
  const skus = Object.keys(means);
  let draws = 0;
  const fake = new FakeAsked();
  const failures: Error[] = [];
  const api = {
    surprise: async () => {
      if (failures.length > 0) throw failures.shift()!;
      const sku = skus[draws++ % skus.length]!;
      return { sku, z: [], dials: [], edition: 'one' };
    },
    posterior: async (sku: string) => ({ ...(await fake.posterior(sku)), mu: [means[sku]!] }),
    item: async (sku: string) => ({ ...(await fake.item(sku)), category: categories[sku] ?? null }),
    generate: async (point: {
      z: readonly number[];
      condition?: { category: string } | undefined;
    }): Promise<Picture> => {
      asked.push({ z: point.z[0]!, kind: point.condition?.category, at: now });
      now += DECODE_MS;
      return { width: 1, height: 1, rgba: Uint8Array.of(point.z[0]! * 100, 0, 0, 255) };
    },
  };
  const walk = new Walk(api as never, { ...time, now: () => now });
  const pass = async (milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 10) {
      for (let turn = 0; turn < 12; turn++) await Promise.resolve();
      time.pass(10);
      now += 10;
    }
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  };
  return { walk, asked, pass, failures };
}

describe('the walk of the shop window', () => {
  it('shows a garment of the store, lets it lie, and becomes another in a straight line', async () => {
    const { walk, asked, pass } = store({ A: 0, B: 1 });
    walk.start([], false);
    await pass(LIE_MS - 100);
    assert.deepEqual(asked, [{ z: 0, kind: undefined, at: 0 }]);
    await pass(BECOME_MS + 3_000);
    const places = asked.map(({ z }) => z);
    assert.equal(places.at(-1), 1);
    for (const [at, z] of places.entries()) if (at > 0) assert.ok(z >= places[at - 1]!, `${places}`);
    assert.ok(places.length > 30, `${places.length} pictures`);
    // No leap: the largest step of an eased line of 40 steps at least.
    for (const [at, z] of places.entries()) if (at > 0) assert.ok(z - places[at - 1]! < 0.06, `${places}`);
    assert.equal(walk.picture?.rgba[0], 100);
  });

  it('lets the decoder rest four times as long as it works', async () => {
    const { walk, asked, pass } = store({ A: 0, B: 1 });
    walk.start([], false);
    await pass(LIE_MS + 3_000);
    const steps = asked.slice(2, 10);
    for (const [at, { at: when }] of steps.entries()) {
      if (at > 0) assert.ok(when - steps[at - 1]!.at >= 5 * DECODE_MS - 10, `${when - steps[at - 1]!.at} ms`);
    }
  });

  it('decodes nothing more once it is stopped, and goes on when it is started again', async () => {
    const { walk, asked, pass } = store({ A: 0, B: 1 });
    walk.start([], false);
    await pass(LIE_MS + 1_000);
    walk.stop();
    await pass(200);
    const before = asked.length;
    await pass(30_000);
    assert.equal(asked.length, before);
    assert.equal(walk.walking, false);
    walk.start([], false);
    walk.start([], false);
    await pass(100);
    assert.equal(asked.length, before + 1);
  });

  it('draws both kinds on the way from one to the other, where the model is told the kind', async () => {
    const { walk, asked, pass } = store({ A: 0, B: 1 }, { A: 'Dress', B: 'Coat' });
    walk.start(['Dress', 'Coat'], false);
    await pass(LIE_MS + 4_000);
    const between = asked.filter(({ z }) => z > 0.1 && z < 0.9);
    assert.ok(between.length > 4);
    for (let at = 0; at + 1 < between.length; at += 2) {
      assert.deepEqual([between[at]!.kind, between[at + 1]!.kind], ['Dress', 'Coat']);
      assert.equal(between[at]!.z, between[at + 1]!.z);
    }
    await pass(40_000);
    assert.ok(asked.some(({ z, kind }) => z === 1 && kind === 'Coat'));
  });

  it('shows one garment after the other, and no way between, where less motion was asked for', async () => {
    const { walk, asked, pass } = store({ A: 0, B: 1 });
    walk.start([], true);
    await pass(2 * STILL_MS + 1_000);
    assert.deepEqual(
      asked.map(({ z }) => z),
      [0, 1, 0],
    );
  });

  it('goes on over a daemon that is away, and an empty store is known as one until something is there', async () => {
    const { walk, asked, pass, failures } = store({ A: 0 });
    const problem = { type: '', title: '', status: 404, detail: '', code: 'no-match-allowed' };
    failures.push(new DaemonGone('away'), new DaemonGone('away'), new ApiError(problem));
    walk.start([], false);
    await pass(1_000);
    assert.deepEqual([walk.empty, asked.length], [true, 0]);
    await pass(20_000);
    assert.deepEqual([walk.empty, asked.length >= 1], [false, true]);
  });
});
