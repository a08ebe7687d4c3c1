import assert from 'node:assert/strict';
import { isAscii, isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LookdialError } from '../../device/errors.ts';
import { type CatalogueFileOptions, formatOfCatalogue, readCatalogue } from '../../device/inventory/catalogue-file.ts';
import { ColumnMapping, readMapping } from '../../device/inventory/column-mapping.ts';
import { detectEncoding, fromLatin1 } from '../../device/inventory/text-encoding.ts';
import { csvText, temporaryFolder } from '../support/store.ts';

const write = async (t: TestContext, name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(await temporaryFolder(t), name);
  await writeFile(path, content);
  return path;
};

const read = async (t: TestContext, content: string | Uint8Array, options: Partial<CatalogueFileOptions> = {}) => {
  const { format = 'csv' } = options;
  const path = await write(t, `stock.${format}`, content);
  return Array.fromAsync(readCatalogue(path, { needsImage: false, ...options, format }));
};

const refusal = (part: RegExp) => (error: unknown) => error instanceof LookdialError && part.test(error.message);

/** A byte for every sign, as Windows writes it. */
const toLatin1 = (text: string): Buffer =>
  Buffer.from(
    Array.from(text, sign => {
      const byte = Array.from({ length: 256 }, (_, at) => at).find(at => fromLatin1(String.fromCharCode(at)) === sign);
      return byte ?? assert.fail(`${sign} is not in Latin-1`);
    }),
  );

test('whatever dialect a file is written in, its garments come out the same', async t => {
  const path = join(await temporaryFolder(t), 'stock.csv');
  const letters = fc.constantFrom('a', 'Z', 'ß', 'é', 'Ö', '€', '“', '–', ' ', ',', ';', '"', "'", '0');
  const text = fc
    .string({ unit: letters, minLength: 1, maxLength: 12 })
    .filter(one => one.trim() === one && !/ {2}/.test(one));
  const row = fc.record({
    title: text,
    colour: text,
    price: fc.nat(99_999),
    s: fc.nat(99),
    m: fc.nat(99),
    season: text,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('csv', 'jsonl'),
      fc.constantFrom('utf-8', 'latin-1'),
      fc.constantFrom(',', ';'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, format, encoding, delimiter, lineBreak, mark) => {
        const cents = (price: number): string => `${Math.floor(price / 100)}.${String(price % 100).padStart(2, '0')}`;
        const cells = rows.map((one, place) => [
          `sku-${place}`,
          one.title,
          one.colour,
          cents(one.price),
          'EUR',
          `S:${one.s} M:${one.m}`,
          one.season,
        ]);
        const names = ['sku', 'title', 'colour', 'price', 'currency', 'sizes', 'season'];
        const objects = cells.map(row => Object.fromEntries(names.map((name, at) => [name, row[at]])));
        const written =
          format === 'csv'
            ? csvText([names, ...cells], delimiter, lineBreak)
            : objects.map(one => JSON.stringify(one) + lineBreak).join('');
        const marked = `${mark && encoding === 'utf-8' ? '\ufeff' : ''}${written}`;
        const bytes = encoding === 'utf-8' ? Buffer.from(marked) : toLatin1(marked);
        // Plain ASCII is both; an é, a € and a “ in a row could be, and nobody could tell.
        fc.pre(encoding === 'utf-8' || isAscii(bytes) || !isUtf8(bytes));
        await writeFile(path, bytes);
        const detected = await detectEncoding(path);
        if (!isAscii(bytes)) assert.equal(detected, encoding);
        const seen = await Array.fromAsync(readCatalogue(path, { format, encoding: detected, needsImage: false }));
        const expected = rows.map((one, place) => ({
          sku: `sku-${place}`,
          title: one.title,
          colour: one.colour,
          priceMinor: one.price,
          sizes: [
            { name: 'S', quantity: one.s },
            { name: 'M', quantity: one.m },
          ],
        }));
        const told = seen.map(one => {
          assert.ok('garment' in one, 'reason' in one ? one.reason : '');
          const { sku, title, colour, priceMinor, sizes } = one.garment;
          return { sku, title, colour, priceMinor, sizes };
        });
        assert.deepEqual(told, expected);
      },
    ),
    { numRuns: 150 },
  );
});

test('a file that is UTF-8 in places, and one that is UTF-16, are refused with what to do', async t => {
  const mixed = Buffer.concat([Buffer.from('sku,title\n1,Röcke\n'), Buffer.from('2,R\xf6cke\n', 'latin1')]);
  await assert.rejects(detectEncoding(await write(t, 'a.csv', mixed)), refusal(/in some places and not in others/));
  const wide = Buffer.from('\ufeffsku,title\n', 'utf16le');
  await assert.rejects(detectEncoding(await write(t, 'b.csv', wide)), refusal(/is UTF-16: save it again/));
  const cut = Buffer.from('sku\nRöcke').subarray(0, 6);
  assert.equal(await detectEncoding(await write(t, 'c.csv', cut)), 'latin-1', 'half a letter at the end is no UTF-8');
});

test('a named delimiter goes before the one that the header has more of', async t => {
  const [row] = await read(t, 'sku;title,long,words\n1;x\n', { delimiter: ';' });
  assert.ok(row && 'garment' in row);
  assert.deepEqual(row.garment.attributes, { 'title,long,words': 'x' });
});

