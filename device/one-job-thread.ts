/** A thread that is started for one piece of work, answers it and ends. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LookdialError } from './errors.ts';

/**
 * @param file of the thread, which gets `job` as its `workerData` and posts one answer
 * @param what is awaited of it, for the message where none comes, e.g. "the map"
 * @throws the signal's reason, and then the thread is ended; what the thread threw; LookdialError `internal` where it ends without an answer
 */
export async function oneJob<Answer>(file: URL, job: unknown, what: string, signal?: AbortSignal): Promise<Answer> {
  signal?.throwIfAborted();
  const worker = new Worker(file, { workerData: job });
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const [answer] = await Promise.race([
      aborted,
      once(worker, 'message') as Promise<[Answer]>,
      once(worker, 'exit').then(([code]) => {
        throw new LookdialError('internal', `The thread that makes ${what} ended with code ${code} and no answer.`);
      }),
    ]);
    return answer;
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
