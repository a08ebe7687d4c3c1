/** The SQLite files of the state folder: whether each is whole, page by page. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { CATALOGUE_DATABASE } from '../../../device/inventory/catalogue.ts';
import { storeOf } from '../../../device/inventory/store-record.ts';
import { UPDATE_DATABASE } from '../../../device/updates/update-database.ts';
import { broken, type Check, type Finding, look, ok, worstOf } from '../check.ts';
import { readDatabase } from '../read-database.ts';
import { bytes, said, sentence } from '../words.ts';

/** Faults that are named; one is enough. */
const MOST = 3;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const SQLITE_BUSY = 5;

interface File {
  readonly name: string;
  readonly what: string;
  /** What to do where it is damaged. */
  readonly whenDamaged: string;
}

const FILES: readonly File[] = [
  {
    name: CATALOGUE_DATABASE,
    what: 'catalogue',
    whenDamaged:
      'Stop the daemon, move the file away with those beside it (-wal, -shm), and index the store again: npm run index -- --store FOLDER; then look at the disk (dmesg | grep -i error).',
  },
  {
    name: ACCESS_DATABASE,
    what: 'file of keys',
    whenDamaged:
      'Stop the daemon, and move the file away with those beside it (-wal, -shm): the PIN is set anew at the screen, and each client paired again; then look at the disk (dmesg | grep -i error).',
  },
  {
    name: UPDATE_DATABASE,
    what: 'file of updates',
    whenDamaged:
      'Stop the daemon, and move the file away with those beside it (-wal, -shm): the box takes up its repository anew; then look at the disk (dmesg | grep -i error).',
  },
];

function judge({ what, whenDamaged }: File, path: string): Finding {
  const named = `The ${what} ${path}`;
  try {
    const faults = readDatabase(path, database => {
      if (what === 'catalogue' && database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined)
        return ['it is empty'];
      if (what === 'catalogue') storeOf(database);
      const rows = database.prepare(`PRAGMA quick_check(${MOST})`).all();
      return rows.map(row => String(row.quick_check)).filter(text => text !== 'ok');
    });
    if (faults.length === 0) return ok(`${named} is whole (${bytes(statSync(path).size)}).`);
    return broken(`${named} is damaged: ${faults.map(text => text.split('\n').join(' ')).join('; ')}.`, whenDamaged);
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    const code = (errcode ?? 0) & 0xff;
    if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
      return broken(sentence(`${named} is damaged: ${said(error)}`), whenDamaged);
    }
    if (code === SQLITE_BUSY) {
      return look(`${named} is held by another program just now.`, 'Look again in a moment.');
    }
    return look(
      sentence(`${named} cannot be read: ${said(error)}`),
      'Run this as the user that the daemon runs as; where the disk can only be read, see the check disk.',
    );
  }
}

export const databases: Check = {
  name: 'databases',
  about: 'the catalogue, the file of keys and the file of updates, page by page',
  async run({ config: { data } }) {
    const there = FILES.map(file => ({ file, path: join(data, file.name) })).filter(({ path }) => existsSync(path));
    const found = there.map(({ file, path }) => judge(file, path));
    if (there[0]?.file.name !== CATALOGUE_DATABASE) {
      found.push(
        broken(
          `There is no catalogue at ${join(data, CATALOGUE_DATABASE)}, so that the daemon has nothing to serve.`,
          'Make one: npm run index -- --store FOLDER, or npm start for the demonstration.',
        ),
      );
    }
    const worst = worstOf(found);
    if (worst.verdict !== 'ok') return worst;
    return ok(
      `The ${there.map(({ file }) => file.what).join(' and the ')} are whole.`.replace(/^(The \w+) are/, '$1 is'),
      {
        detail: found.map(one => one.found),
      },
    );
  },
};
