import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import type { GarmentRecord } from '../../device/inventory/garment.ts';
import { afterwards } from '../support/afterwards.ts';
import { garment, storeMetadata, temporaryFolder } from '../support/store.ts';

const withGarments = (garments: readonly GarmentRecord[]): Catalogue => {
  const catalogue = Catalogue.open(':memory:', { create: true });
  catalogue.replace(storeMetadata, garments);
  return catalogue;
};

const refused = (run: () => unknown, code: string, part: RegExp): void => {
  assert.throws(run, error => error instanceof LookdialError && error.code === code && part.test(error.message));
};

test('a garment comes back as it went in, its price in units of its currency', () => {
  const catalogue = withGarments([
    garment('a', {
      title: 'Linen shirt',
      category: 'Shirt',
      colour: 'navy',
      priceMinor: 4990,
      currency: 'EUR',
      sizes: [
        { name: 'S', quantity: 3 },
        { name: 'L', quantity: 0 },
      ],
      location: 'Aisle 2, rack 4',
      attributes: { kids: false, fill: 0.7, season: 'summer' },
    }),
    garment('b', { priceMinor: 4900, currency: 'JPY', picture: null, sizes: [] }),
  ]);
  assert.deepEqual(catalogue.item('a'), {
    sku: 'a',
    title: 'Linen shirt',
    category: 'Shirt',
    colour: 'navy',
    price: 49.9,
    currency: 'EUR',
    sizes: [
      { name: 'S', quantity: 3 },
      { name: 'L', quantity: 0 },
    ],
    location: 'Aisle 2, rack 4',
    picture: { hash: 'a'.padEnd(64, '0'), type: 'image/png' },
    attributes: { kids: false, fill: 0.7, season: 'summer' },
    problem: null,
  });
  assert.equal(catalogue.item('b')?.price, 4900);
  assert.equal(catalogue.item('b')?.picture, null);
  assert.deepEqual(catalogue.item('b')?.sizes, []);
  assert.equal(catalogue.item('c'), undefined);
  assert.deepEqual(catalogue.store, storeMetadata);
  assert.equal(catalogue.currency, 'EUR');
});

test('pages walk the whole catalogue once, in the order of SKUs', () => {
  const skus = Array.from({ length: 23 }, (_, i) => `sku-${String(i * 7).padStart(3, '0')}`);
  const catalogue = withGarments(skus.toReversed().map(sku => garment(sku)));
  const seen: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = catalogue.items({ limit: 5, cursor });
    seen.push(...page.items.map(item => item.sku));
    cursor = page.nextCursor;
    pages++;
  } while (cursor !== undefined);
  assert.deepEqual(seen, skus);
  assert.equal(pages, 5);
});

test('a cursor that was never handed out is refused by its name', () => {
  const catalogue = withGarments([garment('a')]);
  for (const cursor of ['', 'x', Buffer.from('{}').toString('base64url'), Buffer.from('[1]').toString('base64url')]) {
    assert.throws(
      () => catalogue.items({ cursor }),
      error => error instanceof LookdialError && error.code === 'invalid-request' && error.field === 'cursor',
    );
  }
});

test('looking up by words sees neither case nor accents, and no pattern characters', () => {
  const catalogue = withGarments([
    garment('AB-1', { title: 'Crêpe Straße dress' }),
    garment('AB-2', { title: '100% wool', category: 'Knit' }),
    garment('CD-3', { title: 'Plain' }),
  ]);
  const found = (q: string, category?: string): string[] => catalogue.items({ q, category }).items.map(i => i.sku);
  assert.deepEqual(found('crepe  STRASSE'), ['AB-1']);
  assert.deepEqual(found('ab-'), ['AB-1', 'AB-2']);
  assert.deepEqual(found('%'), ['AB-2']);
  assert.deepEqual(found('_'), []);
  assert.deepEqual(found('ab-', 'Knit'), ['AB-2']);
  assert.deepEqual(found("'; DROP TABLE garment; --"), []);
});

const rowsOf = (skus: readonly string[]) => ({ count: skus.length, sku: (row: number) => skus[row] ?? '' });

const stocked = [
  garment('a', {
    category: 'Shirt',
    colour: 'navy',
    priceMinor: 1999,
    currency: 'EUR',
    sizes: [{ name: 'S', quantity: 1 }],
  }),
  garment('b', {
    category: 'Shirt',
    colour: 'red',
    priceMinor: 5000,
    currency: 'EUR',
    sizes: [
      { name: 'S', quantity: 0 },
      { name: 'M', quantity: 0 },
    ],
  }),
  garment('c', { category: 'Skirt', priceMinor: 3000, currency: 'JPY' }),
  garment('d', {
    category: 'Skirt',
    colour: 'navy',
    sizes: [
      { name: 'S', quantity: 0 },
      { name: 'M', quantity: 2 },
    ],
  }),
];

