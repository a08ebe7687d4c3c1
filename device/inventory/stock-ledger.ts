/**
 * Writes what tills and integrators say into the catalogue: each order once, however often it comes, and several of them in
 * one transaction, so that one flush of the disk serves all who wait for it.
 */

import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { together } from '../database.ts';
import { type ErrorCode, LookdialError } from '../errors.ts';
import { MAX_QUANTITY, MAX_SIZES } from './catalogue-cell.ts';
import { NEXT_REVISION } from './catalogue-schema.ts';
import type { Garment, GarmentRecord, GarmentSize } from './garment.ts';
import { GarmentTable } from './garment-table.ts';
import { Receipts } from './receipts.ts';

/** How many there are of a size, or how many more; exactly one of the two. */
export interface StockChange {
  readonly sku: string;
  readonly size: string;
  readonly quantity?: number | undefined;
  readonly change?: number | undefined;
}

/** What an order that may come twice is known by. */
export type Receipt =
  | { readonly kind: 'key'; readonly key: string }
  /** The `sequence`-th order of `source` since it began counting anew for the `epoch`-th time. */
  | { readonly kind: 'sequence'; readonly source: string; readonly epoch: number; readonly sequence: number };

export type Order = { readonly receipt?: Receipt | undefined } & (
  | {
      readonly kind: 'stock';
      readonly changes: readonly StockChange[] /** Refused where a garment is not known. */;
      readonly strict: boolean;
    }
  | { readonly kind: 'item'; readonly item: ItemRecord }
);

/** A garment as an integrator describes it: its picture is another's matter; sizes left out stay as they are. */
export type ItemRecord = Omit<GarmentRecord, 'picture' | 'sizes'> & { readonly sizes?: readonly GarmentSize[] | null };

export interface StockAnswer {
  /** Changes that were made. */
  readonly applied: number;
  /** Garments that the catalogue has not. */
  readonly unknown: readonly string[];
  /** Sizes of which more went than there were: there are none now. */
  readonly floored: readonly { readonly sku: string; readonly size: string }[];
  /** The garment's sizes now, where the order was about one garment. */
  readonly sizes?: readonly GarmentSize[] | null;
}

export interface ItemAnswer {
  readonly created: boolean;
}

export type Outcome =
  | {
      readonly answer: StockAnswer | ItemAnswer;
      /** It had been carried out before: nothing has changed now. */
      readonly replayed: boolean;
      /** The garments that are not as they were, as they are now. */
      readonly garments: readonly Garment[];
    }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string; readonly field?: string | undefined } };

export class StockLedger {
  readonly #database: DatabaseSync;
  readonly #garments: GarmentTable;
  readonly #receipts: Receipts;
  readonly #known: StatementSync;
  readonly #quantity: StatementSync;
  readonly #set: StatementSync;
  readonly #add: StatementSync;
  readonly #places: StatementSync;
  readonly #makeKnown: StatementSync;
  readonly #writer: StatementSync;
  readonly #name: string;

  /** @param name tells this writer from all others */
  constructor(database: DatabaseSync, name: string) {
    this.#name = name;
    this.#database = database;
    this.#garments = new GarmentTable(database);
    this.#receipts = new Receipts(database);
    this.#known = database.prepare('SELECT stock_known FROM garment WHERE sku = ?');
    this.#quantity = database.prepare('SELECT quantity FROM size WHERE sku = ? AND name = ?');
    this.#set = database.prepare('UPDATE size SET quantity = ? WHERE sku = ? AND name = ?');
    this.#add = database.prepare('INSERT INTO size VALUES (?, ?, ?, ?)');
    this.#places = database.prepare('SELECT count(*) AS n, coalesce(max(place), -1) AS last FROM size WHERE sku = ?');
    this.#makeKnown = database.prepare('UPDATE garment SET stock_known = 1 WHERE sku = ?');
    this.#writer = database.prepare('SELECT writer FROM revision');
  }

