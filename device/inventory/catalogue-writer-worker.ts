/** Writes the catalogue in a thread of its own: a disk that takes its time to flush keeps no screen waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './catalogue-schema.ts';
import type { WriterAnswer, WriterStart } from './catalogue-writer.ts';
import { type Order, StockLedger } from './stock-ledger.ts';

const { path, name }: WriterStart = workerData;
const database = openDatabase(path, false);
// Sales are all over the store: its pages are kept, up to so many kilobytes, and not read for every batch.
database.exec('PRAGMA cache_size = -32000');
const ledger = new StockLedger(database, name);

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
