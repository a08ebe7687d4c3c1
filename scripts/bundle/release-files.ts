/** Whether all that a release lists is in the repository. */
import type { Release } from '../../device/updates/release.ts';
import { Progress } from '../store/progress.ts';
import { isInPlace } from './blobs.ts';
import { totalBytes } from './describe.ts';
import { repositoryInvalid } from './metadata.ts';
import { blobPath } from './places.ts';
import type { Setting } from './setting.ts';

/**
 * Reads every file that a release lists.
 * @param next what to do where one is not whole
 * @throws LookdialError `release-invalid` naming the first that is not
 */
export async function checkFiles(
  { repository, terminal, signal }: Setting,
  release: Release,
  next: string,
): Promise<void> {
  const { members, index } = release;
  const total = totalBytes(release);
  const progress = new Progress({ terminal, label: 'Checking', unit: 'bytes' });
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    progress.update(Math.min(done, total), total);
  };
  try {
    for (const file of [...members, ...(index ? [{ path: 'the index', ...index }] : [])]) {
      if (await isInPlace(repository, file, { onBytes, signal })) continue;
      const path = blobPath(repository, file.sha256);
      throw repositoryInvalid(
        path,
        `it is not whole, and release ${release.release} lists it as ${file.path}. ${next}`,
      );
    }
  } finally {
    progress.end();
  }
}
