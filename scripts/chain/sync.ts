/**
 * Sends a store's garments and stock to the chain's catalogue: what has changed since it was last sent, and nothing twice. It may be
 * stopped at any moment, and run again at any moment.
 */
import { createHash } from 'node:crypto';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Catalogue } from '../../device/inventory/catalogue.ts';
import { type Database, inTransaction } from './database.ts';
import type { ChainRecord } from './record.ts';
import { encodingsOf, recordOf, smallPicture } from './store-records.ts';
import { putSpace, type Space, WRITING, writeBatch } from './write.ts';

/** Garments of a transaction. */
const BATCH = 500;

export interface SyncOptions {
  readonly data: string;
  readonly bundle: Bundle;
  readonly catalogue: Catalogue;
  /** The store's name in the chain's catalogue. */
  readonly store: string;
  /** What people call it. */
  readonly storeName: string;
  readonly progress: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface Synced {
  readonly garments: number;
  readonly sent: number;
  /** Garments that this store had, and has not any more. */
  readonly gone: number;
}

interface Change {
  readonly record: ChainRecord;
  readonly digest: string;
}

export const spaceOf = ({ encoderDigest, manifest }: Bundle): Space => ({
  encoder: encoderDigest,
  latentDim: manifest.latentDim,
  tolerance: manifest.tolerance,
});

function digestOf({ mu, sigma, ...told }: ChainRecord, picture: string | undefined): string {
  const numbers = Float32Array.from([...Array.from(mu), ...Array.from(sigma)]);
  const hash = createHash('sha256').update(JSON.stringify([told, picture ?? null]));
  return hash.update(new Uint8Array(numbers.buffer)).digest('hex');
}

/** What this store has sent. */
interface Sent {
  /** By SKU, of the encoder that serves now. */
  readonly digests: ReadonlyMap<string, string>;
  /** Whatever the encoder: what the catalogue may say that this store has. */
  readonly skus: ReadonlySet<string>;
}

async function begin(database: Database, space: Space, store: string, name: string): Promise<Sent> {
  await putSpace(database, space);
  await database.query(
    `INSERT INTO lookdial.store AS s (id, name) VALUES ($1, $2)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE s.name <> excluded.name`,
    [store, name],
  );
  const { rows } = await database.query<{ encoder: string; sku: string; digest: string }>(
    'SELECT encoder, sku, digest FROM lookdial.sent WHERE store = $1',
    [store],
  );
  const ours = rows.filter(({ encoder }) => encoder === space.encoder);
  return {
    digests: new Map(ours.map(({ sku, digest }) => [sku, digest])),
    skus: new Set(rows.map(({ sku }) => sku)),
  };
}

/** The garments that are others than what was sent last. */
async function changesOf({ data, bundle, catalogue, store }: SyncOptions, sent: ReadonlyMap<string, string>) {
  const encodings = await encodingsOf(data, bundle, catalogue);
  const changes: Change[] = [];
  const here = new Set<string>();
  for (const [sku, posterior] of encodings) {
    const garment = catalogue.item(sku);
    if (garment === undefined) continue;
    here.add(sku);
    const record = recordOf(garment, posterior, store);
    const digest = digestOf(record, garment.picture?.hash);
    if (sent.get(sku) !== digest) changes.push({ record, digest });
  }
  return { changes, here };
}

async function send(
  database: Database,
  space: Space,
  { data, catalogue, store }: SyncOptions,
  changes: readonly Change[],
): Promise<void> {
  const records = await Promise.all(
    changes.map(async ({ record }) => ({
      ...record,
      picture: await smallPicture(data, catalogue.item(record.sku)?.picture ?? null),
    })),
  );
  const skus = records.map(({ sku }) => sku);
  await inTransaction(database, async () => {
    await writeBatch(database, space, records);
    await database.query(
      `INSERT INTO lookdial.sent (store, encoder, sku, digest) SELECT $1, $2, * FROM unnest($3::text[], $4::text[])
       ON CONFLICT (store, encoder, sku) DO UPDATE SET digest = excluded.digest`,
      [store, space.encoder, skus, changes.map(({ digest }) => digest)],
    );
    // What was sent of another model says nothing about the stock as it is sent now: a store that goes back sends it again.
    await database.query('DELETE FROM lookdial.sent WHERE store = $1 AND encoder <> $2 AND sku = ANY($3::text[])', [
      store,
      space.encoder,
      skus,
    ]);
  });
}

async function takeAway(database: Database, store: string, skus: readonly string[]): Promise<void> {
  if (skus.length === 0) return;
  await inTransaction(database, async () => {
    await database.query('SELECT pg_advisory_xact_lock_shared($1)', [WRITING]);
    for (const table of ['stock', 'sent']) {
      await database.query(`DELETE FROM lookdial.${table} WHERE store = $1 AND sku = ANY($2::text[])`, [store, skus]);
    }
  });
}

/** @throws LookdialError `index-invalid` where the store has no index; the signal's reason where it was stopped */
export async function sync(database: Database, options: SyncOptions): Promise<Synced> {
  const { store, storeName, progress, signal, bundle } = options;
  const space = spaceOf(bundle);
  const sent = await begin(database, space, store, storeName);
  const { changes, here } = await changesOf(options, sent.digests);
  for (let done = 0; done < changes.length; done += BATCH) {
    signal?.throwIfAborted();
    await send(database, space, options, changes.slice(done, done + BATCH));
    progress(Math.min(changes.length, done + BATCH), changes.length);
  }
  const gone = [...sent.skus].filter(sku => !here.has(sku));
  await takeAway(database, store, gone);
  // Last of all: until then they tell a run that goes on after one that was stopped what this store had.
  await database.query('DELETE FROM lookdial.sent WHERE store = $1 AND encoder <> $2', [store, space.encoder]);
  return { garments: here.size, sent: changes.length, gone: gone.length };
}
