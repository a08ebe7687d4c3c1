/** The next index of a store: the one there is, with what has come and gone since. Made beside the event loop. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LookdialError } from '../errors.ts';
import type { PutRecord } from '../matching/encoding-log.ts';

export interface IndexJob {
  /** The index there is. */
  readonly bytes: Uint8Array;
  readonly encoderDigest: string;
  readonly latentDim: number;
  /** tau of the typicality, in units of z. */
  readonly tolerance: number;
  /** SKUs whose rows are left out. */
  readonly replaced: readonly string[];
  readonly added: readonly PutRecord[];
}

/** @throws the signal's reason; LookdialError `internal` where the thread ends without an index */
export async function buildNextIndex(job: IndexJob, signal?: AbortSignal): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData: job });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const [bytes]: [Uint8Array] = await Promise.race([
      aborted,
      once(worker, 'message') as Promise<[Uint8Array]>,
      once(worker, 'exit').then(([code]) => {
        throw new LookdialError('internal', `The thread that builds the index ended with code ${code} and no index.`);
      }),
    ]);
    return bytes;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
