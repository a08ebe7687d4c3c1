import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { LookdialError } from '../../device/errors.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { DecodedPicture } from '../../device/inference/inference.ts';
import { readStoreFolder } from '../../device/inventory/store-folder.ts';
import { Random } from '../../device/matching/random.ts';
import { colourOf, colourWord, toLab } from '../../scripts/store/colour-word.ts';
import { drawDemonstration, isDrawn } from '../../scripts/store/demonstration.ts';
import { asSeen } from '../../scripts/store/garment-chooser.ts';
import { makeUp } from '../../scripts/store/made-up.ts';
import { ownModel } from '../support/bundles.ts';
import { temporaryFolder } from '../support/store.ts';
import { disc, FakeInference, temporaryBundle } from '../support/store-model.ts';

const unitFactor = Array.from({ length: 6 }, (_, row) =>
  Array.from({ length: row + 1 }, (_, c) => (c === row ? 1 : 0)),
);
const kind = (name: string, share: number, centre: number) => ({
  name,
  share,
  mean: [centre, 0, 0, 0, 0, 0],
  factor: unitFactor.flat(),
});

const withKinds = () => {
  const model = ownModel();
  return { ...model, described: { ...model.described, kinds: [kind('Shirt', 0.64, -9), kind('Hat', 0.16, 9)] } };
};

/** A model whose encoder reads out of a drawing the very point it was drawn from. */
function faithful(bundle: Bundle, draw: (z: ArrayLike<number>) => DecodedPicture = () => disc()): FakeInference {
  const inference = new FakeInference(bundle);
  const points: number[][] = [];
  // Its number is written into the blue of the drawing, where the encoder's input shows it again.
  inference.onDecode = z => {
    const picture = draw(z);
    const number = points.push(Array.from(z)) - 1;
    const rgba = picture.rgba.map((byte, at) => (at % 4 === 2 ? 20 + (number % 30) : byte));
    return { ...picture, rgba };
  };
  inference.onMu = input => {
    const blue = Math.round(255 * (1 - (input[2 * 32 * 32 + 16 * 32 + 16] ?? 0)));
    const place = points.findLastIndex((_, number) => 20 + (number % 30) === blue);
    return points[place] ?? [];
  };
  return inference;
}

const rowsOf = async (folder: string) =>
  (await Array.fromAsync(readStoreFolder(folder))).map(row => {
    assert.ok(row.kind === 'garment');
    return row.garment;
  });

const drawnTwice = async (bundle: Bundle, root: string, seed: number): Promise<string[]> => {
  const texts: string[] = [];
  for (const name of ['a', 'b']) {
    const folder = join(root, `${name}${seed}`);
    await drawDemonstration({ folder, bundle, inference: faithful(bundle), garments: 9, seed });
    texts.push(await readFile(join(folder, 'catalogue.csv'), 'utf8'));
  }
  return texts;
};

test('a collection is a store folder: pictures with nothing behind them, and every column', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  const seen: string[] = [];
  const onProgress = (done: number, total: number): unknown => seen.push(`${done}/${total}`);
  const count = await drawDemonstration({
    folder,
    bundle,
    inference: faithful(bundle),
    garments: 12,
    onProgress,
  });
  assert.equal(count, 12);
  assert.deepEqual([seen[0], seen.at(-1)], ['0/12', '12/12']);
  const rows = await rowsOf(folder);
  assert.equal(rows.length, 12);
  assert.equal(rows.filter(({ category }) => category === 'Shirt').length, 8, 'by the root of the share');
  for (const row of rows) {
    assert.match(row.title, /^[A-Z][a-z]+ .*(shirt|hat|cap).* in red$/);
    assert.deepEqual([row.colour, row.currency], ['red', 'EUR']);
    assert.ok(row.priceMinor !== null && row.priceMinor > 1_000 && row.priceMinor < 10_000);
    assert.match(row.location ?? '', /^Aisle \d, rack [A-H]$/);
    assert.ok(row.sizes && row.sizes.length > 0);
    assert.equal(typeof row.attributes.season, 'string');
  }
  const { data, info } = await sharp(join(folder, 'images', 'DEMO-0001.webp'))
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height, info.channels], [384, 384, 4]);
  const alphaAt = (x: number, y: number): number | undefined => data[4 * (y * info.width + x) + 3];
  assert.deepEqual([alphaAt(2, 2), alphaAt(192, 192)], [0, 255]);
});

test('the same seed makes the same collection, another seed another one', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t, withKinds())];
  const [first, second] = await drawnTwice(bundle, root, 1);
  const [third] = await drawnTwice(bundle, root, 2);
  assert.equal(first, second);
  assert.notEqual(first, third);
});

test('a collection is known as drawn until the bundle, the seed or the number changes', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  assert.equal(await isDrawn(folder, bundle, 10, 3), false);
  await drawDemonstration({ folder, bundle, inference: faithful(bundle), garments: 10, seed: 3 });
  assert.equal(await isDrawn(folder, bundle, 10, 3), true);
  assert.equal(await isDrawn(folder, bundle, 11, 3), false);
  assert.equal(await isDrawn(folder, bundle, 10, 4), false);
  assert.equal(await isDrawn(folder, await temporaryBundle(t), 10, 3), false);
});

test('a drawing that is stopped leaves what was there', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  await mkdir(folder);
  await writeFile(join(folder, 'catalogue.csv'), 'image\n');
  const stop = new AbortController();
  const inference = faithful(bundle);
  const onProgress = (done: number): void => {
    if (done === 4) stop.abort();
  };
  const drawing = drawDemonstration({ folder, bundle, inference, garments: 10, onProgress, signal: stop.signal });
  await assert.rejects(drawing, { name: 'AbortError' });
  assert.deepEqual(await readdir(folder), ['catalogue.csv']);
});

