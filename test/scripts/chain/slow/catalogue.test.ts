import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ChainSession } from '../../../../device/chain/chain-session.ts';
import { openBundle } from '../../../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../../device/inventory/catalogue.ts';
import { balance } from '../../../../scripts/chain/balance.ts';
import { check } from '../../../../scripts/chain/check.ts';
import { inTransaction } from '../../../../scripts/chain/database.ts';
import { type Loaded, load } from '../../../../scripts/chain/load.ts';
import type { ChainRecord } from '../../../../scripts/chain/record.ts';
import { type Synced, spaceOf, sync } from '../../../../scripts/chain/sync.ts';
import { putSpace, writeBatch } from '../../../../scripts/chain/write.ts';
import { afterwards } from '../../../support/afterwards.ts';
import { chainRecord, chainRecords, SPACE, TestChain } from '../../../support/chain.ts';
import { chainCommand } from '../../../support/chain-command.ts';
import { indexedStore } from '../../../support/indexed-store.ts';
import { temporaryFolder } from '../../../support/store.ts';

const QUIET = { say: () => undefined, progress: () => undefined };

const lineOf = ({ sku, title, category, priceMinor, currency, mu, sigma, stock }: ChainRecord): string =>
  JSON.stringify({ sku, title, category, price: (priceMinor ?? 0) / 100, currency, mu, sigma, stock });

