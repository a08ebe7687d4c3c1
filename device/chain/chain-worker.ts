/**
 * The chain's line, in a thread of its own: whatever another machine sends, the thread that matches this store's garments neither
 * reads it nor waits for it, and does not fall with it.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerQuestion } from './chain-link.ts';
import { Rubbish } from './chain-rows.ts';
import { ChainSession, NotLoaded, type SessionOptions, TooSlow } from './chain-session.ts';
import { failureCode, failureSentence } from './failures.ts';

if (parentPort === null) throw new Error('chain-worker.ts is started by ChainLink, not by itself.');
const port = parentPort;
/** How far this thread steps back where there are fewer cores than work: the store's own matches go first (nice, 0 to 19). */
const STEPPED_BACK = 10;
// On Linux that is this thread's alone; elsewhere it would be the whole daemon's.
if (process.platform === 'linux') setPriority(STEPPED_BACK);

const session = new ChainSession(workerData as SessionOptions);

function carryOut({ ask }: WorkerQuestion): Promise<unknown> {
  switch (ask.kind) {
    case 'warm':
      return session.warm();
    case 'rank':
      return session.rank(ask.question);
    case 'garments':
      return session.garments(ask.skus);
    case 'picture':
      return session.picture(ask.sku);
  }
}

/** What was thrown, without its message: that may name a user or a host. */
function failureOf(error: unknown): string {
  if (error instanceof TooSlow || error instanceof NotLoaded || error instanceof Rubbish) return error.message;
  const code = failureCode(error);
  if (code === undefined) return 'The chain’s catalogue cannot be asked.';
  const sentence = failureSentence(error);
  return `The chain’s catalogue cannot be asked (${code})${sentence === undefined ? '.' : `: ${sentence}`}`;
}

port.on('message', (question: WorkerQuestion) => {
  carryOut(question).then(
    result => port.postMessage({ id: question.id, result } satisfies WorkerAnswer),
    error => port.postMessage({ id: question.id, failure: failureOf(error) } satisfies WorkerAnswer),
  );
});