test('a kind that the model draws badly is left out', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  let hats = 0;
  const inference = faithful(bundle, z => {
    if ((z[0] ?? 0) < 0) return disc();
    hats++;
    return disc(32, 1);
  });
  const count = await drawDemonstration({ folder, bundle, inference, garments: 12 });
  assert.ok(hats > 0);
  assert.equal(count, 12, 'the others take its place');
  assert.ok((await rowsOf(folder)).every(({ category }) => category === 'Shirt'));
});

test('a model that draws nothing a store could sell is told so, and nothing is written', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  const inference = faithful(bundle, () => disc(32, 1));
  await assert.rejects(
    drawDemonstration({ folder, bundle, inference, garments: 5 }),
    error => error instanceof LookdialError && /own@1\.2\.3 .* docs\/stores\.md/.test(error.message),
  );
  await assert.rejects(readdir(folder), { code: 'ENOENT' });
});

test('what the encoder takes for another kind is left out', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t, withKinds())];
  const inference = faithful(bundle);
  inference.onMu = () => [9, 0, 0, 0, 0, 0];
  await drawDemonstration({ folder, bundle, inference, garments: 8 });
  assert.ok((await rowsOf(folder)).every(({ category }) => category === 'Hat'));
});

test('a drawing is shown to the encoder over its background, at its size', async t => {
  const { input } = (await temporaryBundle(t)).manifest.encoder;
  const seen = await asSeen(disc(32), input);
  assert.equal(seen.length, 3 * 32 * 32);
  assert.equal(seen[0], 0, 'white, which the encoder is fed as 0');
  const centre = 16 * 32 + 16;
  const expected = [180, 30, 40].map(byte => Math.fround(1 - byte / 255));
  for (const [c, value] of expected.entries()) assert.ok(Math.abs((seen[c * 1024 + centre] ?? 0) - value) < 1e-6);
  const scaled = await asSeen(disc(64), input);
  assert.equal(scaled.length, seen.length);
  assert.ok(Math.abs((scaled[centre] ?? 0) - (seen[centre] ?? 0)) < 0.02);
});

test('a bundle that tells no kinds apart draws garments without a category', async t => {
  const [folder, bundle] = [join(await temporaryFolder(t), 'demo'), await temporaryBundle(t)];
  await drawDemonstration({ folder, bundle, inference: faithful(bundle), garments: 5 });
  const rows = await rowsOf(folder);
  assert.equal(rows.length, 5);
  assert.ok(rows.every(({ category, title }) => category === null && /garment in red$/.test(title)));
});

test('some garments are sold out, some sizes are, and prices fit the kind', () => {
  const random = new Random(5);
  const made = Array.from({ length: 400 }, () => makeUp('T-Shirt', 'navy', random));
  const quantities = made.map(({ sizes }) => sizes.split(' ').map(size => Number(size.split(':')[1])));
  const soldOut = quantities.filter(each => each.every(quantity => quantity === 0)).length;
  assert.ok(soldOut > 8 && soldOut < 60, `${soldOut} sold out`);
  assert.ok(quantities.some(each => each.includes(0) && each.some(quantity => quantity > 0)));
  assert.ok(made.every(({ price }) => Number(price) >= 14 && Number(price) < 36));
  assert.ok(new Set(made.map(({ title }) => title)).size > 60);
  assert.equal(makeUp('Toga', null, random).title.split(' ').at(-1), 'toga');
});

test('colours have the words a shop would use', () => {
  const word = (red: number, green: number, blue: number): string => colourWord(toLab(red, green, blue));
  assert.equal(word(10, 10, 12), 'black');
  assert.equal(word(250, 250, 250), 'white');
  assert.equal(word(30, 40, 80), 'navy');
  assert.equal(word(200, 30, 40), 'red');
  assert.equal(word(60, 130, 70), 'green');
  assert.equal(word(130, 130, 130), 'grey');
});

test('Lab is that of CIE 15 for white, black and the primaries of sRGB', () => {
  const near = (actual: readonly number[], expected: readonly number[]): void => {
    for (const [place, value] of expected.entries())
      assert.ok(Math.abs((actual[place] ?? 0) - value) < 0.15, `${actual}`);
  };
  near(toLab(255, 255, 255), [100, 0, 0]);
  near(toLab(0, 0, 0), [0, 0, 0]);
  near(toLab(255, 0, 0), [53.24, 80.09, 67.2]);
  near(toLab(0, 0, 255), [32.3, 79.19, -107.86]);
});

test('the colour is that of the inside, whatever stands at the rim', () => {
  const picture = disc();
  const rgba = picture.rgba.map((byte, at) => (at % 4 === 3 && byte === 0 ? 150 : byte));
  assert.deepEqual(colourOf({ ...picture, rgba }), colourOf(picture));
  assert.deepEqual(colourOf(picture)?.mean.map(Math.round), toLab(180, 30, 40).map(Math.round));
  assert.ok((colourOf(picture)?.unevenness ?? 1) < 1e-3);
  assert.equal(colourOf({ ...picture, rgba: new Uint8Array(picture.rgba.length) }), undefined);
  const smeared = picture.rgba.map((byte, at) => (at % 4 === 3 || at % 8 < 4 ? byte : 255));
  assert.ok((colourOf({ ...picture, rgba: smeared })?.unevenness ?? 0) > 25);
});
