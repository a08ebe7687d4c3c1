/**
 * A store's databases while a new program is tried: kept before it first opens them, and put back where the program before would
 * refuse what it made of them. No daemon runs meanwhile. After a cut at any place the same step is done again.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../../device/errors.ts';
import { copyDatabase } from '../store/backup/copy-database.ts';

/** In the state folder: the databases as they were. */
export const KEPT_FOLDER = 'before-upgrade';
/** In the state folder, with a time after it: what a program had made of them that was taken back. */
export const TAKEN_BACK = 'taken-back-';
const LIST = 'databases.json';

/** So much is left to the programs, bytes. Chosen with a margin, and not measured. */
const MARGIN = 64 * 2 ** 20;
const BUSY_MS = 5_000;
const SQLITE_BUSY = 5;

/** What changes names; a test cuts it. */
export interface Names {
  readonly link: (from: string, to: string) => void;
  readonly rename: (from: string, to: string) => void;
}
const NAMES: Names = { link: linkSync, rename: renameSync };

/** The version of each database when it was kept. */
type Versions = Readonly<Record<string, number>>;

const databasesOf = (data: string): string[] =>
  existsSync(data) ? readdirSync(data).filter(name => name.endsWith('.sqlite')) : [];

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function using<T>(path: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const versionOf = (path: string): number =>
  using(path, database => Number(database.prepare('PRAGMA user_version').get()?.user_version));

/** What a copy takes at the most, and what is free for it, bytes. */
export function roomFor(data: string): { needed: number; free: number } {
  const files = databasesOf(data).flatMap(name => [join(data, name), join(data, `${name}-wal`)]);
  const bytes = files.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
  if (!existsSync(data)) return { needed: 0, free: 0 };
  const { bavail, bsize } = statfsSync(data);
  return { needed: bytes, free: bavail * bsize };
}

/** @returns what a copy takes at the most, bytes @throws LookdialError `disk-full` */
export function checkRoom(data: string): number {
  const { needed, free } = roomFor(data);
  if (needed === 0 || free >= needed + MARGIN) return needed;
  const [has, needs] = [free, needed + MARGIN].map(bytes => Math.ceil(bytes / 1e6));
  throw new LookdialError(
    'disk-full',
    `There are ${has} MB free for ${data}, and an upgrade needs ${needs} MB there to keep a copy of the databases. Free some space, then run the installer again.`,
  );
}

/**
 * Keeps a copy of every database, whole or not at all, in place of one that was there.
 * @returns its size, bytes
 * @throws LookdialError `disk-full`; `store-invalid` where one cannot be read
 */
export function keep(data: string): number {
  checkRoom(data);
  forget(data);
  const names = databasesOf(data);
  if (names.length === 0) return 0;
  const aside = join(data, `${KEPT_FOLDER}.new`);
  mkdirSync(aside, { mode: 0o700 });
  const versions: Record<string, number> = {};
  for (const name of names) {
    try {
      copyDatabase(join(data, name), join(aside, name));
    } catch (cause) {
      throw new LookdialError(
        'store-invalid',
        `${join(data, name)} cannot be copied: ${(cause as Error).message}. What is wrong, and what to do, says: npm run doctor -- databases.`,
        { cause },
      );
    }
    flush(join(aside, name));
    versions[name] = versionOf(join(aside, name));
  }
  writeFileSync(join(aside, LIST), JSON.stringify(versions));
  flush(join(aside, LIST));
  flush(aside);
  renameSync(aside, join(data, KEPT_FOLDER));
  flush(data);
  return names.reduce((sum, name) => sum + statSync(join(data, KEPT_FOLDER, name)).size, 0);
}

/** All of a database in its one file, so that no log of it is taken for another’s. @returns its version; undefined: it cannot be read */
function settled(path: string): number | undefined {
  try {
    return using(path, database => {
      database.exec('PRAGMA journal_mode = DELETE');
      return Number(database.prepare('PRAGMA user_version').get()?.user_version);
    });
  } catch (cause) {
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) return undefined;
    throw new LookdialError(
      'store-invalid',
      `${path} is held by another program. Stop it, then run the installer again.`,
      { cause },
    );
  }
}

/**
 * Puts back the databases that are of a newer version now, that cannot be read any more, or that were not there: the program
 * before would refuse those. The others stay as they are, with what was written to them meanwhile.
 * @param now names the folder where what was put aside is, as it was
 * @returns that folder; undefined where nothing had to be put back
 * @throws LookdialError `store-invalid`
 */
export function putBack(data: string, now = new Date(), { link, rename }: Names = NAMES): string | undefined {
  const kept = join(data, KEPT_FOLDER);
  if (!existsSync(kept)) return undefined;
  const before = JSON.parse(readFileSync(join(kept, LIST), 'utf8')) as Versions;
  const aside = join(data, `${TAKEN_BACK}${now.toISOString().slice(0, 19).replaceAll(':', '')}`);
  let moved = false;
  for (const name of new Set([...databasesOf(data), ...Object.keys(before)])) {
    const [path, copy, away] = [join(data, name), join(kept, name), join(aside, name)];
    const version = existsSync(path) ? settled(path) : undefined;
    if (version !== undefined && version <= (before[name] ?? -1)) continue;
    if (before[name] !== undefined && !existsSync(copy)) continue;
    moved = true;
    mkdirSync(aside, { recursive: true, mode: 0o700 });
    for (const log of ['-wal', '-shm']) if (existsSync(path + log)) rename(path + log, away + log);
    if (existsSync(copy)) {
      // There is no moment without a database of this name: one would be made, without a key in it.
      if (existsSync(path) && !existsSync(away)) link(path, away);
      flush(aside);
      rename(copy, path);
    } else {
      rename(path, away);
    }
    flush(aside);
    flush(data);
  }
  return moved ? aside : undefined;
}

/** Away with the copy, and with one that was not whole. */
export function forget(data: string): void {
  if (!existsSync(data)) return;
  for (const name of [KEPT_FOLDER, `${KEPT_FOLDER}.new`]) rmSync(join(data, name), { recursive: true, force: true });
  flush(data);
}
