/** Writing so that a power cut leaves the old file or the new one, whole: never a part, never neither. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

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
