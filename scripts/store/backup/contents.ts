/** What a backup says of itself, and whether a folder is what it says. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { LookdialError } from '../../../device/errors.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { INDEX_FILE } from '../../../device/inventory/encodings.ts';

/** The first file of a backup. */
export const CONTENTS_FILE = 'lookdial-backup.json';
const FORMAT = 'lookdial-backup/1';

const Contents = Type.Object({
  format: Type.Literal(FORMAT),
  /** When it was made, ISO 8601. */
  made: Type.String(),
  /** The store's name on the screen. */
  store: Type.String(),
  garments: Type.Integer({ minimum: 0 }),
  files: Type.Array(
    Type.Object({
      path: Type.String({ minLength: 1 }),
      bytes: Type.Integer(),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
});
export type Contents = Type.Static<typeof Contents>;

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => !entry.isDirectory())
    .map(entry => relative(folder, join(entry.parentPath, entry.name)));
  return files.filter(path => path !== CONTENTS_FILE).sort();
}

const broken = (folder: string, why: string): LookdialError =>
  new LookdialError('store-invalid', `What is in ${folder} is not a whole store: ${why}`);

/** Opens a store that nobody serves. @throws LookdialError where its databases are damaged, or its index is another's */
async function openStore(folder: string): Promise<{ store: string; garments: number }> {
  for (const name of (await readdir(folder)).filter(one => one.endsWith('.sqlite'))) {
    const database = new DatabaseSync(join(folder, name));
    try {
      const [row] = database.prepare('PRAGMA integrity_check').all();
      const said = String(Object.values(row ?? {})[0]);
      if (said !== 'ok') throw broken(folder, `${name}: ${said}`);
    } finally {
      database.close();
    }
  }
  const catalogue = Catalogue.open(join(folder, CATALOGUE_DATABASE));
  try {
    const { store } = catalogue;
    if (store === undefined) throw broken(folder, 'its catalogue names no store.');
    const index = await digestOf(join(folder, INDEX_FILE));
    if (index !== store.index)
      throw broken(folder, 'its index and its catalogue are not of one run. Index it first, then back it up.');
    return { store: store.name, garments: catalogue.count };
  } finally {
    catalogue.close();
  }
}

/** @throws LookdialError `store-invalid` for a store that could not be served */
export async function describe(folder: string): Promise<Contents> {
  const { store, garments } = await openStore(folder);
  const files: Contents['files'] = [];
  for (const path of await pathsIn(folder)) {
    // Opening a database leaves these beside it.
    if (/\.sqlite-(wal|shm)$/.test(path)) continue;
    const whole = join(folder, path);
    files.push({ path, bytes: (await stat(whole)).size, sha256: await digestOf(whole) });
  }
  return { format: FORMAT, made: new Date().toISOString(), store, garments, files };
}

async function readContents(folder: string): Promise<Contents> {
  const text = await readFile(join(folder, CONTENTS_FILE), 'utf8').catch(() => '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(folder, `it has no ${CONTENTS_FILE}. Give a file that npm run store -- backup made.`);
  }
  if (!Value.Check(Contents, value)) throw broken(folder, `its ${CONTENTS_FILE} is not of the format ${FORMAT}.`);
  return value;
}

/** Every file by its length and digest, none missing and none more; then opened. @throws LookdialError `store-invalid` */
export async function verify(folder: string): Promise<Contents> {
  const contents = await readContents(folder);
  const there = new Set(await pathsIn(folder));
  for (const { path, bytes, sha256 } of contents.files) {
    if (!there.delete(path)) throw broken(folder, `${path} is missing.`);
    const whole = join(folder, path);
    const { size } = await stat(whole);
    if (size !== bytes) throw broken(folder, `${path} has ${size} bytes, expected ${bytes}.`);
    if ((await digestOf(whole)) !== sha256)
      throw broken(folder, `${path} has another SHA-256 than when it was backed up.`);
  }
  const [more] = there;
  if (more !== undefined) throw broken(folder, `${more} does not belong to it.`);
  await openStore(folder);
  return contents;
}
