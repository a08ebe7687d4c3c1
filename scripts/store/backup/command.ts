/** `npm run store -- backup FILE` and `restore FILE`: a store to one file and back. docs/operating.md tells the rest. */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readConfig } from '../../../device/config.ts';
import { LookdialError } from '../../../device/errors.ts';
import { CATALOGUE_DATABASE } from '../../../device/inventory/catalogue.ts';
import { syncFolder } from '../../../device/inventory/durable.ts';
import type { CommandContext } from '../atelier/commands.ts';
import { pack, unpack } from './archive.ts';
import { CONTENTS_FILE, type Contents, describe, verify } from './contents.ts';
import { snapshot } from './snapshot.ts';

const dataOf = ({ options }: CommandContext): string =>
  readConfig({ ...process.env, ...(options.data === undefined ? {} : { LOOKDIAL_DATA: options.data }) }).data;

const said = ({ store, garments, files }: Contents): string => {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `the store “${store}”, ${garments} garments, ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB`;
};

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Unpacks a backup into a folder that is made for it, and verifies it. */
async function unpackWhole(file: string, folder: string, signal: AbortSignal): Promise<Contents> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await unpack(file, folder, signal);
    return await verify(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A daemon may run meanwhile. The file is there whole, read back and opened, or not at all. */
export async function backup(context: CommandContext): Promise<void> {
  const { operands = [], print, signal } = context;
  const [data, file] = [dataOf(context), resolve(operands[0] ?? '')];
  if (!existsSync(join(data, CATALOGUE_DATABASE))) {
    throw new LookdialError(
      'store-invalid',
      `There is no store in ${data} to back up. Name its state folder: --data DIR.`,
    );
  }
  if (existsSync(file))
    throw new LookdialError('config-invalid', `${file} is there already. Give another name, or remove it.`);
  const folder = await snapshot(data);
  const part = `${file}.part`;
  try {
    await writeFile(join(folder, CONTENTS_FILE), `${JSON.stringify(await describe(folder), null, 1)}\n`);
    // Keys are in it.
    await writeFile(part, '', { mode: 0o600 });
    await pack(folder, part, CONTENTS_FILE, signal);
    await flush(part);
    await rm(folder, { recursive: true });
    const contents = await unpackWhole(part, folder, signal);
    await rename(part, file);
    await syncFolder(dirname(file));
    print(`Backed up to ${file}, read back and opened: ${said(contents)}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(part, { force: true });
  }
}

/** A database that a daemon holds open does not leave WAL. @throws LookdialError `store-invalid` where one does */
function refuseWhileServed(data: string): void {
  const path = join(data, CATALOGUE_DATABASE);
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } catch (cause) {
    throw new LookdialError('store-invalid', `A daemon runs on ${data}. Stop it first: systemctl stop lookdial.`, {
      cause,
    });
  } finally {
    database.close();
  }
}

const isEmpty = async (folder: string): Promise<boolean> => (await readdir(folder).catch(() => [])).length === 0;

/** What was there before is put aside, whole. After a cut the same command goes on. */
export async function restore(context: CommandContext): Promise<void> {
  const { operands = [], options, print, signal } = context;
  const [data, file] = [dataOf(context), resolve(operands[0] ?? '')];
  if (!existsSync(file)) throw new LookdialError('config-invalid', `There is no ${file}.`);
  const empty = await isEmpty(data);
  if (!empty && options.replace === undefined) {
    throw new LookdialError(
      'config-invalid',
      `There is a store in ${data}. To put it aside and take the backup: --replace.`,
    );
  }
  refuseWhileServed(data);
  const folder = `${data}.restoring`;
  const contents = await unpackWhole(file, folder, signal);
  await rm(join(folder, CONTENTS_FILE));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await flush(join(entry.parentPath, entry.name));
  await flush(folder);
  signal.throwIfAborted();
  if (empty) {
    await rm(data, { recursive: true, force: true });
  } else {
    const aside = `${data}.before-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`;
    await rename(data, aside);
    print(`What was there is now in ${aside}.`);
  }
  await rename(folder, data);
  await syncFolder(dirname(data));
  print(`Restored to ${data}: ${said(contents)}, as of ${contents.made}.`);
}
