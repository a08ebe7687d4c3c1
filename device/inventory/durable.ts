/** Writing so that a power cut leaves the old file or the new one, whole: never a part, never neither. */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface DurableFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  /** fsync. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What of the file system this needs; `node:fs/promises` is one, and the tests bring another. */
export interface DurableFs {
  open(path: string, flags: string): Promise<DurableFile>;
  rename(from: string, to: string): Promise<void>;
}

const NODE: DurableFs = { open, rename };

/** fsync of a folder: the names in it, new ones and renamed ones, are on the disk when it returns. */
export async function syncFolder(folder: string, fs: DurableFs = NODE): Promise<void> {
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a file that nobody reads yet, and flushes it: to be renamed into place. */
export async function writeAside(path: string, bytes: Uint8Array, fs: DurableFs = NODE): Promise<void> {
  const file = await fs.open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes `bytes` the whole of the file `path`: written aside, fsync, renamed over it, fsync of the folder. What is left
 * aside by a crash is written over by the next try. One writer a path at a time.
 */
export async function replaceDurably(path: string, bytes: Uint8Array, fs: DurableFs = NODE): Promise<void> {
  const aside = `${path}.new`;
  await writeAside(aside, bytes, fs);
  await fs.rename(aside, path);
  await syncFolder(dirname(path), fs);
}

/** Why a folder above may not be flushed: it belongs to somebody else, whose matter it is. */
const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS', 'EINVAL']);

/**
 * Makes a folder, with those above it, and flushes the names of all of them: one that was there before may have been
 * made a moment ago, by a process that died.
 */
export async function makeFolderDurably(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = resolve(folder);
  const { dev } = await stat(path);
  for (let [below, above] = [path, dirname(path)]; above !== below; [below, above] = [above, dirname(above)]) {
    try {
      if ((await stat(above)).dev !== dev) return;
      await syncFolder(above);
    } catch (error) {
      if (!NOT_OURS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
