import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type DatabaseKind, openDatabase } from '../device/database.ts';
import { temporaryFolder } from './support/store.ts';

const DATABASE = resolve(import.meta.dirname, '../device/database.ts');
const KIND: DatabaseKind = {
  what: 'a box of cats',
  applicationId: 0x4c446361,
  migrations: [
    'CREATE TABLE cat (name TEXT) STRICT;',
    "ALTER TABLE cat ADD lives INTEGER; INSERT INTO cat VALUES ('Tom', 9);",
  ],
  code: 'store-invalid',
  whenMissing: 'Get one.',
  whenNewer: 'install the newer program',
  whenDamaged: 'Delete it.',
};

describe('a database of the house', () => {
  it('is made, and brought from any older version to today’s, and stays what it is', async t => {
    const path = join(await temporaryFolder(t), 'cats.sqlite');
    const older = openDatabase(path, true, { ...KIND, migrations: KIND.migrations.slice(0, 1) });
    older.exec("INSERT INTO cat VALUES ('Old')");
    older.close();
    for (let times = 0; times < 2; times++) {
      const database = openDatabase(path, false, KIND);
      assert.deepEqual(
        database
          .prepare('SELECT name, lives FROM cat')
          .all()
          .map(row => ({ ...row })),
        [
          { name: 'Old', lives: null },
          { name: 'Tom', lives: 9 },
        ],
      );
      const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
      assert.deepEqual([pragma('journal_mode'), pragma('synchronous'), pragma('user_version')], ['wal', 2, 2]);
      database.close();
    }
  });

  it('is refused where it is missing, another’s, of a newer program, or damaged', async t => {
    const folder = await temporaryFolder(t);
    const path = (name: string): string => join(folder, `${name}.sqlite`);
    const open =
      (name: string, create = false) =>
      () =>
        openDatabase(path(name), create, KIND);
    assert.throws(open('none'), {
      code: 'store-invalid',
      message: /^There is no box of cats at .*none\.sqlite\. Get one\.$/,
    });
    const foreign = new DatabaseSync(path('foreign'));
    foreign.exec('CREATE TABLE dog (name TEXT)');
    foreign.close();
    assert.throws(open('foreign'), { message: /is a database, but not a box of cats/ });
    const newer = openDatabase(path('newer'), true, KIND);
    newer.exec('PRAGMA user_version = 9');
    newer.close();
    assert.throws(open('newer'), {
      message: /of version 9, and this program knows up to 2: install the newer program\.$/,
    });
    writeFileSync(path('torn'), 'not a database, but long enough to be taken for one at first sight'.repeat(40));
    assert.throws(open('torn', true), { message: /^The box of cats .* cannot be opened: .* Delete it\.$/ });
  });

  it('that fails in the middle of a step is as it was before', async t => {
    const path = join(await temporaryFolder(t), 'cats.sqlite');
    const broken = {
      ...KIND,
      migrations: [KIND.migrations[0]!, "INSERT INTO cat VALUES ('Half'); SELECT no_such_thing();"],
    };
    assert.throws(() => openDatabase(path, true, broken), { code: 'store-invalid' });
    const database = openDatabase(path, false, { ...KIND, migrations: KIND.migrations.slice(0, 1) });
    assert.deepEqual(database.prepare('SELECT * FROM cat').all(), []);
    database.close();
  });

  it('is made once where four processes make it at the same moment', async t => {
    const folder = await temporaryFolder(t);
    const paths = Array.from({ length: 20 }, (_, k) => join(folder, `cats-${k}.sqlite`));
    // They begin together, however long each took to start: more often than not two then meet in one of twenty files.
    const program = `const { openDatabase } = await import(${JSON.stringify(DATABASE)});
      while (Date.now() < ${Date.now() + 1_000}) {}
      for (const path of ${JSON.stringify(paths)}) openDatabase(path, true, ${JSON.stringify(KIND)}).close();`;
    const ends = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
        const [code] = await once(child, 'close');
        return [code, said];
      }),
    );
    assert.deepEqual(ends, Array<unknown>(4).fill([0, '']));
    for (const path of paths) {
      const database = openDatabase(path, false, KIND);
      assert.equal(database.prepare('SELECT count(*) AS n FROM cat').get()?.n, 1);
      database.close();
    }
  });
});