test('filters allow what they say, in the order of the index', () => {
  const catalogue = withGarments(stocked);
  const rows = rowsOf(['d', 'c', 'b', 'a', 'gone']);
  const mask = (filter: Parameters<Catalogue['allowed']>[0]): string => catalogue.allowed(filter, rows).mask.join('');
  assert.equal(mask({}), '11010');
  assert.equal(mask({ inStock: false }), '11110');
  assert.equal(mask({ categories: ['Shirt'] }), '00010');
  assert.equal(mask({ categories: ['Shirt', 'Skirt'], inStock: false }), '11110');
  assert.equal(mask({ sizes: ['S'] }), '00010');
  assert.equal(mask({ sizes: ['S'], inStock: false }), '10110');
  assert.equal(mask({ sizes: ['S', 'M'] }), '10010');
  assert.equal(mask({ colours: ['navy'] }), '10010');
  assert.equal(mask({ priceMin: 19.99, priceMax: 19.99 }), '00010');
  assert.equal(mask({ priceMin: 20 }), '01000');
  assert.equal(mask({ categories: ['no such'] }), '00000');
  assert.equal(catalogue.allowed({}, rows).count, 3);
});

test('a prepared filter is the same array until the catalogue changes, here or in another process', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.sqlite');
  const catalogue = Catalogue.open(path, { create: true });
  const other = Catalogue.open(path);
  afterwards(t, () => {
    catalogue.close();
    other.close();
  });
  catalogue.replace(storeMetadata, stocked);
  const rows = rowsOf(['a', 'b']);
  const first = catalogue.allowed({ categories: ['Shirt', 'Skirt'] }, rows);
  assert.equal(catalogue.allowed({ categories: ['Skirt', 'Shirt'], inStock: true }, rows), first);
  assert.equal(first.mask.join(''), '10');
  assert.equal(catalogue.item('a')?.title, 'a');
  const { changes } = catalogue;
  other.replace(storeMetadata, [garment('a', { title: 'renamed' }), garment('b', { category: 'Shirt' })]);
  assert.ok(catalogue.changes > changes);
  assert.equal(catalogue.allowed({ categories: ['Shirt', 'Skirt'] }, rows).mask.join(''), '01');
  assert.equal(catalogue.item('a')?.title, 'renamed');
});

test('facets count what can be had, most first', () => {
  const catalogue = withGarments(stocked);
  assert.deepEqual(catalogue.facets(), {
    categories: [
      { name: 'Skirt', garments: 2 },
      { name: 'Shirt', garments: 1 },
    ],
    sizes: [
      { name: 'M', garments: 1 },
      { name: 'S', garments: 1 },
    ],
    colours: [{ name: 'navy', garments: 2 }],
  });
});

test('what could not be encoded is kept with its reason and leaves the facets', () => {
  const catalogue = Catalogue.open(':memory:', { create: true });
  const problems = [
    { sku: 'a', kind: 'not-encoded', reason: 'There is no picture a.png.' },
    { sku: 'd', kind: 'suspicious', reason: 'Unlike the others.' },
  ] as const;
  catalogue.replace(storeMetadata, stocked, problems);
  assert.deepEqual(catalogue.problems(), problems);
  assert.equal(catalogue.item('a')?.problem, 'There is no picture a.png.');
  assert.equal(catalogue.item('d')?.problem, null);
  assert.deepEqual(catalogue.facets().categories, [{ name: 'Skirt', garments: 2 }]);
});

test('a replacement that fails leaves everything as it was', () => {
  const catalogue = withGarments(stocked);
  const bad = [garment('x'), garment('y', { sizes: [{ name: 'S', quantity: -1 }] })];
  assert.throws(() => catalogue.replace({ ...storeMetadata, name: 'Other' }, bad));
  assert.equal(catalogue.count, 4);
  assert.equal(catalogue.store?.name, 'Test store');
});

test('what is no catalogue is refused with what to do', async t => {
  const folder = await temporaryFolder(t);
  refused(() => Catalogue.open(join(folder, 'none.sqlite')), 'store-invalid', /npm run index/);
  writeFileSync(join(folder, 'text.sqlite'), 'not a database at all, but long enough to be looked at twice'.repeat(40));
  refused(() => Catalogue.open(join(folder, 'text.sqlite')), 'store-invalid', /cannot be opened.*delete it/s);
  const foreign = new DatabaseSync(join(folder, 'foreign.sqlite'));
  foreign.exec('CREATE TABLE cats (name TEXT)');
  foreign.close();
  refused(() => Catalogue.open(join(folder, 'foreign.sqlite')), 'store-invalid', /not a catalogue/);
  Catalogue.open(join(folder, 'newer.sqlite'), { create: true }).close();
  const newer = new DatabaseSync(join(folder, 'newer.sqlite'));
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  refused(() => Catalogue.open(join(folder, 'newer.sqlite')), 'store-invalid', /version 99.*knows up to \d+:/s);
});

test('another reader sees a change as soon as the call that made it returns', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.sqlite');
  const catalogue = Catalogue.open(path, { create: true });
  catalogue.replace(storeMetadata, stocked);
  const database = new DatabaseSync(path, { readOnly: true });
  afterwards(t, () => database.close());
  assert.equal(database.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
  assert.equal(database.prepare('SELECT count(*) AS n FROM garment').get()?.n, 4);
  catalogue.close();
});
