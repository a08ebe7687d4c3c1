/** A chain's catalogue for the bench: as many garments as are asked for, with the structure of a real store's, in a database of its own. */
import { join } from 'node:path';
import { CREATE_SCHEMA } from '../../../device/chain/chain-schema.ts';
import { LookdialError } from '../../../device/errors.ts';
import { openBundle } from '../../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { type Database, inTransaction } from '../../chain/database.ts';
import type { ChainRecord } from '../../chain/record.ts';
import { encodingsOf } from '../../chain/store-records.ts';
import { spaceOf } from '../../chain/sync.ts';
import { putSpace, type Space, writeBatch } from '../../chain/write.ts';
import { prepareStore } from '../../store/prepare.ts';
import type { Context } from '../suite.ts';
import type { Encoded } from './spread.ts';

const BATCH = 1_000;
const STORES = 40;
/** The only stores of a database that may be emptied; the first has everything. */
export const OURS = 'bench';

export interface Originals {
  readonly originals: readonly Encoded[];
  readonly space: Space;
  /** The state folder that they are in. */
  readonly data: string;
}

/** A store's own garments, to make a chain's of: indexed first, where that has not been done. */
export async function originalsOf({ config, say }: Context): Promise<Originals> {
  const data = join(config.data, 'bench-chain');
  say('preparing the store');
  await prepareStore({
    config: { ...config, data },
    stores: config.data,
    terminal: process.stderr,
    print: () => undefined,
    unlessCurrent: true,
  });
  const bundle = await openBundle(config.bundle);
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  try {
    const encodings = await encodingsOf(data, bundle, catalogue);
    const originals = Array.from(encodings, ([sku, posterior]) => ({
      kind: catalogue.item(sku)?.category ?? '',
      posterior,
    }));
    return { originals, space: spaceOf(bundle), data };
  } finally {
    catalogue.close();
  }
}

/** Of four garments one is sold out everywhere. */
const recordOf = ({ kind, posterior }: Encoded, place: number): ChainRecord => {
  const stores = [OURS, `${OURS}-${place % STORES}`];
  return {
    sku: `bench-${String(place).padStart(7, '0')}`,
    title: kind,
    category: kind,
    colour: null,
    priceMinor: 1_000 + (place % 500) * 10,
    priceScale: 100,
    currency: 'EUR',
    mu: posterior.mu,
    sigma: posterior.sigma,
    stock: stores.flatMap(store => ['S', 'M', 'L'].map(size => ({ store, size, quantity: place % 4 }))),
    stores,
  };
};

/** Leaves the tables as `init` does. @throws LookdialError `chain-unavailable` where there is somebody's catalogue */
export async function empty(database: Database): Promise<void> {
  const { rows } = await database.query<{ there: string | null }>(
    `SELECT to_regclass('lookdial.store')::text AS there`,
  );
  if (rows[0]?.there) {
    const others = await database.query('SELECT 1 FROM lookdial.store WHERE id NOT LIKE $1 LIMIT 1', [`${OURS}%`]);
    if (others.rows.length > 0) {
      throw new LookdialError(
        'chain-unavailable',
        'That database has a chain’s catalogue: give the bench one of its own.',
      );
    }
    await database.query('DROP SCHEMA lookdial CASCADE');
  }
  await database.query('CREATE EXTENSION IF NOT EXISTS vector');
  await database.query(CREATE_SCHEMA);
}

/** @returns seconds */
export async function fill(
  database: Database,
  space: Space,
  garments: readonly Encoded[],
  say: Context['say'],
): Promise<number> {
  await putSpace(database, space);
  const started = performance.now();
  for (let start = 0; start < garments.length; start += BATCH) {
    const records = garments.slice(start, start + BATCH).map((one, place) => recordOf(one, start + place));
    await inTransaction(database, () => writeBatch(database, space, records));
    if ((start / BATCH) % 10 === 9) say(`  ${start + BATCH} garments loaded`);
  }
  return (performance.now() - started) / 1_000;
}
