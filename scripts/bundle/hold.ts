/** One publisher at a time in a folder, by a lock that the operating system lets go of when its holder dies. */
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { type Hold, tryHold } from '../../device/inventory/exclusive.ts';

export const LOCK = 'publishing.lock';
/** What a timer re-signs takes less. */
const PATIENCE_MS = 3_000;

function take(path: string, patienceMs: number): Hold | undefined {
  try {
    return tryHold(path, patienceMs);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new LookdialError(
      'release-invalid',
      `${path}: it cannot be locked: ${reason}. Look whether the folder can be written.`,
      {
        cause,
      },
    );
  }
}

/**
 * Runs `work` while no other command has any of the folders, which must be there.
 * @throws LookdialError `release-invalid` where another has one
 */
export async function holding<T>(
  [folder, ...others]: readonly string[],
  work: () => Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  if (folder === undefined) return await work();
  const path = join(folder, LOCK);
  const hold = take(path, patienceMs);
  if (hold === undefined) {
    throw new LookdialError(
      'release-invalid',
      `${folder}: another npm run bundle is at work here (its lock is ${path}). Wait for it to end, then give the command again.`,
    );
  }
  try {
    return await holding(others, work, patienceMs);
  } finally {
    hold.release();
  }
}
