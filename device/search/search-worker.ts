/** One search thread: takes queries from `SearchPool`, and answers with its part. */
import { parentPort, workerData } from 'node:worker_threads';
import { SearchCancelled } from '../matching/scan/scan-part.ts';
import { ScanSearch } from '../matching/scan/scan-search.ts';
import type { WorkerAnswer, WorkerQuestion, WorkerStart } from './search-pool.ts';

if (parentPort === null) throw new Error('search-worker.ts is started by SearchPool, not by itself.');
const port = parentPort;
const { kernel, memory, layout, thread } = workerData as WorkerStart;
const search = new ScanSearch(kernel, memory, layout, thread);

function answer({ query, warm }: WorkerQuestion): WorkerAnswer {
  try {
    return { part: search.part(query, { warm }) };
  } catch (error) {
    if (error instanceof SearchCancelled) return { cancelled: true };
    return { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (question: WorkerQuestion) => port.postMessage(answer(question)));