describe('a chain’s catalogue', () => {
  let chain: TestChain;
  before(async () => {
    chain = await TestChain.start();
  });
  after(() => chain.close());
  beforeEach(() => chain.clear());

  const count = async (table: string): Promise<number> =>
    Number((await chain.rows<{ n: string }>(`SELECT count(*) AS n FROM lookdial.${table}`))[0]?.n);

  it('is loaded from a file, and goes on where a run that was stopped had written', async t => {
    const path = join(await temporaryFolder(t), 'garments.jsonl');
    const records = chainRecords(2_500);
    await writeFile(path, `${records.map(lineOf).join('\n')}\n`);
    const stop = new AbortController();
    const said: string[] = [];
    const run = (signal?: AbortSignal): Promise<Loaded> =>
      chain.use(database =>
        load(database, {
          path,
          space: SPACE,
          say: line => void said.push(line),
          progress: () => stop.abort(new Error('stopped')),
          ...(signal && { signal }),
        }),
      );
    await assert.rejects(run(stop.signal), /stopped/);
    assert.equal(await count('garment'), 1_000, 'one batch, whole');
    assert.deepEqual(await run(), { lines: 1_500, garments: 1_500, skipped: 1_000, faults: 0 });
    assert.deepEqual(await run(), { lines: 0, garments: 0, skipped: 2_500, faults: 0 });
    assert.deepEqual([await count('garment'), await count('posterior'), await count('stock')], [2_500, 2_500, 2_500]);
    assert.deepEqual(said, []);
  });

  it('leaves out the lines that are no garment, and says which and why', async t => {
    const path = join(await temporaryFolder(t), 'garments.jsonl');
    const good = lineOf(chainRecord('good'));
    const other = (fields: object): string => JSON.stringify({ ...JSON.parse(good), ...fields });
    const bad = [
      '{',
      other({ mu: [1] }),
      other({ sigma: [1, 1, 0, 1] }),
      other({ sku: '' }),
      other({ colour: 7 }),
      other({ wat: 1 }),
    ];
    await writeFile(path, [good, ...bad, '', other({ sku: 'last' })].join('\n'));
    const said: string[] = [];
    const loaded = await chain.use(database =>
      load(database, { path, space: SPACE, say: line => void said.push(line), progress: () => undefined }),
    );
    assert.deepEqual(loaded, { lines: 9, garments: 2, skipped: 0, faults: 6 });
    assert.equal(said.length, 6);
    assert.match(said[0] ?? '', /^Line 2 was left out: it is not JSON/);
    assert.match(said[1] ?? '', /^Line 3 .*mu has 1 numbers, and must have 4/);
    assert.match(said[2] ?? '', /sigma must be above 0/);
    await appendFile(path, '\n');
    const again = await chain.use(database => load(database, { path, space: SPACE, ...QUIET }));
    assert.equal(again.skipped, 0, 'a file of another length is another file');
    assert.equal(await count('garment'), 2);
  });

  it('takes what a store has changed, and the second time nothing', async t => {
    const { data, bundle: folder } = await indexedStore(t);
    const bundle = await openBundle(folder);
    const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
    afterwards(t, () => catalogue.close());
    const send = (): Promise<Synced> =>
      chain.use(database =>
        sync(database, {
          data,
          bundle,
          catalogue,
          store: 'mitte',
          storeName: 'Berlin Mitte',
          progress: () => undefined,
        }),
      );
    assert.deepEqual(await send(), { garments: 6, sent: 6, gone: 0 });
    const before = await chain.rows('SELECT * FROM lookdial.posterior ORDER BY sku');
    assert.deepEqual(await send(), { garments: 6, sent: 0, gone: 0 });
    assert.equal(await count('picture'), 6);
    await catalogue.write({
      kind: 'stock',
      changes: [{ sku: 'g001', size: 'M', quantity: 7 }],
      strict: true,
      receipt: undefined,
    });
    assert.deepEqual(await send(), { garments: 6, sent: 1, gone: 0 });
    assert.deepEqual(await chain.rows(`SELECT quantity FROM lookdial.stock WHERE sku = 'g001' AND size = 'M'`), [
      { quantity: 7 },
    ]);
    assert.deepEqual(await chain.rows('SELECT * FROM lookdial.posterior ORDER BY sku'), before, 'no vector is touched');
    catalogue.change([], ['g002']);
    assert.deepEqual(await send(), { garments: 5, sent: 0, gone: 1 });
    assert.deepEqual(await chain.rows(`SELECT * FROM lookdial.stock WHERE sku = 'g002'`), []);
    assert.equal(spaceOf(bundle).encoder, bundle.encoderDigest);
  });

  it('finds by its index what the exact order has, and shows that it was the index', async () => {
    const records = chainRecords(1_800);
    await chain.use(async database => {
      await putSpace(database, SPACE);
      await inTransaction(database, () => writeBatch(database, SPACE, records));
      await balance(database, SPACE, QUIET);
      await database.query('SET enable_seqscan = off; SET enable_sort = off');
    });
    const session = new ChainSession({ connection: chain.connection, store: 'here', timeoutMs: 30_000 });
    try {
      const checked = await chain.use(database => check(database, session, SPACE, 10));
      assert.equal(checked.byIndex, 30, checked.plan.join('\n'));
      assert.match(checked.plan.join('\n'), /Index Scan using vector_1_\d_w_idx/);
      assert.deepEqual([checked.questions, checked.garments], [30, 1_800]);
      assert.ok(Math.min(...checked.recall) >= 0.98, checked.recall.join(', '));
    } finally {
      await session.close();
      await chain.rows('RESET enable_seqscan');
      await chain.rows('RESET enable_sort');
    }
  });

  it('has an arrival, and a garment of another kind than before, among the vectors at once', async () => {
    await chain.use(async database => {
      await putSpace(database, SPACE);
      await inTransaction(database, () => writeBatch(database, SPACE, chainRecords(20)));
      await balance(database, SPACE, QUIET);
      await inTransaction(database, () =>
        writeBatch(database, SPACE, [
          chainRecord('arrival'),
          { ...chainRecords(1)[0]!, category: 'Coat' },
          chainRecord('c00001', { mu: [9, 9, 9, 9] }),
        ]),
      );
    });
    assert.deepEqual(
      await chain.rows(`SELECT kind, sku FROM lookdial.vector_1 WHERE sku IN ('arrival', 'c00000') ORDER BY sku`),
      [
        { kind: 'Dress', sku: 'arrival' },
        { kind: 'Coat', sku: 'c00000' },
      ],
    );
    assert.equal(await count('vector_1'), 21);
    const stale = await chain.rows(
      'SELECT sku FROM lookdial.vector_1 v JOIN lookdial.posterior p USING (sku) WHERE p.revision <> v.revision',
    );
    assert.deepEqual(stale, []);
  });

  it('is made, filled and checked by commands that never say the password', async t => {
    const { data, bundle } = await indexedStore(t);
    const run = (...args: string[]) => chainCommand({ connection: chain.path, data, bundle }, ...args);
    const made = await run('init');
    assert.equal(made.code, 0, made.said);
    const sent = await run('sync', '--store', 'mitte');
    assert.match(sent.said, /6 garments are here; 6 had changed and were sent, 0 are gone/);
    assert.match((await run('balance')).said, /serves: 6 garments/);
    assert.match((await run('check', '--questions', '2')).said, /6 questions over 6 garments[\s\S]*1\.0000/);
    assert.equal((await run('sync')).code, 1, 'it has no name');
    assert.equal((await run('dance')).code, 2);
    assert.match((await run('load', '/nowhere')).said, /\/nowhere cannot be read/);
  });
});
