import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Checked, checkSelf } from '../../device/health/self-check.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';

const never = new Promise<never>(() => undefined);

async function daemonOf(t: Parameters<typeof afterwards>[0], garments = 5): Promise<TestDaemon> {
  const daemon = await TestDaemon.start({ garments });
  afterwards(t, () => daemon.close());
  return daemon;
}

/** An edition whose inference, or search, is another. */
const broken = (edition: Checked, parts: Partial<Record<'inference' | 'search', object>>): Checked =>
  ({ ...edition, ...parts }) as Checked;

describe('the daemon asked by itself', () => {
  it('holds where the canary is decoded and the index is searched', async t => {
    const { editions } = await daemonOf(t);
    await checkSelf({ editions, withinMs: 5_000 });
  });

  it('holds with an empty store', async t => {
    const { editions } = await daemonOf(t, 0);
    await checkSelf({ editions, withinMs: 5_000 });
  });

  it('does not hold where there is no model, or the decoder fails, hangs, or gives another picture', async t => {
    const { edition } = await daemonOf(t);
    const check = (one: Checked | undefined) => checkSelf({ editions: { edition: one }, withinMs: 100 });
    await assert.rejects(check(undefined), /No model is serving/);
    const decoding = (decode: () => Promise<unknown>) => check(broken(edition, { inference: { decode } }));
    await assert.rejects(
      decoding(() => Promise.reject(new Error('The decoder ended.'))),
      /The decoder ended/,
    );
    await assert.rejects(
      decoding(() => never),
      /not answered within 100 ms/,
    );
    const picture = { width: 2, height: 2, rgba: new Uint8Array(15) };
    await assert.rejects(
      decoding(async () => picture),
      /15 bytes, expected 16/,
    );
  });

  it('does not hold where the search fails, hangs, or knows no likelihood', async t => {
    const { edition } = await daemonOf(t);
    const searching = (search: () => Promise<unknown>) =>
      checkSelf({ editions: { edition: broken(edition, { search: { search } }) }, withinMs: 200 });
    await assert.rejects(
      searching(() => Promise.reject(new Error('The search threads ended.'))),
      /The search threads ended/,
    );
    await assert.rejects(
      searching(() => never),
      /not answered within 200 ms/,
    );
    const hits = [{ sku: 'g1', logLikelihood: Number.NaN }];
    await assert.rejects(
      searching(async () => ({ hits })),
      /gave g1 a likelihood of NaN/,
    );
  });

  it('asks the edition that came where one left in the middle of it', async t => {
    const { edition } = await daemonOf(t);
    let current = broken(edition, {
      inference: {
        decode: () => {
          current = edition;
          return Promise.reject(new Error('The model is closed.'));
        },
      },
    });
    const editions = {
      get edition() {
        return current;
      },
    };
    await checkSelf({ editions, withinMs: 5_000 });
  });
});
