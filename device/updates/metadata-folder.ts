/**
 * The repository's metadata as the box trusts them, in a folder of their own. tuf-js writes its files in place and flushes none:
 * cut there, it could never update again. So it is given a copy, and the copy takes the folder's place whole, durably, or not.
 */
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeFolderDurably, replaceDurably, syncFolder } from '../inventory/durable.ts';

/** Names the folder that is current: a number. */
const POINTER = 'current';
const NUMBER = /^[1-9][0-9]{0,14}$/;

export type Files = ReadonlyMap<string, Buffer>;

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const name of (await readdir(folder)).sort()) {
    if (name.endsWith('.json')) files.set(name, await readFile(join(folder, name)));
  }
  return files;
}

const same = (a: Files, b: Files): boolean =>
  a.size === b.size && [...a].every(([name, bytes]) => b.get(name)?.equals(bytes) === true);

export class MetadataFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async #number(): Promise<number | undefined> {
    const text = await readFile(join(this.#folder, POINTER), 'utf8').catch(() => '');
    return NUMBER.test(text.trim()) ? Number(text) : undefined;
  }

  /** The files that are trusted, by name; none where there are none yet, or the folder was lost. */
  async current(): Promise<Files> {
    const number = await this.#number();
    if (number === undefined) return new Map();
    return filesIn(join(this.#folder, String(number))).catch(() => new Map());
  }

  /** Makes a folder with these files, for tuf-js to work in, and removes what an earlier one left. @returns its path */
  async stage(files: Files): Promise<string> {
    await makeFolderDurably(this.#folder);
    const current = await this.#number();
    const names = (await readdir(this.#folder)).filter(name => NUMBER.test(name)).map(Number);
    for (const name of names) {
      if (name !== current) await rm(join(this.#folder, String(name)), { recursive: true, force: true });
    }
    const staged = join(this.#folder, String(Math.max(0, current ?? 0, ...names) + 1));
    await mkdir(staged);
    for (const [name, bytes] of files) await writeFile(join(staged, name), bytes);
    return staged;
  }

  /** Makes the staged files the current ones. Where they are the same, nothing is written. */
  async commit(staged: string): Promise<void> {
    const [before, after] = [await this.current(), await filesIn(staged)];
    if (same(before, after)) return this.drop(staged);
    for (const name of after.keys()) {
      const file = await open(join(staged, name), 'r');
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }
    await syncFolder(staged);
    await syncFolder(this.#folder);
    const previous = await this.#number();
    await replaceDurably(join(this.#folder, POINTER), Buffer.from(`${basename(staged)}\n`));
    if (previous !== undefined) await rm(join(this.#folder, String(previous)), { recursive: true, force: true });
  }

  async drop(staged: string): Promise<void> {
    await rm(staged, { recursive: true, force: true });
  }
}
