import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { CATALOGUE_DATABASE } from '../../../device/inventory/catalogue.ts';
import { NEXT_REVISION } from '../../../device/inventory/catalogue-schema.ts';
import { storeKey } from '../../support/access.ts';
import { AskedDaemon, outcomeOf } from '../../support/asked-daemon.ts';
import { damagePage } from '../../support/damage.ts';
import { indexedStore } from '../../support/indexed-store.ts';
import { MainProcess } from '../../support/main-process.ts';

const GARMENTS = 6;
const DIALS = [0, 1, 0, -1, 0, 0];

/** What a commit of any other program does to those that have the file open: what they know of its pages is old. */
function commitElsewhere(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('a page that is damaged under a daemon that runs', () => {
  const SALE = { sku: 'g001', size: 'M', quantity: 99 };
  for (const { name, table, commit, sale, list } of [
    { name: CATALOGUE_DATABASE, table: 'garment', commit: NEXT_REVISION, sale: 'store-invalid', list: 'store-invalid' },
    { name: CATALOGUE_DATABASE, table: 'size', commit: NEXT_REVISION, sale: 'store-invalid', list: 'store-invalid' },
    {
      name: CATALOGUE_DATABASE,
      table: 'revision',
      commit: "INSERT INTO metadata VALUES ('another', 'line')",
      sale: 'store-invalid',
      list: 200,
    },
    {
      name: ACCESS_DATABASE,
      table: 'key',
      commit: 'DELETE FROM audit',
      sale: 'access-unavailable',
      list: 200,
    },
  ]) {
    it(`of ${name} (${table}): shoppers dial on and find what they found, and who needs it is told that it is damaged`, async t => {
      const { data, bundle } = await indexedStore(t, { count: GARMENTS });
      const key = storeKey(data, 'inventory');
      const daemon = new MainProcess(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle });
      const asked = new AskedDaemon(await daemon.address, key);
      await asked.serves(GARMENTS);
      const before = (await asked.matched(DIALS)).matches;
      damagePage(join(data, name), table);
      commitElsewhere(join(data, name), commit);
      const after = (await asked.matched(DIALS)).matches;
      assert.deepEqual(after, before);
      const { rgba, answer } = await asked.dial(DIALS);
      assert.deepEqual(answer.matches, before);
      assert.ok(rgba.length > 0);
      assert.equal((await asked.get(before[0]?.image ?? '')).status, 200);
      assert.equal(await outcomeOf(await asked.items()), list);
      assert.equal(await asked.sell(SALE), sale);
      assert.ok((await asked.refused(sale)) >= 1, 'a watcher reads it');
      await asked.ready();
      assert.deepEqual((await asked.matched(DIALS)).matches, before, 'after all of it too');
      daemon.child.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      assert.equal(code, 0, stderr);
      assert.match(stderr, /npm run doctor -- databases says/, 'its log says it');
    });
  }
});
