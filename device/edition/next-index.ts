/** The next index of a store: the one there is, with what has come and gone since. Made beside the event loop. */
import type { PutRecord } from '../matching/encoding-log.ts';
import { oneJob } from '../one-job-thread.ts';

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
export const buildNextIndex = (job: IndexJob, signal?: AbortSignal): Promise<Uint8Array> =>
  oneJob(new URL('./index-worker.ts', import.meta.url), job, 'the index', signal);
