import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LookdialError } from '../../device/errors.ts';
import type { CatalogueRow } from '../../device/inventory/catalogue-row.ts';
import { readStoreFolder, StorePictures, type StoreRow } from '../../device/inventory/store-folder.ts';
import { csvText, temporaryFolder } from '../support/store.ts';

const folderWith = async (t: TestContext, csv: string): Promise<string> => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'catalogue.csv'), csv);
  return folder;
};
const read = async (t: TestContext, csv: string): Promise<StoreRow[]> =>
  Array.fromAsync(readStoreFolder(await folderWith(t, csv)));
const garments = (rows: readonly StoreRow[]): CatalogueRow[] =>
  rows.flatMap(row => (row.kind === 'garment' ? [row.garment] : []));
const problems = (rows: readonly StoreRow[]): string[] =>
  rows.flatMap(row =>
    row.kind === 'problem' ? [`${row.problem.line} ${row.problem.sku}: ${row.problem.reason}`] : [],
  );
const refusal = (part: RegExp) => (error: unknown) =>
  error instanceof LookdialError && error.code === 'store-invalid' && part.test(error.message);

test('every column is read, and an unknown one becomes an attribute', async t => {
  const rows = await read(
    t,
    'SKU;Image;title;category;colour;price;currency;sizes;location;kids;fill;season;code;empty\n' +
      'A1;a.webp;"Shirt; linen";Shirt;navy;49,9;eur;S:3 M:0 L:12;Aisle 2;false;0.7;summer;007;\n',
  );
  assert.deepEqual(rows, [
    {
      kind: 'garment',
      garment: {
        sku: 'A1',
        image: 'a.webp',
        title: 'Shirt; linen',
        category: 'Shirt',
        colour: 'navy',
        priceMinor: 4990,
        currency: 'EUR',
        sizes: [
          { name: 'S', quantity: 3 },
          { name: 'M', quantity: 0 },
          { name: 'L', quantity: 12 },
        ],
        location: 'Aisle 2',
        attributes: { kids: false, fill: 0.7, season: 'summer', code: '007' },
      },
    },
  ]);
});

test('an image is enough: its name gives the SKU, its category the title', async t => {
  const rows = garments(await read(t, 'image,category\nshelf/abc.webp,Hat\ndef.png,\n'));
  assert.deepEqual(
    rows.map(row => [row.sku, row.title, row.category, row.sizes, row.priceMinor]),
    [
      ['abc', 'Hat', 'Hat', null, null],
      ['def', 'def', null, null, null],
    ],
  );
});

test('a bad row is reported with its line, its SKU and what is wrong, and the good ones are kept', async t => {
  const rows = await read(
    t,
    [
      'sku,image,price,currency,sizes',
      'a,a.png,12,EUR,S:1',
      'b,b.png,€ 12,EUR,',
      'c,c.png,1.234,EUR,',
      'd,,12,EUR,',
      'e,e.png,12,Euro,',
      'f,f.png,12,EUR,S M:3',
      'g,g.png,12,EUR,S:1 S:2',
      'h,h.png',
      'i,i.png,12,EUR,S:1,more',
      `${'j'.repeat(129)},j.png,1,EUR,`,
      'a,k.png,12,EUR,',
      'l,l.png,4900,JPY,',
      'm,m.png,49.5,JPY,',
      'n,n.png,"1,234",KWD,',
    ].join('\n'),
  );
  assert.deepEqual(
    garments(rows).map(row => [row.sku, row.priceMinor]),
    [
      ['a', 1200],
      ['l', 4900],
    ],
  );
  assert.deepEqual(problems(rows), [
    '3 b: price "€ 12" is not a number such as 49.90, without a currency sign',
    '4 c: price "1.234" is not a number such as 49.90, without a currency sign',
    '5 d: image is empty: name the file of its picture',
    '6 e: currency "Euro" is not a code of three letters such as EUR',
    '7 f: sizes "S M:3": "S" is not a size, a colon and how many there are, as in S:3 M:0',
    '8 g: sizes "S:1 S:2" has S twice',
    '9 h: it has 2 fields, and the header has 5',
    '10 i: it has 6 fields, and the header has 5',
    `11 ${'j'.repeat(129)}: sku has 129 characters, and the most is 128`,
    '12 a: the SKU a is already on line 2: give this garment one of its own',
    '14 m: price "49.5" is not a number such as 4900, without a currency sign',
    '15 n: price "1,234" is not a number such as 49.900, without a currency sign',
  ]);
});