  /**
   * Carries out orders one after another, in one transaction that is on the disk when this returns. One that is refused
   * changes nothing, and keeps none of the others.
   * @param now milliseconds since 1970
   * @throws what SQLite throws where it cannot write: then none of them has been carried out
   */
  apply(orders: readonly Order[], now = Date.now()): Outcome[] {
    return together(this.#database, () => {
      this.#sign();
      const outcomes = orders.map(order => this.#try(order, now));
      this.#receipts.prune(now);
      return outcomes;
    });
  }

  /** Another writer since the last time has told its changes to others: whoever listens to this one must look anew. */
  #sign(): void {
    if (this.#writer.get()?.writer === this.#name) return;
    this.#database.exec(NEXT_REVISION);
    this.#database.prepare('UPDATE revision SET writer = ?').run(this.#name);
  }

  #try(order: Order, now: number): Outcome {
    this.#database.exec('SAVEPOINT one');
    try {
      const outcome = this.#once(order, now);
      this.#database.exec('RELEASE one');
      return outcome;
    } catch (error) {
      if (!(error instanceof LookdialError)) throw error;
      this.#database.exec('ROLLBACK TO one; RELEASE one');
      const { code, message, field } = error;
      return { refused: { code, message, field } };
    }
  }

  #once(order: Order, now: number): Outcome {
    const { receipt, ...asked } = order;
    if (receipt === undefined) return { ...this.#carryOut(order), replayed: false };
    const digest = createHash('sha256').update(JSON.stringify(asked)).digest();
    const before = this.#receipts.find(receipt, digest);
    if (before !== undefined) return { answer: JSON.parse(before), replayed: true, garments: [] };
    const done = this.#carryOut(order);
    this.#receipts.put(receipt, digest, JSON.stringify(done.answer), now);
    return { ...done, replayed: false };
  }

  #carryOut(order: Order): { answer: StockAnswer | ItemAnswer; garments: Garment[] } {
    return order.kind === 'stock' ? this.#restock(order) : this.#put(order.item);
  }

  #restock({ changes, strict }: Extract<Order, { kind: 'stock' }>): { answer: StockAnswer; garments: Garment[] } {
    const changed = new Set<string>();
    const unknown = new Set<string>();
    const floored: { sku: string; size: string }[] = [];
    let applied = 0;
    for (const one of changes) {
      const { sku, size } = one;
      const known = this.#known.get(sku)?.stock_known;
      if (known === undefined) {
        if (strict)
          throw new LookdialError('item-not-found', `There is no garment with the SKU “${sku}”.`, { field: 'sku' });
        unknown.add(sku);
        continue;
      }
      const before = this.#quantity.get(sku, size)?.quantity;
      const sum = one.quantity ?? Number(before ?? 0) + (one.change ?? 0);
      const after = Math.min(Math.max(sum, 0), MAX_QUANTITY);
      applied++;
      if (sum < 0) floored.push({ sku, size });
      if (before === after) continue;
      if (before === undefined) this.#newSize(sku, size, after);
      else this.#set.run(after, sku, size);
      if (known === 0) this.#makeKnown.run(sku);
      changed.add(sku);
    }
    const garments = Array.from(changed, sku => this.#garments.get(sku)).filter(one => one !== undefined);
    const answer = { applied, unknown: [...unknown], floored };
    const [first] = changes;
    if (!strict || first === undefined) return { answer, garments };
    return { answer: { ...answer, sizes: this.#garments.get(first.sku)?.sizes ?? null }, garments };
  }

  #newSize(sku: string, size: string, quantity: number): void {
    const { n, last } = this.#places.get(sku) ?? {};
    if (Number(n) >= MAX_SIZES) {
      throw new LookdialError(
        'invalid-request',
        `The garment ${sku} has ${n} sizes already, and the most is ${MAX_SIZES}.`,
        { field: 'size' },
      );
    }
    this.#add.run(sku, Number(last) + 1, size, quantity);
  }

  #put(item: ItemRecord): { answer: ItemAnswer; garments: Garment[] } {
    const { sku } = item;
    const before = this.#garments.get(sku);
    if (before === undefined) this.#garments.insert({ sizes: null, ...item, picture: null });
    else this.#garments.update(item);
    const after = this.#garments.get(sku);
    const same = JSON.stringify(before) === JSON.stringify(after);
    return { answer: { created: before === undefined }, garments: after === undefined || same ? [] : [after] };
  }
}
