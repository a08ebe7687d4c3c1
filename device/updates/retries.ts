/** When something that failed on its way is asked for again, and when no more. */
import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateRefused } from './refusals.ts';

export interface Retries {
  /** Most tries in a row that bring nothing worth speaking of. */
  readonly tries: number;
  /** The first wait, milliseconds; each further one is twice as long. */
  readonly waitMs: number;
  /** The longest wait, milliseconds. A source that asks for a longer one is left until the next check. */
  readonly longestMs: number;
}

export const USUAL_RETRIES: Retries = { tries: 6, waitMs: 1_000, longestMs: 60_000 };

/** Faults of the way there: another try may go well. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['source-unreachable', 'source-slow']);

export const isOnTheWay = (error: unknown): error is UpdateRefused =>
  error instanceof UpdateRefused && ON_THE_WAY.has(error.reason);

/**
 * Waits before a further try.
 * @param failed how many tries in a row have failed: 1 for the first
 * @throws the error where there is no further try, and the signal's reason
 */
export async function waitForTry(
  error: unknown,
  failed: number,
  retries: Retries,
  signal?: AbortSignal,
): Promise<void> {
  if (!isOnTheWay(error) || failed >= retries.tries) throw error;
  const asked = (error.retryAfter ?? 0) * 1_000;
  if (asked > retries.longestMs) throw error;
  const wait = Math.min(retries.longestMs, retries.waitMs * 2 ** (failed - 1));
  await sleep(Math.max(wait, asked), undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}

/** Tries until it goes well, or cannot. */
export async function withRetries<T>(
  retries: Retries,
  signal: AbortSignal | undefined,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      await waitForTry(error, failed, retries, signal);
    }
  }
}
