/** The catalogue's transactions, through checkpoints, a log that starts over, and a file that is closed and opened again. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import type { GarmentRecord } from '../../../device/inventory/garment.ts';
import { garment, storeMetadata } from '../../support/store.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

const GARMENTS = 12;
const VERSIONS = 9;
/** After these the log is moved into the database; after these, the file is closed and opened. */
const CHECKPOINTS: Readonly<Record<number, 'PASSIVE' | 'RESTART'>> = { 1: 'PASSIVE', 4: 'RESTART' };
const REOPENED = 6;

const ENCODER = 'e'.repeat(64);

const pathOf = ({ root }: Place): string => join(root, CATALOGUE_DATABASE);

/** Every garment of a version says which it is. */
const garmentsOf = (version: number): GarmentRecord[] =>
  Array.from({ length: GARMENTS + (version % 3) }, (_, place) =>
    garment(`g${place}`, {
      title: `of version ${version}`,
      sizes: [{ name: 'M', quantity: version }],
      attributes: { long: 'x'.repeat(300), version },
    }),
  );

/** The version that is seen; undefined where there is none. @throws where it is not whole */
function versionIn(catalogue: Catalogue): number | undefined {
  const name = catalogue.store?.name;
  const { items } = catalogue.items({ limit: 200 });
  if (name === undefined) {
    assert.equal(items.length, 0, 'garments without a store');
    return undefined;
  }
  const version = Number(name);
  const expected = garmentsOf(version).map(({ sku, title, sizes, attributes }) => ({ sku, title, sizes, attributes }));
  assert.deepEqual(
    items.map(({ sku, title, sizes, attributes }) => ({ sku, title, sizes, attributes })),
    expected.sort((a, b) => (a.sku < b.sku ? -1 : 1)),
    `version ${version} is not whole`,
  );
  return version;
}

/** Whole stores come, and with each staff name a dial anew. */
function replace(catalogue: Catalogue, version: number): void {
  catalogue.replace({ ...storeMetadata, name: String(version) }, garmentsOf(version));
  catalogue.setStaffWords(ENCODER, 0, { en: { name: String(version), low: null, high: null } });
}

/** The version that the dial is named after; undefined where it has no name. */
function namedIn(catalogue: Catalogue): number | undefined {
  const name = catalogue.staffWords(ENCODER).get(0)?.en?.name;
  return name === undefined ? undefined : Number(name);
}

function checkpoint(place: Place, mode: 'PASSIVE' | 'RESTART'): void {
  const other = new DatabaseSync(pathOf(place));
  other.exec(`PRAGMA wal_checkpoint(${mode})`);
  other.close();
}

/** What SQLite itself finds wrong with the file. */
function checkIntegrity(path: string): void {
  const database = new DatabaseSync(path);
  try {
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  } finally {
    database.close();
  }
}

export const catalogue: Workload = {
  parts: 1,
  prepare: async () => undefined,
  expect: async () => undefined,

  async write(place, acknowledge) {
    mkdirSync(place.root, { recursive: true });
    let open = Catalogue.open(pathOf(place), { create: true });
    for (let version = 0; version < VERSIONS; version += 1) {
      acknowledge(`begin ${version}`);
      replace(open, version);
      acknowledge(`done ${version}`);
      const mode = CHECKPOINTS[version];
      if (mode !== undefined) checkpoint(place, mode);
      if (version === REOPENED) {
        open.close();
        open = Catalogue.open(pathOf(place));
      }
    }
    open.close();
  },

  async churn(place, acknowledge, turn) {
    const open = Catalogue.open(pathOf(place), { create: true });
    for (let version = (versionIn(open) ?? -1) + 1; ; version += 1) {
      acknowledge(`begin ${version}`);
      replace(open, version);
      acknowledge(`done ${version}`);
      // Some die with the log as long as it gets, some while it is moved into the database.
      if (turn % 2 === 0) checkpoint(place, 'PASSIVE');
    }
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    // Nothing was promised: there may be no file, but one that is there must be of use.
    if (done === undefined && !existsSync(pathOf(place)) && !recover) return;
    const open = Catalogue.open(pathOf(place), { create: done === undefined });
    let seen: number | undefined;
    try {
      seen = versionIn(open);
      const allowed = [done, ...begun].map(version => (version === undefined ? undefined : Number(version)));
      assert.ok(allowed.includes(seen), `version ${seen} is seen, and must be one of ${allowed.join(', ')}`);
      const named = namedIn(open);
      const [oldest, newest] = [done === undefined ? -1 : Number(done), seen ?? -1];
      const isPromised = (named ?? -1) >= oldest && (named ?? -1) <= newest;
      assert.ok(isPromised, `the dial is named after ${named}, and must be after one of ${oldest} to ${newest}`);
    } finally {
      open.close();
    }
    if (!recover) return;
    checkIntegrity(pathOf(place));
    const again = Catalogue.open(pathOf(place));
    try {
      assert.equal(versionIn(again), seen, 'a second start sees what the first saw');
      const next = Number(begun.at(-1) ?? done ?? 0);
      replace(again, next);
      assert.equal(versionIn(again), next, 'it can be written to');
    } finally {
      again.close();
    }
    checkIntegrity(pathOf(place));
  },
};
