/** Reading no slower than a least speed: instead of a total time-out, which would end a large download that goes well. */
import { UpdateRefused } from './refusals.ts';
import type { Asked, Reading, Source } from './source.ts';

export interface Pace {
  /** Least speed, bytes a second, over each window. */
  readonly bytesPerSecond: number;
  /** How long a source may be slower, or silent, milliseconds. Only what is waited for the source counts. */
  readonly windowMs: number;
}

/** A model of 50 MB in half a day at the least: slower than any line that is meant to carry it. */
export const USUAL_PACE: Pace = { bytesPerSecond: 1_024, windowMs: 30_000 };

const TOO_LATE = Symbol('too late');

/** What `work` gives; TOO_LATE where it takes longer. @throws the signal's reason */
async function within<T>(work: Promise<T>, ms: number, signal: AbortSignal | undefined): Promise<T | typeof TOO_LATE> {
  const { promise, resolve, reject } = Promise.withResolvers<typeof TOO_LATE>();
  const timer = setTimeout(() => resolve(TOO_LATE), ms);
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    promise.catch(() => undefined);
  }
}

const slow = (source: Source, path: string, pace: Pace): UpdateRefused =>
  new UpdateRefused(
    'source-slow',
    `${source.name} sent ${path} slower than ${pace.bytesPerSecond} bytes a second for ${pace.windowMs / 1_000} seconds: look at the line and the server.`,
  );

/** Opens a file. @throws UpdateRefused `source-slow` where nothing answers for two windows, and what the source throws */
export async function openPaced(source: Source, path: string, asked: Asked, pace: Pace): Promise<Reading> {
  const opening = source.open(path, asked);
  try {
    const reading = await within(opening, 2 * pace.windowMs, asked.signal);
    if (reading !== TOO_LATE) return reading;
    throw slow(source, path, pace);
  } catch (error) {
    // It may come yet, and nobody waits for it any more.
    opening.then(late => late.close()).catch(() => undefined);
    throw error;
  }
}

/** A reading's bytes. Closes it at the end, however that comes. @throws UpdateRefused `source-slow`, and what the source throws */
export async function* paced(
  source: Source,
  path: string,
  reading: Reading,
  pace: Pace,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const least = (pace.bytesPerSecond * pace.windowMs) / 1_000;
  const bytes = reading.bytes[Symbol.asyncIterator]();
  let pending = bytes.next();
  let waitedMs = 0;
  let got = 0;
  try {
    for (;;) {
      const began = performance.now();
      const next = await within(pending, Math.max(0, pace.windowMs - waitedMs), signal);
      waitedMs += performance.now() - began;
      const done = next !== TOO_LATE && next.done === true;
      if (done) return;
      if (next !== TOO_LATE) got += next.value.length;
      if (next === TOO_LATE || waitedMs >= pace.windowMs) {
        if (got < least) throw slow(source, path, pace);
        waitedMs = 0;
        got = 0;
      }
      if (next === TOO_LATE) continue;
      yield next.value;
      pending = bytes.next();
    }
  } finally {
    pending.catch(() => undefined);
    reading.close();
  }
}
