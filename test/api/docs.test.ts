import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterwards } from '../support/afterwards.ts';
import { atelierDaemon, atelierState } from '../support/atelier-daemon.ts';
import { Contract } from '../support/contract.ts';
import { TestDaemon } from '../support/daemon.ts';
import { temporaryFolder } from '../support/store.ts';
import { blocksOf, falsehoods, typeThrough } from '../support/typed-page.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/api.md'), 'utf8');

describe('docs/api.md', () => {
  it('has a heading for every call but the document itself', async t => {
    const daemon = await TestDaemon.start();
    afterwards(t, () => daemon.close());
    const { document } = await Contract.of(daemon.app);
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    const headings = page
      .split('\n')
      .filter(line => line.startsWith('## '))
      .flatMap(line => [...line.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/g)].map(([, call]) => call));
    assert.deepEqual(headings.sort(), calls.filter(call => !call.endsWith('/openapi.json')).sort());
  });

  it('can be typed through as written, and each answer that it shows is what comes', async t => {
    const folder = await temporaryFolder(t);
    const { address } = await atelierDaemon(t, await atelierState(folder));
    // The page waits for the map; a first refusal would count as an answer that it does not show.
    while (!(await fetch(`${address}/api/v1/map`)).ok) await wait(200);
    const blocks = blocksOf(page);
    const answers = blocks.filter(({ shown, words }) => shown !== undefined || words !== undefined);
    assert.ok(answers.length >= 24, `${answers.length} of ${blocks.length} blocks have an answer`);
    const typed = await typeThrough(blocks, { cwd: folder, home: folder, environment: { BOX: address } });
    assert.deepEqual(falsehoods(blocks, typed), []);
    assert.equal((await sharp(join(folder, 'garment.png')).metadata()).width, 400);
    assert.equal((await sharp(join(folder, 'garment.webp')).metadata()).width, 512);
    assert.equal((await stat(join(folder, 'garment.rgba'))).size, 128 * 128 * 4);
    assert.equal((await readFile(join(folder, 'frame.bin'))).toString('latin1', 0, 4), 'LDL1');
    assert.equal((await sharp(join(folder, 'small.webp')).metadata()).format, 'webp');
    assert.equal((await sharp(join(folder, 'cutout.webp')).metadata()).format, 'webp');
  });
});
