import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { LookdialError } from '../../../device/errors.ts';
import { clothing } from '../../../scripts/store/clothing/command.ts';
import { ClothingHome } from '../../support/clothing-home.ts';
import { temporaryFolder } from '../../support/store.ts';

test('the command gets, cuts out and tells, and says what is missing', async t => {
  const home = await ClothingHome.start(t, 3);
  const out = join(await temporaryFolder(t), 'clothing');
  const said: string[] = [];
  const shown: string[] = [];
  const context = {
    options: { out },
    terminal: { isTTY: true, columns: 200, write: (text: string) => shown.push(text) },
    print: (line: string) => said.push(line),
    signal: new AbortController().signal,
  };
  home.instead = (path, response) => path.endsWith('/g1.jpg') && Boolean(response.end('damaged'));
  await assert.rejects(
    clothing(context, home.source),
    (error: unknown) =>
      error instanceof LookdialError &&
      /^Photographs that are missing: 1\. Give the same command again to get them:\n {2}.*g1\.jpg/.test(error.message),
  );
  home.instead = () => false;
  await clothing(context, home.source);
  await clothing(context, home.source);
  const text = said.join('\n');
  assert.match(text, /Getting the clothing data set \(CC0 1\.0\) from 127\.0\.0\.1:\d+ into /);
  assert.match(text, /3 garments in \d+ s\./);
  assert.match(said.at(-1)!, /The clothing store is in .* already\./);
  assert.match(shown.join(''), /Cutting out .* of 3/);
});
