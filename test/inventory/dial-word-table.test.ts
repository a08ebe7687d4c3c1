import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { garment, storeMetadata, temporaryFolder } from '../support/store.ts';

const [ONE, OTHER] = ['1'.repeat(64), '2'.repeat(64)];
const GERMAN = { name: 'Ärmel', low: 'kürzer', high: null };
const ENGLISH = { name: 'Sleeves', low: null, high: null };

describe('the names that staff give the dials', () => {
  it('belong to the model that they were given to, and are there again after a start', async t => {
    const path = join(await temporaryFolder(t), 'catalogue.sqlite');
    let catalogue = Catalogue.open(path, { create: true });
    catalogue.setStaffWords(ONE, 3, { de: GERMAN });
    catalogue.setStaffWords(OTHER, 3, { en: ENGLISH });
    catalogue.close();
    catalogue = Catalogue.open(path);
    t.after(() => catalogue.close());
    assert.deepEqual(catalogue.staffWords(ONE), new Map([[3, { de: GERMAN }]]));
    assert.deepEqual(catalogue.staffWords(OTHER), new Map([[3, { en: ENGLISH }]]));
    catalogue.setStaffWords(ONE, 3, {});
    assert.deepEqual(catalogue.staffWords(ONE), new Map());
    assert.deepEqual(catalogue.staffWords(OTHER), new Map([[3, { en: ENGLISH }]]), 'no other is touched');
  });

  it('are seen by another process, and stay where the store is indexed anew', async t => {
    const path = join(await temporaryFolder(t), 'catalogue.sqlite');
    const [here, there] = [Catalogue.open(path, { create: true }), Catalogue.open(path)];
    t.after(() => {
      here.close();
      there.close();
    });
    const before = there.changes;
    here.setStaffWords(ONE, 0, { de: GERMAN });
    assert.ok(there.changes > before);
    there.replace(storeMetadata, [garment('a')]);
    there.replace(storeMetadata, []);
    assert.deepEqual(here.staffWords(ONE), new Map([[0, { de: GERMAN }]]));
  });

  it('have a place in a file of a program before', async t => {
    const path = join(await temporaryFolder(t), 'catalogue.sqlite');
    const made = Catalogue.open(path, { create: true });
    made.replace(storeMetadata, [garment('a')], [{ sku: 'a', kind: 'not-encoded', reason: 'It is no picture.' }]);
    made.close();
    // As the second version of the file had it.
    const older = new DatabaseSync(path);
    older.exec(`DROP TABLE dial_words; ALTER TABLE problem DROP COLUMN fault; ALTER TABLE problem DROP COLUMN folder;
      ALTER TABLE problem DROP COLUMN image; PRAGMA user_version = 2;`);
    older.close();
    const catalogue = Catalogue.open(path);
    t.after(() => catalogue.close());
    assert.deepEqual(catalogue.problems(), [{ sku: 'a', kind: 'not-encoded', reason: 'It is no picture.' }]);
    catalogue.setStaffWords(ONE, 1, { en: ENGLISH });
    assert.deepEqual(catalogue.staffWords(ONE), new Map([[1, { en: ENGLISH }]]));
  });
});