test('a mapping names other columns, a column for each size, and the attributes worth keeping', async t => {
  const mapping = new ColumnMapping({
    sku: 'Artikelnr.',
    title: 'Bezeichnung',
    price: 'VK brutto',
    sizes: { S: 'Bestand S', M: 'Bestand M', L: 'Bestand L' },
    fabric: 'Material',
    attributes: ['Saison'],
  });
  const csv =
    'Artikelnr.;Bezeichnung;VK brutto;Bestand S;Bestand M;Bestand L;Material;Saison;EK netto;sku\n' +
    '4711;Hemd;49,90;3;0;;Leinen;Sommer;12,00;nicht diese\n';
  const [row] = await read(t, csv, { mapping });
  assert.ok(row && 'garment' in row);
  assert.deepEqual(
    { ...row.garment, image: undefined },
    {
      sku: '4711',
      image: undefined,
      title: 'Hemd',
      category: null,
      colour: null,
      priceMinor: 4990,
      currency: null,
      sizes: [
        { name: 'S', quantity: 3 },
        { name: 'M', quantity: 0 },
      ],
      location: null,
      attributes: { fabric: 'Leinen', Saison: 'Sommer' },
    },
  );
  assert.deepEqual([...row.parts].sort(), ['attributes', 'price', 'sizes', 'title']);
  await assert.rejects(
    read(t, 'Artikelnr.;Preis\n1;2\n', { mapping }),
    refusal(/has no column Bezeichnung, which the mapping .* names; it has Artikelnr\., Preis/),
  );
});

test('a mapping that is none is refused, saying what is wrong with it', async t => {
  const wrong = (written: unknown, part: RegExp): void =>
    assert.throws(() => new ColumnMapping(written), refusal(part));
  wrong([], /must hold one JSON object/);
  wrong({ sku: 3 }, /says for sku what is not the name of a column/);
  wrong({ sku: 'a', title: 'a' }, /names the column a twice/);
  wrong({ attributes: 'all' }, /attributes that are not a list/);
  wrong({ sizes: { S: '' } }, /says for sizes/);
  await assert.rejects(readMapping('/no/such/mapping.json'), refusal(/cannot be read/));
  await assert.rejects(readMapping(await write(t, 'm.json', '{')), refusal(/is not JSON/));
  const read = await readMapping(await write(t, 'n.json', '\ufeff{"sku": "Nr"}'));
  assert.deepEqual(read.targetOf(' Nr '), { to: 'known', name: 'sku' });
});

test('JSON lines hold sizes as JSON has them, and each line that is wrong is told of alone', async t => {
  const lines = [
    '{"sku":"a","sizes":{"One size":3,"38":0},"price":49.9,"currency":"EUR","kids":false,"code":"007","none":null}',
    '',
    '{"sku":"b","sizes":[{"name":"S","quantity":1}]}',
    '{"sku":"c","sizes":"S:1 M:2"}',
    'not json',
    '[1]',
    '{"sku":"d","sizes":{"S":-1}}',
    '{"sku":"e","sizes":[{"name":"S","quantity":1},{"name":"S","quantity":2}]}',
    '{"sku":"f","price":{"eur":3}}',
    '{"title":"nameless"}',
    '{"sku":"g","sizes":7}',
    `{"sku":"h","title":"${'x'.repeat(300_000)}"}`,
    '{"sku":"i"}',
  ];
  const seen = await read(t, lines.join('\n'), { format: 'jsonl' });
  const good = seen.flatMap(one => ('garment' in one ? [one.garment] : []));
  assert.deepEqual(
    good.map(({ sku, sizes, priceMinor, attributes }) => [sku, sizes, priceMinor, attributes]),
    [
      [
        'a',
        // An object's keys that are whole numbers come first: JavaScript's order.
        [
          { name: '38', quantity: 0 },
          { name: 'One size', quantity: 3 },
        ],
        4990,
        { kids: false, code: '007' },
      ],
      ['b', [{ name: 'S', quantity: 1 }], null, {}],
      [
        'c',
        [
          { name: 'S', quantity: 1 },
          { name: 'M', quantity: 2 },
        ],
        null,
        {},
      ],
      ['i', null, null, {}],
    ],
  );
  const bad = seen.flatMap(one => ('reason' in one ? [`${one.line} ${one.sku}: ${one.reason}`] : []));
  const expected = [
    /^5 null: it is not JSON: /,
    /^6 null: it is not a JSON object$/,
    /^7 d: size S: "-1" is not how many there are/,
    /^8 e: the size S is there twice$/,
    /^9 f: price is neither text nor a number$/,
    /^10 null: sku is empty, and image is too$/,
    /^11 g: sizes is neither/,
    /^12 null: the line is longer than 262144 bytes$/,
  ];
  assert.equal(bad.length, expected.length, bad.join('\n'));
  for (const [at, part] of expected.entries()) assert.match(bad[at] ?? '', part);
});

test('the ending says what a file is', () => {
  assert.deepEqual(['a.CSV', 'a.jsonl', 'b/c.ndjson'].map(formatOfCatalogue), ['csv', 'jsonl', 'jsonl']);
  for (const path of ['a.xlsx', 'csv', 'a.csv.gz']) assert.throws(() => formatOfCatalogue(path), refusal(/neither/));
});
