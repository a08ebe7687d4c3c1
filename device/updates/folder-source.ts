/** A repository in a folder: a USB stick, a file share. It may go away while it is read. */
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { UpdateRefused } from './refusals.ts';
import type { Asked, Reading, Source } from './source.ts';

const CHUNK = 256 * 1024;
/** What the operating system says of a name that leads to no file. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG']);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';

export class FolderSource implements Source {
  readonly name: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.name = folder;
    this.#folder = folder;
  }

  async open(path: string, { from = 0, signal }: Asked = {}): Promise<Reading> {
    signal?.throwIfAborted();
    const parts = path.split('/').map(part => this.#decoded(part, path));
    try {
      const real = await this.#confined(parts, path);
      // A pipe of that name must not hold the box: it is opened without waiting for its other end.
      const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK);
      return await this.#read(file, path, from);
    } catch (cause) {
      throw await this.#refusal(cause, path);
    }
  }

  close(): void {}

  async #confined(parts: readonly string[], path: string): Promise<string> {
    const [root, real] = await Promise.all([realpath(this.#folder), realpath(join(this.#folder, ...parts))]);
    if (real.startsWith(root.endsWith(sep) ? root : root + sep)) return real;
    throw new UpdateRefused('source-misbehaves', `${path} in ${this.name} leads out of it: make it a plain file.`);
  }

  async #read(file: FileHandle, path: string, from: number): Promise<Reading> {
    try {
      const status = await file.stat();
      if (!status.isFile()) {
        throw new UpdateRefused(
          'source-misbehaves',
          `${path} in ${this.name} is not a plain file: copy the repository anew.`,
        );
      }
      const first = from <= status.size ? from : 0;
      const close = (): void => void file.close().catch(() => undefined);
      return { from: first, total: status.size, bytes: this.#bytes(file, path, first), close };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async *#bytes(file: FileHandle, path: string, from: number): AsyncGenerator<Uint8Array> {
    for (let at = from; ; ) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(buffer, 0, CHUNK, at).catch(async cause => {
        throw await this.#refusal(cause, path);
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  #decoded(part: string, path: string): string {
    let name = '';
    try {
      name = decodeURIComponent(part);
    } catch {}
    if (name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name)) return name;
    throw new UpdateRefused('source-misbehaves', `${path} is not a file’s name in a repository.`);
  }

  /** What went wrong, for a person: a file that is missing, or a folder that has gone away. */
  async #refusal(cause: unknown, path: string): Promise<unknown> {
    if (cause instanceof UpdateRefused || !(cause instanceof Error)) return cause;
    // Where a stick was pulled out, the folder that it was mounted in may still be there, empty.
    const there = await stat(join(this.#folder, 'metadata')).catch(() => undefined);
    if (there === undefined || !there.isDirectory()) {
      return new UpdateRefused(
        'source-unreachable',
        `There is no repository in ${this.name}: put the stick in again, or mount the share, and look for updates once more.`,
        { cause },
      );
    }
    if (MISSING.has(codeOf(cause))) {
      return new UpdateRefused('source-incomplete', `${this.name} has no ${path}: copy the whole repository there.`, {
        cause,
      });
    }
    return new UpdateRefused(
      'source-unreachable',
      `${path} in ${this.name} cannot be read (${codeOf(cause)}): if the stick was pulled out, put it in again; else copy the repository anew.`,
      { cause },
    );
  }
}
