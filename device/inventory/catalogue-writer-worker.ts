/** Writes the catalogue in a thread of its own: a disk that takes its time to flush keeps no screen waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { openCatalogue } from './catalogue-schema.ts';
import { failureOf, type WriterAnswer, type WriterStart } from './catalogue-writer.ts';
import { type Order, StockLedger } from './stock-ledger.ts';

const { path, name }: WriterStart = workerData;
let ledger: StockLedger | undefined;

function open(): StockLedger {
  const database = openCatalogue(path, false);
  // Sales are all over the store: its pages are kept, up to so many kilobytes, and not read for every batch.
  database.exec('PRAGMA cache_size = -32000');
  return new StockLedger(database, name);
}

parentPort?.on('message', (orders: readonly Order[]) => {
  let answer: WriterAnswer;
  try {
    ledger ??= open();
    answer = { outcomes: ledger.apply(orders) };
  } catch (error) {
    answer = { failure: failureOf(error) };
  }
  parentPort?.postMessage(answer);
});