test('prices come back to the cent, whatever they are', async t => {
  const folder = await temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 999_999_999 }), { minLength: 1 }), async cents => {
      const text = (cent: number): string => `${Math.floor(cent / 100)}.${String(cent % 100).padStart(2, '0')}`;
      const rows = cents.map((cent, i) => [`${i}.png`, text(cent)]);
      await writeFile(join(folder, 'catalogue.csv'), csvText([['image', 'price'], ...rows]));
      const read = garments(await Array.fromAsync(readStoreFolder(folder)));
      assert.deepEqual(
        read.map(row => row.priceMinor),
        cents,
      );
    }),
    { numRuns: 40 },
  );
});

test('a folder without a catalogue is told which file is missing and what its columns are', async t => {
  const folder = await temporaryFolder(t);
  const read = Array.fromAsync(readStoreFolder(folder));
  await assert.rejects(read, refusal(/has no catalogue\.csv.*image.*sku.*title.*category.*price.*sizes/s));
  await assert.rejects(Array.fromAsync(readStoreFolder(join(folder, 'none'))), refusal(/none is not a folder/));
});

test('a header that cannot be used is refused', async t => {
  await assert.rejects(read(t, ''), refusal(/is empty/));
  await assert.rejects(read(t, 'sku,title\n1,2\n'), refusal(/has no column image; it has sku, title\./));
  await assert.rejects(read(t, 'image,Title,title\n'), refusal(/two columns named title/));
  await assert.rejects(read(t, 'image,"title\nx.png,1\n'), refusal(/line 1: a quote is opened and never closed/));
});

test('columns called like parts of every object are plain attributes', async t => {
  const [row] = garments(await read(t, 'image,__proto__,constructor\na.png,1,2\n'));
  assert.deepEqual(Object.entries(row?.attributes ?? {}), [
    ['__proto__', 1],
    ['constructor', 2],
  ]);
});

test('pictures are read from the folder or its images, and never from outside', async t => {
  const folder = join(await temporaryFolder(t), 'store');
  await mkdir(join(folder, 'images', 'deep'), { recursive: true });
  await writeFile(join(folder, 'here.png'), 'here');
  await writeFile(join(folder, 'images', 'deep', 'there.png'), 'there');
  await writeFile(join(dirname(folder), 'secret.png'), 'secret');
  await symlink(join(dirname(folder), 'secret.png'), join(folder, 'link.png'));
  await symlink(dirname(folder), join(folder, 'way'));
  const pictures = new StorePictures(folder, 1_000);
  assert.equal(String(await pictures.read('here.png')), 'here');
  assert.equal(String(await pictures.read('deep/there.png')), 'there');
  for (const image of [
    '../secret.png',
    join(dirname(folder), 'secret.png'),
    'link.png',
    'way/secret.png',
    'a/../../x',
  ]) {
    await assert.rejects(
      pictures.read(image),
      error => error instanceof LookdialError && error.code === 'picture-unreadable' && /outside/.test(error.message),
      image,
    );
  }
  await assert.rejects(pictures.read('none.png'), /There is no such file/);
  await assert.rejects(pictures.read('images'), /There is no such file/);
});

test('a file too large to be a picture is not read', async t => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'big.png'), Buffer.alloc(1_001));
  await assert.rejects(
    new StorePictures(folder, 1_000).read('big.png'),
    error => error instanceof LookdialError && error.code === 'picture-too-large' && /1001 bytes/.test(error.message),
  );
});
