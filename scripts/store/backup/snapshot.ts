/** The state folder at one moment, in a folder beside it on the same disk: databases copied as one transaction, the rest linked. */
import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { holdExclusively, LOCK_FILE } from '../../../device/inventory/exclusive.ts';
import { KEPT_FOLDER, TAKEN_BACK } from '../../device/kept-databases.ts';
import { copyDatabase } from './copy-database.ts';

/** Folders of this command's own, in the state folder. */
export const SNAPSHOT_FOLDER = 'backup.work';

/** What is made anew, is another process's for a moment, or goes with its database. */
const isLeftOut = (name: string): boolean =>
  name === LOCK_FILE ||
  name === SNAPSHOT_FOLDER ||
  name === KEPT_FOLDER ||
  name.startsWith(TAKEN_BACK) ||
  /\.(part|new|sqlite-wal|sqlite-shm)$/.test(name);

/**
 * Of the files only logs are ever written to again: all others are renamed into place, or bear their content's hash, so that a
 * link keeps what is in them.
 */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (isLeftOut(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyFolder(source, target);
    else if (entry.name.endsWith('.sqlite')) copyDatabase(source, target);
    else if (entry.name.endsWith('.log')) await copyFile(source, target);
    else if (entry.isFile()) await link(source, target);
  }
}

/**
 * @param data the state folder; a daemon may run on it, and waits with arrivals for as long as this takes
 * @returns the snapshot's folder, in it; the caller removes it
 * @throws LookdialError `store-invalid` where the store is being indexed or imported
 */
export async function snapshot(data: string): Promise<string> {
  const folder = join(data, SNAPSHOT_FOLDER);
  const hold = holdExclusively(join(data, LOCK_FILE), 'writing');
  try {
    await rm(folder, { recursive: true, force: true });
    await copyFolder(data, folder);
    return folder;
  } finally {
    hold.release();
  }
}
