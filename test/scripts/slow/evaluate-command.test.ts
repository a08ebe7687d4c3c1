import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import type { Evaluation } from '../../../scripts/evaluate/evaluation.ts';
import { makeCollection } from '../../../scripts/store/atelier/collection.ts';
import { type BundleParts, bundleOf, writeBundle } from '../../support/bundle.ts';
import { conditionalModel, ownModel } from '../../support/bundles.ts';
import { makeStoreFolder, temporaryFolder } from '../../support/store.ts';
import { said, startScript } from '../../support/store-process.ts';

const SCRIPT = 'scripts/evaluate/main.ts';
const GARMENTS = 24;

/** The bundle with a second file of each net before the float one, as a quantised bundle has. */
function quantised({ manifest, members }: BundleParts): BundleParts {
  const nets = manifest.files.filter(({ role }) => role !== 'golden');
  const copies = nets.map(file => ({ ...file, path: `int8-${file.path}`, precision: 'int8' as const }));
  const added = nets.map(({ path }) => [`int8-${path}`, members.get(path)!] as const);
  return { manifest: { ...manifest, files: [...copies, ...manifest.files] }, members: new Map([...members, ...added]) };
}

async function run(t: TestContext, bundle: string, ...args: string[]) {
  const root = await temporaryFolder(t);
  const store = await makeStoreFolder(join(root, 'shop'), GARMENTS);
  const json = join(root, 'figures.json');
  const command = startScript(t, SCRIPT, [
    ...['--store', store, '--data', join(root, 'state'), '--bundle', bundle],
    ...['--points', '30', '--json', json, ...args],
  ]);
  const code = await command.ended;
  const read = async (): Promise<Evaluation> => JSON.parse(await readFile(json, 'utf8'));
  return { code, text: command.output(), read };
}

test('a quantised bundle is measured over a store, gate by gate, as a table and as JSON', async t => {
  const parts = quantised(bundleOf(ownModel()));
  const gates = [{ gate: 'PSNR', key: 'psnr', figure: 19.3, floor: 19, goal: 19.5 }];
  const bundle = writeBundle({ ...parts, manifest: { ...parts.manifest, evaluation: { gates } } });
  const { code, text, read } = await run(t, bundle);
  assert.equal(code, 0, text);
  assert.match(text, /# own@1\.2\.3 over shop/);
  assert.match(text, /24 garments; 30 points a row; seed 1\./);
  assert.match(text, /Encoding {2}.* of 24/);
  assert.match(text, /Decoding: uniform on the dials {2}/);
  assert.match(text, /\| where z comes from \| \*\*tau = 0\*\* \| tau = 0\.25 \|/);
  const figures = await read();
  assert.equal(figures.garments, GARMENTS);
  assert.equal(figures.table.length, 4);
  for (const row of figures.table) {
    assert.equal(row.points, 30);
    for (const error of Object.values(row.errors)) assert.ok(error >= row.bestPossible && row.bestPossible > 0);
  }
  const gate = (key: string) => figures.gates.find(one => one.key === key)!;
  assert.deepEqual([gate('psnr').figure, gate('psnr').from], [19.3, 'the trainer']);
  assert.equal(gate('recall').from, 'this box');
  assert.equal(gate('purityShape').verdict, 'not measured');
  // The same nets under two names: no loss but that of the index, which stores float32.
  assert.ok(figures.quantised!.encoder.worstDial < 1e-5);
  assert.equal(figures.quantised!.sameTop, 1);
  assert.equal(gate('decoderWorst').figure, 120);
});

test('a gate that is not held fails the command where it is to be strict', async t => {
  const { code, text, read } = await run(t, writeBundle(bundleOf(ownModel())), '--strict');
  assert.equal(code, 1, text);
  assert.match(text, /gates are not held: /);
  const figures = await read();
  assert.ok(!('quantised' in figures));
});

test('a conditional bundle is asked for each garment’s own kind, and kinds can be left out', async t => {
  const { code, text, read } = await run(t, writeBundle(bundleOf(conditionalModel())), '--without', 'Skirt');
  assert.equal(code, 0, text);
  assert.match(text, /12 garments, without Skirt; 30 points a row/);
  assert.equal((await read()).garments, 12);
});

test('over the atelier’s collection matches are judged by truth, and the tables go into a page', async t => {
  const root = await temporaryFolder(t);
  const store = join(root, 'atelier');
  await makeCollection({ folder: store, garments: GARMENTS, seed: 1 });
  const page = join(root, 'page.md');
  await writeFile(page, '# Page\n<!-- begin: evaluation -->\n<!-- end: evaluation -->\n');
  const command = startScript(t, SCRIPT, [
    ...['--store', store, '--data', join(root, 'state'), '--bundle', writeBundle(bundleOf(ownModel()))],
    ...['--points', '20', '--judged', '2', '--into', page],
  ]);
  assert.equal(await command.ended, 0, command.output());
  assert.match(command.output(), /Finding the truth: a garment’s mu, two dials turned by 1\.5/);
  const written = await readFile(page, 'utf8');
  assert.match(written, /^# Page\n<!-- begin: evaluation -->\n\nown@1\.2\.3 over atelier: 24 garments/);
  assert.match(written, /\| \*\*tau = \d+(\.\d+)?\*\*, calibrated \| 0\.\d{3} \|/);
  assert.match(written, /\| best possible \| 0\.\d{3} \|/);
  assert.match(written, /a named dial turned by 1\.5, as asked for\*\*, 10 points/);
});

test('an interrupt stops it in order', async t => {
  const root = await temporaryFolder(t);
  const store = await makeStoreFolder(join(root, 'shop'), GARMENTS);
  const bundle = writeBundle(bundleOf(ownModel()));
  const args = ['--store', store, '--data', join(root, 'state'), '--bundle', bundle, '--points', '5000'];
  const command = startScript(t, SCRIPT, args);
  await said(command, 'Decoding');
  command.process.kill('SIGINT');
  assert.equal(await command.ended, 130, command.output());
  assert.match(command.output(), /Stopped\. The store stays indexed: give the same command again\./);
});

test('what cannot be done is said in a sentence', async t => {
  const bundle = writeBundle(bundleOf(conditionalModel()));
  const hats = await run(t, bundle, '--without', 'Hat');
  assert.equal(hats.code, 1);
  assert.match(hats.text, /No garment of the store is of category "Hat"; there are Shirt, Skirt\./);
  const few = await run(t, bundle, '--points', '3');
  assert.equal(few.code, 2);
  assert.match(few.text, /--points is "3"; expected a whole number, 10 or more\./);
  const lost = await run(t, bundle, '--stroe', 'x');
  assert.equal(lost.code, 2);
  assert.match(lost.text, /--stroe/);
});
