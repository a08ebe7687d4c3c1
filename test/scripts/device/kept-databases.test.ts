import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { ACCESS_KIND } from '../../../device/access/access-database.ts';
import { type DatabaseKind, openDatabase } from '../../../device/database.ts';
import { forget, KEPT_FOLDER, keep, putBack, roomFor, TAKEN_BACK } from '../../../scripts/device/kept-databases.ts';
import { temporaryFolder } from '../../support/bundle.ts';
import { debianTool } from '../../support/debian-tool.ts';

const BEFORE: DatabaseKind = {
  what: 'a made database',
  applicationId: 0x4c44_7878,
  migrations: ['CREATE TABLE word (text TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;'],
  code: 'access-invalid',
  whenMissing: '',
  whenNewer: 'install the newer program',
  whenDamaged: '',
  secret: true,
};
/** Of the new program: what the words were is gone from it. */
const AFTER: DatabaseKind = {
  ...BEFORE,
  migrations: [...BEFORE.migrations, 'DELETE FROM word; CREATE TABLE other (text TEXT) STRICT;'],
};
const NAMES = ['access.sqlite', 'catalogue.sqlite', 'updates.sqlite'];

function write(path: string, word: string, kind = BEFORE): void {
  const database = openDatabase(path, true, kind);
  database.prepare('INSERT INTO word VALUES (?)').run(word);
  database.close();
}

function wordsOf(path: string, kind = BEFORE): string[] {
  const database = openDatabase(path, false, kind);
  try {
    return database
      .prepare('SELECT text FROM word')
      .all()
      .map(row => String(row.text));
  } finally {
    database.close();
  }
}

/** A store's state folder, as the program before left it. */
function store(): { data: string; at: (name: string) => string } {
  const data = temporaryFolder('state');
  const at = (name: string): string => join(data, name);
  for (const name of NAMES) write(at(name), 'before');
  return { data, at };
}

/** What is left of a database whose process was killed: most of it is in its log. */
function writeAndDie(path: string, word: string, kind = BEFORE): void {
  const database = openDatabase(path, true, kind);
  database.prepare('INSERT INTO word VALUES (?)').run(word);
  const left = `${path}.left`;
  mkdirSync(left);
  for (const end of ['', '-wal', '-shm']) cpSync(path + end, join(left, `x${end}`));
  database.close();
  for (const end of ['', '-wal', '-shm']) {
    rmSync(path + end, { force: true });
    renameSync(join(left, `x${end}`), path + end);
  }
  rmSync(left, { recursive: true });
}

const asideOf = (data: string): string[] => readdirSync(data).filter(name => name.startsWith(TAKEN_BACK));

