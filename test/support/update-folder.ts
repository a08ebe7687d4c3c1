/** A box that reads a repository from a disk: tuf-js's own updater, over files. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import { parseRelease, type Release } from '../../device/updates/release.ts';

class FolderFetcher implements Fetcher {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async downloadFile<T>(url: string, maxLength: number, handler: (file: string) => Promise<T>): Promise<T> {
    const path = join(this.#folder, new URL(url).pathname);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw new DownloadHTTPError(`There is no ${path}.`, 404);
    if (found.size > maxLength) throw new Error(`${path} holds ${found.size} bytes, and ${maxLength} are allowed.`);
    return await handler(path);
  }

  downloadBytes = (url: string, maxLength: number): Promise<Buffer> =>
    this.downloadFile(url, maxLength, path => readFile(path));
}

/**
 * What a box that knows a root and nothing else takes of a repository, every file of the release read and held to its digest.
 * @param beside a folder to work in
 * @throws whatever tuf-js refuses, or Error naming a file that is not what the release lists
 */
export async function takeFrom(repository: string, root: string, beside: string): Promise<Release> {
  const folder = mkdtempSync(join(beside, 'box-'));
  try {
    copyFileSync(root, join(folder, 'root.json'));
    const updater = new Updater({
      metadataDir: folder,
      metadataBaseUrl: 'http://box/metadata',
      targetDir: folder,
      targetBaseUrl: 'http://box/targets',
      fetcher: new FolderFetcher(repository),
    });
    await updater.refresh();
    const target = await updater.getTargetInfo('bundle.json');
    if (target === undefined) throw new Error('The repository lists no bundle.json.');
    const path = await updater.downloadTarget(target);
    const release = parseRelease(await readFile(path), path);
    for (const { path: member, sha256, bytes } of release.members) {
      const blob = await readFile(join(repository, 'blobs', 'sha256', sha256));
      const digest = createHash('sha256').update(blob).digest('hex');
      if (blob.length !== bytes || digest !== sha256)
        throw new Error(`${member} holds ${blob.length} bytes, ${digest}.`);
    }
    return release;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
