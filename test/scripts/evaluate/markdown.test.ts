import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { LookdialError } from '../../../device/errors.ts';
import { markdownTable, putInto } from '../../../scripts/evaluate/markdown.ts';
import { temporaryFolder } from '../../support/store.ts';

test('a table has its first column to the left and the others to the right', () => {
  assert.deepEqual(markdownTable(['a', 'b'], [['1', '2']]), ['| a | b |', '| --- | ---: |', '| 1 | 2 |', '']);
});

test('what stands between the marks of a page is replaced, and nothing else', async t => {
  const path = join(await temporaryFolder(t), 'page.md');
  await writeFile(path, 'before\n<!-- begin: evaluation -->\nold\n<!-- end: evaluation -->\nafter\n');
  for (const lines of [
    ['much', 'more', 'of', 'it'],
    ['new', ''],
  ])
    await putInto(path, lines);
  assert.equal(
    await readFile(path, 'utf8'),
    'before\n<!-- begin: evaluation -->\n\nnew\n\n<!-- end: evaluation -->\nafter\n',
  );
});

test('a page without the marks, or none, is said and left alone', async t => {
  const path = join(await temporaryFolder(t), 'page.md');
  const isHelpful = (about: RegExp) => (error: unknown) =>
    error instanceof LookdialError && error.code === 'config-invalid' && about.test(error.message);
  await assert.rejects(putInto(path, []), isHelpful(/page\.md cannot be read/));
  await writeFile(path, '<!-- end: evaluation --> <!-- begin: evaluation -->');
  await assert.rejects(putInto(path, []), isHelpful(/has no lines “<!-- begin: evaluation -->”/));
  assert.equal(await readFile(path, 'utf8'), '<!-- end: evaluation --> <!-- begin: evaluation -->');
});
