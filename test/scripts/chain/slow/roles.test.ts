import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CREATE_SCHEMA } from '../../../../device/chain/chain-schema.ts';
import { ChainSession } from '../../../../device/chain/chain-session.ts';
import { balance } from '../../../../scripts/chain/balance.ts';
import { type Database, inTransaction } from '../../../../scripts/chain/database.ts';
import { putSpace, writeBatch } from '../../../../scripts/chain/write.ts';
import { chainRecord, chainRecords, SPACE, TestChain } from '../../../support/chain.ts';

const PAGE = resolve(import.meta.dirname, '../../../../docs/chain.md');
const QUIET = { say: () => undefined, progress: () => undefined };
type Role = 'lookdial_owner' | 'lookdial_store' | 'lookdial_box';

const blocksOf = (page: string): string[] => [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql);

describe('the roles of docs/chain.md', () => {
  let chain: TestChain;
  let blocks: string[];
  before(async () => {
    blocks = blocksOf(await readFile(PAGE, 'utf8'));
    chain = await TestChain.start({ tables: false });
    const [superuser = ''] = blocks;
    // What is psql's own, and the database that is here already, are left out.
    const ours = superuser.split('\n').filter(line => /^CREATE (ROLE|EXTENSION)/.test(line));
    assert.equal(ours.length, 4);
    for (const line of ours) await chain.rows(line);
    await chain.rows('GRANT CREATE ON DATABASE postgres TO lookdial_owner');
  });
  after(() => chain.close());

  /** PGlite has one session: a role that is taken on is everybody's until it is laid down. */
  async function as<T>(role: Role, work: (database: Database) => Promise<T>): Promise<T> {
    return await chain.use(async database => {
      await database.query(`SET ROLE ${role}`);
      try {
        return await work(database);
      } finally {
        await database.query('RESET ROLE');
      }
    });
  }
  const denied = { code: 'chain-unavailable', message: /may not do that/ };

  it('let the owner set up and balance, a store send, and a box ask: each that, and no more', async () => {
    const [, grants = ''] = blocks;
    await as('lookdial_owner', async database => {
      await database.query(CREATE_SCHEMA);
      await database.query(grants);
    });
    const send = (records: Parameters<typeof writeBatch>[2]) => (database: Database) =>
      inTransaction(database, () => writeBatch(database, SPACE, records));
    await as('lookdial_store', async database => {
      await putSpace(database, SPACE);
      await send(chainRecords(30))(database);
    });
    await assert.rejects(
      as('lookdial_store', database => balance(database, SPACE, QUIET)),
      denied,
    );
    await as('lookdial_owner', database => balance(database, SPACE, QUIET));
    await as('lookdial_store', send([chainRecord('arrival')]));
    await assert.rejects(as('lookdial_box', send([chainRecord('forged')])), denied);
    await assert.rejects(
      as('lookdial_box', database => database.query('DELETE FROM lookdial.stock')),
      denied,
    );
    await as('lookdial_box', async database => {
      const { rows } = await database.query('SELECT current_user AS who');
      assert.deepEqual(rows, [{ who: 'lookdial_box' }]);
      const session = new ChainSession({ connection: chain.connection, store: 'here', timeoutMs: 30_000 });
      try {
        const ranked = await session.rank({ ...SPACE, z: Float64Array.of(0, 0, 0, 0), filter: {} });
        assert.equal(ranked.length, 31);
        assert.deepEqual((await session.garments(['arrival']))[0]?.stores, 1);
        assert.equal(await session.picture('arrival'), undefined);
      } finally {
        await session.close();
      }
    });
  });

  it('let the owner put away what nobody has any more', async () => {
    const [, , tidy = ''] = blocks;
    await chain.rows(`DELETE FROM lookdial.stock WHERE sku = 'c00003'`);
    await as('lookdial_owner', async database => {
      await database.query(tidy);
      await balance(database, SPACE, QUIET);
    });
    const left = await chain.rows<{ sku: string }>('SELECT sku FROM lookdial.vector_2');
    assert.equal(left.length, 30);
    assert.ok(!left.some(({ sku }) => sku === 'c00003'));
  });

  it('let the owner put away the encodings of a model that no store has any more', async () => {
    const [, , , old = ''] = blocks;
    const space = { ...SPACE, encoder: 'f'.repeat(64) };
    await as('lookdial_store', async database => {
      await putSpace(database, space);
      await inTransaction(database, () => writeBatch(database, space, chainRecords(7)));
    });
    await as('lookdial_owner', async database => {
      await balance(database, space, QUIET);
      await database.query(old);
      await balance(database, space, QUIET);
    });
    assert.deepEqual(await chain.rows('SELECT DISTINCT encoder FROM lookdial.posterior'), [{ encoder: space.encoder }]);
    assert.deepEqual(await chain.rows('SELECT encoder, state FROM lookdial.balance'), [
      { encoder: space.encoder, state: 'serving' },
    ]);
    const tables = `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'lookdial' AND tablename LIKE 'vector%'`;
    assert.deepEqual(await chain.rows(tables), [{ n: 2 }], 'one table, and its part for the rest');
  });
});
