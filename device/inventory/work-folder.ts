/** The state folder while a long run works in it: one run at a time, and its troubles in words. */
import { join } from 'node:path';
import { LookdialError } from '../errors.ts';
import { makeFolderDurably } from './durable.ts';
import { holdExclusively } from './exclusive.ts';

/**
 * Runs `work` while no other run can.
 * @param data the state folder, absolute; made where it is missing
 * @param doing for messages, e.g. `indexing`
 * @throws LookdialError `store-invalid` where another run is under way, or the folder cannot be written; what `work` throws
 */
export async function holdStateFolder<T>(data: string, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    await makeFolderDurably(data);
    const hold = holdExclusively(join(data, 'indexing.lock'), doing);
    try {
      return await work();
    } finally {
      hold.release();
    }
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined && code !== 'ERR_SQLITE_ERROR') throw cause;
    const { message } = cause as Error;
    const what = `${doing.charAt(0).toUpperCase()}${doing.slice(1)}`;
    throw new LookdialError('store-invalid', `${what} into ${data} stopped: ${message}.`, { cause });
  }
}
