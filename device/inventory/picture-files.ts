/** The pictures of the state folder, each named by its content's hash: never half written, never there twice. */
import { hash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder, writeAside } from './durable.ts';
import type { GarmentPicture } from './garment.ts';

const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp' };

/** `<data>/pictures/<first two hex digits>/<hash>.<ending>` */
export function picturePath(data: string, { hash, type }: GarmentPicture): string {
  const ending = ENDINGS[type];
  if (ending === undefined) throw new RangeError(`There is no ending for pictures of type ${type}.`);
  return join(data, 'pictures', hash.slice(0, 2), `${hash}.${ending}`);
}

export const sha256 = (bytes: Uint8Array): Buffer => hash('sha256', bytes, 'buffer');

export class PictureFiles {
  readonly #data: string;
  /** Folders with a name in them that may not be on the disk yet. */
  readonly #unsynced = new Set<string>();
  /** Pictures being written: two garments may share one. */
  readonly #writing = new Map<string, Promise<void>>();

  constructor(data: string) {
    this.#data = data;
  }

  /** Keeps a picture; it is safe from a power cut once `flush` has returned. */
  async put(picture: GarmentPicture, bytes: Uint8Array): Promise<void> {
    const path = picturePath(this.#data, picture);
    // Also where it is there: who wrote it may have died before its name was flushed.
    for (const folder of [dirname(path), join(this.#data, 'pictures'), this.#data]) this.#unsynced.add(folder);
    const known = await stat(path).catch(() => undefined);
    if (known?.size === bytes.length) return;
    const writing = this.#writing.get(path) ?? this.#write(path, bytes);
    this.#writing.set(path, writing);
    try {
      await writing;
    } finally {
      this.#writing.delete(path);
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeAside(`${path}.new`, bytes);
    await rename(`${path}.new`, path);
  }

  /** fsync of every folder with a name of a picture that was put. */
  async flush(): Promise<void> {
    for (const folder of this.#unsynced) {
      await syncFolder(folder);
      this.#unsynced.delete(folder);
    }
  }

  /** Removes these; one that is gone already is no fault. */
  async remove(pictures: Iterable<GarmentPicture>): Promise<void> {
    for (const picture of pictures) await rm(picturePath(this.#data, picture), { force: true });
  }

  /** Removes all but these, with whatever a crash left half written. */
  async keepOnly(pictures: Iterable<GarmentPicture>): Promise<void> {
    const kept = new Set(Array.from(pictures, picture => picturePath(this.#data, picture)));
    const root = join(this.#data, 'pictures');
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !kept.has(path)) await unlink(path);
    }
  }
}
