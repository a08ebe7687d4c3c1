/** Orders about stock, in few words, and a ledger that carries them out in memory. */
import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { openCatalogue } from '../../device/inventory/catalogue-schema.ts';
import { type Order, type Outcome, type StockChange, StockLedger } from '../../device/inventory/stock-ledger.ts';

export const SKUS = ['a', 'b', 'c'];
export const SIZES = ['S', 'M'];

export function open(): {
  database: DatabaseSync;
  ledger: StockLedger;
  sizes: () => Record<string, Record<string, number> | null>;
} {
  const database = openCatalogue(':memory:', true);
  const insert = database.prepare(
    "INSERT INTO garment VALUES (?, ?, NULL, NULL, NULL, 100, NULL, NULL, 0, NULL, NULL, '{}', '')",
  );
  for (const sku of SKUS) insert.run(sku, sku);
  const sizes = (): Record<string, Record<string, number> | null> =>
    Object.fromEntries(
      SKUS.map(sku => {
        const known = database.prepare('SELECT stock_known AS known FROM garment WHERE sku = ?').get(sku)?.known === 1;
        const rows = database.prepare('SELECT name, quantity FROM size WHERE sku = ? ORDER BY name').all(sku);
        return [sku, known ? Object.fromEntries(rows.map(row => [String(row.name), Number(row.quantity)])) : null];
      }),
    );
  return { database, ledger: new StockLedger(database, 'test'), sizes };
}

export const one = (ledger: StockLedger, order: Order, now?: number): Outcome => {
  const [outcome] = ledger.apply([order], now);
  return outcome ?? assert.fail('no outcome');
};
export const codeOf = (outcome: Outcome): string =>
  'refused' in outcome ? outcome.refused.code : outcome.replayed ? 'replayed' : 'done';
export const stock = (changes: StockChange[], receipt?: Order['receipt']): Order => ({
  kind: 'stock',
  strict: false,
  changes,
  receipt,
});
export const seq = (source: string, epoch: number, sequence: number): Order['receipt'] => ({
  kind: 'sequence',
  source,
  epoch,
  sequence,
});
export const key = (name: string): Order['receipt'] => ({ kind: 'key', key: name });
