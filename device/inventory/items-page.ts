/** The catalogue page by page. */
import type { DatabaseSync } from 'node:sqlite';
import { LookdialError } from '../errors.ts';
import { folded, type Garment } from './garment.ts';
import { GARMENT_COLUMNS, garmentOf } from './garment-table.ts';

export interface ItemsQuery {
  /** Part of a title or of a SKU; case and accents do not matter. */
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** Garments a page, 1 to 200; 50 unless said otherwise. */
  readonly limit?: number | undefined;
}

export interface ItemsPage {
  /** In the order of their SKUs. */
  readonly items: Garment[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** Garments a page where nothing is said. */
export const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

/** Where the next page goes on, as it is told. */
export const writeCursor = (sku: string): string => Buffer.from(JSON.stringify([sku])).toString('base64url');

/** @returns the last SKU of the page before. @throws LookdialError `invalid-request` for a cursor that is not one */
export function readCursor(cursor: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') return value[0];
  } catch {
    // Falls through: whatever is wrong with it, the answer is the same.
  }
  throw new LookdialError('invalid-request', 'cursor must be the nextCursor of an answer of this list.', {
    field: 'cursor',
  });
}

/** @throws LookdialError `invalid-request` for a cursor that is not one. */
export function pageOf(database: DatabaseSync, query: ItemsQuery): ItemsPage {
  const limit = Math.min(Math.max(Math.trunc(query.limit ?? DEFAULT_PAGE), 1), MAX_PAGE);
  const clauses = ['TRUE'];
  const values: (string | number)[] = [];
  const add = (clause: string, value: string): void => {
    clauses.push(clause);
    values.push(value);
  };
  if (query.q !== undefined) add('instr(folded, ?) > 0', folded(query.q));
  if (query.category !== undefined) add('category = ?', query.category);
  if (query.cursor !== undefined) add('sku > ?', readCursor(query.cursor));
  const sql = `SELECT ${GARMENT_COLUMNS} FROM garment WHERE ${clauses.join(' AND ')} ORDER BY sku LIMIT ?`;
  const items = database
    .prepare(sql)
    .all(...values, limit + 1)
    .map(garmentOf);
  const last = items[limit - 1];
  return items.length > limit && last !== undefined
    ? { items: items.slice(0, limit), nextCursor: writeCursor(last.sku) }
    : { items };
}