describe('the databases while a new program is tried', () => {
  it('are kept whole, what is in a log that nobody closed included, and as secret as they were', () => {
    const { data, at } = store();
    writeAndDie(at('access.sqlite'), 'in the log');
    assert.ok(statSync(at('access.sqlite-wal')).size > 0);
    const bytes = keep(data);
    assert.deepEqual(readdirSync(at(KEPT_FOLDER)).sort(), [...NAMES, 'databases.json'].sort());
    assert.deepEqual(wordsOf(join(at(KEPT_FOLDER), 'access.sqlite')), ['before', 'in the log']);
    assert.equal(statSync(join(at(KEPT_FOLDER), 'access.sqlite')).mode & 0o077, 0);
    assert.ok(bytes > 0 && bytes <= roomFor(data).needed);
    forget(data);
    assert.equal(existsSync(at(KEPT_FOLDER)), false);
  });

  it('stay as they are where the program before reads them, with what was written meanwhile', () => {
    const { data, at } = store();
    keep(data);
    for (const name of NAMES) write(at(name), 'meanwhile');
    assert.equal(putBack(data), undefined);
    for (const name of NAMES) assert.deepEqual(wordsOf(at(name)), ['before', 'meanwhile']);
    assert.deepEqual(asideOf(data), []);
  });

  it('go back where a new program brought them further, and what it made of them is put aside', () => {
    const { data, at } = store();
    keep(data);
    writeAndDie(at('access.sqlite'), 'of the new one', AFTER);
    write(at('catalogue.sqlite'), 'meanwhile');
    write(at('brought.sqlite'), 'of the new one', AFTER);
    assert.throws(() => wordsOf(at('access.sqlite')), /of version 2, and this program knows up to 1/);
    const aside = putBack(data);
    assert.deepEqual(wordsOf(at('access.sqlite')), ['before']);
    assert.deepEqual(wordsOf(at('catalogue.sqlite')), ['before', 'meanwhile']);
    assert.equal(existsSync(at('brought.sqlite')), false);
    assert.ok(aside);
    assert.deepEqual(readdirSync(aside).sort(), ['access.sqlite', 'brought.sqlite']);
    assert.deepEqual(wordsOf(join(aside, 'access.sqlite'), AFTER), ['of the new one']);
    assert.equal(statSync(at('access.sqlite')).mode & 0o077, 0);
  });

  it('go back where a new program has damaged one, without its log', () => {
    const { data, at } = store();
    keep(data);
    writeAndDie(at('access.sqlite'), 'lost', AFTER);
    for (const end of ['', '-wal']) writeFileSync(at(`access.sqlite${end}`), Buffer.alloc(4_096, 7));
    const aside = putBack(data);
    assert.deepEqual(wordsOf(at('access.sqlite')), ['before']);
    assert.deepEqual(readFileSync(join(aside ?? '', 'access.sqlite')), Buffer.alloc(4_096, 7));
  });

  it('are all there after a cut at any name that is changed, and come back when it is done again', () => {
    for (let cut = 0; ; cut += 1) {
      const { data, at } = store();
      keep(data);
      writeAndDie(at('access.sqlite'), 'of the new one', AFTER);
      write(at('catalogue.sqlite'), 'of the new one', AFTER);
      write(at('updates.sqlite'), 'meanwhile');
      let left = cut;
      const cutting =
        (change: (from: string, to: string) => void) =>
        (from: string, to: string): void => {
          if (left === 0) throw new Error('cut');
          left -= 1;
          change(from, to);
        };
      const names = { link: cutting(linkSync), rename: cutting(renameSync) };
      let isCut = false;
      try {
        putBack(data, new Date(0), names);
      } catch (error) {
        assert.equal((error as Error).message, 'cut');
        isCut = true;
      }
      for (const name of NAMES) assert.ok(existsSync(at(name)), `${name} after ${cut}`);
      putBack(data, new Date(1_000));
      assert.deepEqual(wordsOf(at('access.sqlite')), ['before']);
      assert.deepEqual(wordsOf(at('catalogue.sqlite')), ['before']);
      assert.deepEqual(wordsOf(at('updates.sqlite')), ['before', 'meanwhile']);
      assert.equal(putBack(data, new Date(2_000)), undefined);
      if (!isCut) {
        assert.equal(cut, 4);
        return;
      }
    }
  });

  it('that a cut left half copied are copied anew, and a copy of an older upgrade is never put back', () => {
    const { data, at } = store();
    keep(data);
    write(at('access.sqlite'), 'later');
    mkdirSync(at(`${KEPT_FOLDER}.new`));
    writeFileSync(join(at(`${KEPT_FOLDER}.new`), 'access.sqlite'), 'half');
    keep(data);
    assert.equal(existsSync(at(`${KEPT_FOLDER}.new`)), false);
    write(at('access.sqlite'), 'of the new one', AFTER);
    putBack(data);
    assert.deepEqual(wordsOf(at('access.sqlite')), ['before', 'later']);
  });

  it('of a box without a store are none', () => {
    const data = join(temporaryFolder('none'), 'state');
    assert.equal(keep(data), 0);
    assert.equal(putBack(data), undefined);
    forget(data);
    assert.equal(existsSync(data), false);
  });
});

describe('the command of the installer', () => {
  const SCRIPT = resolve(import.meta.dirname, '../../../scripts/device/databases.ts');
  const run = (data: string, step: string, ...before: string[]): { status: number | null; said: string } => {
    const [program = '', ...words] = [...before, process.execPath, SCRIPT, step];
    const env = { ...process.env, LOOKDIAL_DATA: data };
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env });
    return { status, said: stdout + stderr };
  };

  it('says what it takes, and what it did', () => {
    const { data, at } = store();
    assert.match(run(data, 'room').said, /^a copy of the databases takes up to 0\.\d MB in .*before-upgrade\n$/);
    assert.deepEqual(readdirSync(data).sort(), NAMES);
    assert.match(run(data, 'keep').said, /^a copy of the databases takes 0\.\d MB in /);
    assert.match(run(data, 'back').said, /^the program before reads the databases as they are: they stay/);
    write(at('access.sqlite'), 'of the new one', { ...ACCESS_KIND, ...AFTER });
    const { status, said } = run(data, 'back');
    assert.equal(status, 0, said);
    const [, aside = ''] = /^the databases .* is in (\S+), until you remove it\n$/.exec(said) ?? [];
    assert.deepEqual(readdirSync(aside), ['access.sqlite']);
    assert.deepEqual(run(data, 'forget'), { status: 0, said: '' });
    assert.equal(existsSync(at(KEPT_FOLDER)), false);
  });

  it('changes nothing where there is no room, and says how much it wants', () => {
    // A disk of its own, of which 40 MB are free.
    const data = temporaryFolder('small');
    const mount = `mount -t tmpfs -o size=40m tmpfs ${data} && cp ${join(store().data, 'access.sqlite')} ${data} && `;
    const script = `${mount} "$@"; code=$?; ls ${data} >&2; exit $code`;
    const { status, said } = run(data, 'keep', debianTool('unshare', 'util-linux'), '-rm', 'bash', '-c', script, '-');
    assert.equal(status, 1, said);
    assert.match(
      said,
      /There are \d+ MB free for \S+, and an upgrade needs 68 MB there to keep a copy of the databases/,
    );
    assert.match(said, /Free some space, then run the installer again\.\naccess\.sqlite\n$/);
  });
});

it('every top-level database of the house is one that is kept', () => {
  const code = ['access/access-database.ts', 'inventory/catalogue.ts', 'updates/update-database.ts'].map(path =>
    readFileSync(resolve(import.meta.dirname, '../../../device', path), 'utf8'),
  );
  for (const [place, name] of NAMES.entries()) assert.ok(code[place]?.includes(`'${name}'`), name);
});
