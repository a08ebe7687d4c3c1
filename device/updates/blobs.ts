/** The files of releases, each kept once, by what it holds; and the folders that a bundle is opened from. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { makeFolderDurably, syncFolder } from '../inventory/durable.ts';
import { isOf } from './fetch-file.ts';
import { UpdateRefused } from './refusals.ts';
import type { Release } from './release.ts';

/** What is kept: a member of a release, or its index. */
export interface Kept {
  readonly sha256: string;
  readonly bytes: number;
}

const HEX = /^[0-9a-f]{64}$/;
const NUMBER = /^[1-9][0-9]{0,14}$/;
/** What a disk says that has no links, or none from there to here. */
const NO_LINKS: readonly string[] = ['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Every file of a release, each content once. */
export function blobsOf({ members, index }: Pick<Release, 'members' | 'index'>): Kept[] {
  const all: Kept[] = [...members, ...(index === undefined ? [] : [index])];
  return [...new Map(all.map(({ sha256, bytes }) => [sha256, { sha256, bytes }])).values()];
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `blobs/sha256/<hex>` and `editions/<number>/` in one folder. One process at a time. */
export class Blobs {
  readonly #blobs: string;
  readonly #editions: string;
  readonly #link: typeof link;

  /** @param folder the updates folder @param linkFile gives a file another name */
  constructor(folder: string, linkFile: typeof link = link) {
    this.#link = linkFile;
    this.#blobs = join(folder, 'blobs', 'sha256');
    this.#editions = join(folder, 'editions');
  }

  /** Makes the folders, durably. */
  async prepare(): Promise<void> {
    for (const folder of [this.#blobs, this.#editions]) await makeFolderDurably(folder);
  }

  path(sha256: string): string {
    if (!HEX.test(sha256)) throw new RangeError(`${sha256} is no SHA-256 in hex.`);
    return join(this.#blobs, sha256);
  }

  /** Where it is fetched to. */
  partPath(sha256: string): string {
    return `${this.path(sha256)}.part`;
  }

  editionFolder(edition: number): string {
    return join(this.#editions, String(edition));
  }

  /** Bytes of it that are on the disk, whole or in part. */
  async bytesThere({ sha256, bytes }: Kept): Promise<number> {
    for (const path of [this.path(sha256), this.partPath(sha256)]) {
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined) return Math.min(bytes, found.size);
    }
    return 0;
  }

  /** Whether it is there, and what it should be; it is read for that. One that is not is removed. */
  async holds({ sha256, bytes }: Kept, signal?: AbortSignal): Promise<boolean> {
    const path = this.path(sha256);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return false;
    if (found.size === bytes && (await isOf(path, { sha256 }, signal))) return true;
    await rm(path, { force: true });
    return false;
  }

  /** Names a part that is whole, checked and flushed: it is a blob, durably, when this returns. */
  async admit({ sha256 }: Kept): Promise<void> {
    await rename(this.partPath(sha256), this.path(sha256));
    await syncFolder(this.#blobs);
  }

  /** Takes it from a file that is on the box already. @returns whether that was the right one */
  async seed({ sha256, bytes }: Kept, from: string, signal?: AbortSignal): Promise<boolean> {
    // Not the part: what was fetched of it is of use where this is not.
    const aside = `${this.path(sha256)}.seed`;
    try {
      await copyFile(from, aside, constants.COPYFILE_FICLONE);
      const { size } = await stat(aside);
      if (size !== bytes || !(await isOf(aside, { sha256 }, signal))) return false;
      await syncFile(aside);
      await rename(aside, this.path(sha256));
      await syncFolder(this.#blobs);
      return true;
    } catch {
      signal?.throwIfAborted();
      // What cannot be taken from there is fetched.
      return false;
    } finally {
      await rm(aside, { force: true });
    }
  }

  /** Numbers of the editions that are there, rising. */
  async editions(): Promise<number[]> {
    const names = await readdir(this.#editions).catch(() => []);
    return names
      .filter(name => NUMBER.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /**
   * Makes a bundle's folder of blobs that are all there: hard links, or copies where the disk has none. It is there whole and
   * flushed, or not at all; one that is there already is made anew.
   * @throws UpdateRefused `write-failed`
   */
  async makeEdition(edition: number, members: Release['members']): Promise<string> {
    const folder = this.editionFolder(edition);
    const aside = `${folder}.new`;
    try {
      await rm(aside, { recursive: true, force: true });
      await mkdir(aside);
      const folders = new Set([aside]);
      for (const { path, sha256 } of members) {
        const to = resolve(aside, path);
        // The schema lets no such path pass: this is the last door before the disk.
        if (!to.startsWith(aside + sep)) throw new RangeError(`${path} leads out of the edition’s folder.`);
        await mkdir(dirname(to), { recursive: true });
        for (let one = dirname(to); one !== aside; one = dirname(one)) folders.add(one);
        await this.#place(sha256, to);
      }
      for (const one of [...folders].reverse()) await syncFolder(one);
      await this.#removeEdition(String(edition));
      await rename(aside, folder);
      await syncFolder(this.#editions);
      return folder;
    } catch (cause) {
      await rm(aside, { recursive: true, force: true }).catch(() => undefined);
      throw new UpdateRefused(
        'write-failed',
        `${folder} cannot be made: ${(cause as Error).message}. Look at the data disk.`,
        { cause },
      );
    }
  }

  /** It loses its name before it loses a file: cut amid that, it is no edition any more, rather than half of one. */
  async #removeEdition(name: string): Promise<void> {
    const path = join(this.#editions, name);
    const gone = `${path}.gone`;
    if (NUMBER.test(name) && (await stat(path).catch(() => undefined)) !== undefined) {
      await rm(gone, { recursive: true, force: true });
      await rename(path, gone);
      await syncFolder(this.#editions);
      await rm(gone, { recursive: true, force: true });
    } else await rm(path, { recursive: true, force: true });
  }

  async #place(sha256: string, to: string): Promise<void> {
    try {
      await this.#link(this.path(sha256), to);
    } catch (cause) {
      if (!NO_LINKS.includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
      await copyFile(this.path(sha256), to);
      await syncFile(to);
    }
  }

  /**
   * Removes every blob, part and edition that is not of these.
   * @param keep the kept releases' files
   * @param editions their numbers
   */
  async collect(keep: Iterable<Kept>, editions: Iterable<number>): Promise<void> {
    const blobs = new Set(Array.from(keep, ({ sha256 }) => sha256));
    const kept = new Set(Array.from(editions, String));
    for (const name of await readdir(this.#editions)) {
      if (!kept.has(name)) await this.#removeEdition(name);
    }
    for (const name of await readdir(this.#blobs)) {
      if (!blobs.has(name.replace(/\.part$/, ''))) await rm(join(this.#blobs, name), { force: true });
    }
    for (const folder of [this.#editions, this.#blobs]) await syncFolder(folder);
  }
}

/** Files of a bundle's folder by their SHA-256, as its manifest lists them, and the manifest itself: untrusted, to be hashed. */
export async function seedsOf(bundle: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  try {
    const bytes = await readFile(join(bundle, 'manifest.json'));
    found.set(createHash('sha256').update(bytes).digest('hex'), join(bundle, 'manifest.json'));
    const { files } = JSON.parse(bytes.toString('utf8')) as { files?: { path?: unknown; sha256?: unknown }[] };
    for (const { path, sha256 } of files ?? []) {
      if (typeof path === 'string' && typeof sha256 === 'string') found.set(sha256, join(bundle, path));
    }
  } catch {
    // A bundle that cannot be read has nothing to give.
  }
  return found;
}
