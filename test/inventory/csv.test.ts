import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { LookdialError } from '../../device/errors.ts';
import { readCsv } from '../../device/inventory/csv.ts';
import { csvText, temporaryFolder } from '../support/store.ts';

const read = async (t: TestContext, content: string | Uint8Array): Promise<unknown[]> => {
  const path = join(await temporaryFolder(t), 'catalogue.csv');
  await writeFile(path, content);
  const seen: unknown[] = [];
  for await (const record of readCsv(path)) {
    seen.push('fields' in record ? [record.line, ...record.fields] : `${record.line}: ${record.reason}`);
  }
  return seen;
};

test('whatever is written as CSV is read as it was, with the line each row begins on', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.csv');
  const cell = fc.string({ unit: fc.constantFrom('a', 'ß', '→', '👗', '"', ',', ';', '\n', '\r\n', ' ', '\t') });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 5 }).chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }))),
      fc.constantFrom(',', ';'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (rows, delimiter, lineBreak, mark) => {
        const header = ['image', 'title', 'other'];
        const text = csvText([header, ...rows], delimiter, lineBreak);
        await writeFile(path, (mark ? '\ufeff' : '') + text);
        let line = 1;
        const expected = [header, ...rows].map(fields => {
          const begins = line;
          line += csvText([fields], delimiter, lineBreak).split(/\r\n|\n|\r/).length - 1;
          return { line: begins, fields };
        });
        assert.deepEqual(await Array.fromAsync(readCsv(path)), expected);
      },
    ),
    { numRuns: 150 },
  );
});

test('lines are counted through empty lines and breaks inside quotes', async t => {
  assert.deepEqual(await read(t, 'a,b\r\n\r\n1,"x\r\n\r\ny"\r\n3,4'), [
    [1, 'a', 'b'],
    [3, '1', 'x\r\n\r\ny'],
    [6, '3', '4'],
  ]);
});

test('a damaged row is told of and the rows after it are read', async t => {
  assert.deepEqual(await read(t, 'a,b\n1,"x"y\n2,ok\n3,x"y\n4,ok\n5,"open\n6,ok\n'), [
    [1, 'a', 'b'],
    '2: text follows a closing quote: a quote inside a quoted field is written twice ("")',
    [3, '2', 'ok'],
    '4: a quote stands inside an unquoted field: quote the whole field, and write the quote twice ("")',
    [5, '4', 'ok'],
    '6: a quote is opened and never closed',
    [7, '6', 'ok'],
  ]);
});

test('a quote that is never closed does not swallow a long file', async t => {
  const rows = Array.from({ length: 40_000 }, (_, i) => `${i},garment number ${i}`);
  rows[10] = '10,"open';
  const seen = await read(t, `a,b\n${rows.join('\n')}\n`);
  assert.equal(seen.length, 40_001);
  assert.deepEqual(seen[11], '12: a quote is opened and not closed within 262144 bytes');
  assert.deepEqual(seen.at(-1), [40_001, '39999', 'garment number 39999']);
});

test('any text at all is read to its end, each line told of at most once and in order', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.csv');
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\r\n'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, async content => {
      await writeFile(path, content);
      const lines = (await Array.fromAsync(readCsv(path))).map(record => record.line);
      assert.ok(lines.every((line, place) => line > (lines[place - 1] ?? 0)));
      assert.ok((lines.at(-1) ?? 1) <= content.split(/\r\n|\n|\r/).length);
      const [first] = content.split(/\r\n|\n|\r/);
      if (first?.includes('a')) assert.equal(lines[0], 1);
    }),
    { numRuns: 200 },
  );
});

test('a text that is not UTF-8 is refused with what to do', async t => {
  await assert.rejects(
    read(t, Buffer.from('image,title\nx.png,Röcke\n', 'latin1')),
    error =>
      error instanceof LookdialError && error.code === 'store-invalid' && /not UTF-8.*CSV UTF-8/.test(error.message),
  );
});

test('what is damaged all over is refused as no CSV', async t => {
  const nonsense = 'a,"b"c\n'.repeat(1_200);
  await assert.rejects(
    read(t, nonsense),
    error => error instanceof LookdialError && /more than 1000 damaged rows/.test(error.message),
  );
});

test('a signal ends the reading', async t => {
  const path = join(await temporaryFolder(t), 'catalogue.csv');
  await writeFile(path, 'a,b\n1,2\n');
  await assert.rejects(Array.fromAsync(readCsv(path, { signal: AbortSignal.abort() })), { name: 'AbortError' });
});
