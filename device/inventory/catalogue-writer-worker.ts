/** Writes the catalogue in a thread of its own: a disk that takes its time to flush keeps no screen waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './catalogue-schema.ts';
import type { WriterAnswer, WriterStart } from './catalogue-writer.ts';
import { type Order, StockLedger } from './stock-ledger.ts';

const { path, name }: WriterStart = workerData;
const ledger = new StockLedger(openDatabase(path, false), name);

parentPort?.on('message', (orders: readonly Order[]) => {
  let answer: WriterAnswer;
  try {
    answer = { outcomes: ledger.apply(orders) };
  } catch (error) {
    const { errcode, message } = error as { errcode?: number; message: string };
    answer = { failure: { errcode, message } };
  }
  parentPort?.postMessage(answer);
});
