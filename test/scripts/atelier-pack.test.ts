import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { MEASURES } from '../../scripts/store/atelier/kind.ts';
import { KIND_NAMES, KINDS } from '../../scripts/store/atelier/kinds/index.ts';
import {
  GROUP,
  PACK_FILE,
  PACK_HEADER,
  packDrawings,
  packedGarment,
  turnedGarment,
  VALUES,
  valuesOf,
} from '../../scripts/store/atelier/pack.ts';
import { rgbaOf } from '../../scripts/store/atelier/render.ts';
import { afterwards } from '../support/afterwards.ts';

const SIZE = 32;

async function folderFor(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-pack-'));
  afterwards(context, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('a pack holds each drawing and its true parameters where the header says', async context => {
  const folder = await folderFor(context);
  await packDrawings({ folder, drawings: 6, seed: 2, size: SIZE });
  const header = JSON.parse(await readFile(join(folder, PACK_HEADER), 'utf8'));
  const bytes = await readFile(join(folder, PACK_FILE));
  assert.equal(bytes.length, 6 * header.stride);
  assert.deepEqual(header.values, VALUES);
  for (let number = 0; number < 6; number++) {
    const garment = packedGarment(2, number);
    const record = bytes.subarray(number * header.stride, (number + 1) * header.stride);
    assert.deepEqual(record.subarray(header.offsets.rgba, SIZE * SIZE * 4), await rgbaOf(garment, SIZE));
    assert.equal(header.kinds[record[header.offsets.kind]!], KINDS[garment.kind].category);
    assert.equal(header.weaves[record[header.offsets.weave]!], garment.fabric.weave);
    for (const [place, value] of valuesOf(garment).entries()) {
      assert.equal(record[header.offsets.mask + place], value === undefined ? 0 : 1);
      assert.ok(Math.abs(record.readFloatLE(header.offsets.values + place * 4) - (value ?? 0)) < 1e-6);
    }
  }
});

test('a turned pack holds each drawing as it would be drawn alone, those that look like the first of their group as well', async context => {
  const folder = await folderFor(context);
  const { stride, offsets } = await packDrawings({ folder, drawings: 3 * GROUP, seed: 1, size: SIZE, turned: true });
  const bytes = await readFile(join(folder, PACK_FILE));
  const picture = (number: number): Buffer =>
    bytes.subarray(number * stride + offsets.rgba).subarray(0, SIZE * SIZE * 4);
  let alike = 0;
  for (let number = 0; number < 3 * GROUP; number++) {
    assert.deepEqual(picture(number), await rgbaOf(turnedGarment(1, number), SIZE));
    alike += Number(number % GROUP > 0 && picture(number).equals(picture(number - (number % GROUP))));
  }
  assert.ok(alike > 0 && alike < 2 * GROUP, String(alike));
});

test('drawings come in pairs of one look, and every kind as often as any other', () => {
  const counts = new Map<string, number>();
  for (let pair = 0; pair < KIND_NAMES.length * 2; pair++) {
    const [a, b] = [packedGarment(1, pair * 2), packedGarment(1, pair * 2 + 1)];
    assert.equal(a.kind, b.kind);
    assert.deepEqual(a.style, b.style);
    assert.notDeepEqual(a.scores, b.scores);
    counts.set(a.kind, (counts.get(a.kind) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts.values()],
    KIND_NAMES.map(() => 2),
  );
});

test('a pack that was cut off in the middle of a record goes on to the same bytes', async context => {
  const [whole, cut] = [await folderFor(context), await folderFor(context)];
  await packDrawings({ folder: whole, drawings: 5, seed: 4, size: SIZE, jobs: 1 });
  const { stride } = await packDrawings({ folder: cut, drawings: 3, seed: 4, size: SIZE, jobs: 2 });
  await truncate(join(cut, PACK_FILE), 2 * stride + 100);
  await packDrawings({ folder: cut, drawings: 5, seed: 4, size: SIZE, jobs: 2 });
  assert.deepEqual(await readFile(join(cut, PACK_FILE)), await readFile(join(whole, PACK_FILE)));
});

test('drawings of another seed are not mixed in', async context => {
  const folder = await folderFor(context);
  await packDrawings({ folder, drawings: 1, seed: 1, size: SIZE });
  const refused = (error: unknown): boolean => error instanceof LookdialError && error.message.includes(PACK_HEADER);
  await assert.rejects(packDrawings({ folder, drawings: 1, seed: 2, size: SIZE }), refused);
});

test('a turned group is one garment, each time with one parameter changed, or none where the kind lacks it', () => {
  for (let group = 0; group < KIND_NAMES.length; group++) {
    const base = turnedGarment(1, group * GROUP);
    const before = valuesOf(base);
    for (let dial = 3; dial < 3 + MEASURES.length; dial++) {
      const turned = turnedGarment(1, group * GROUP + 1 + dial);
      const changed = valuesOf(turned).flatMap((value, place) => (value === before[place] ? [] : [place]));
      assert.deepEqual(changed, before[dial] === undefined ? [] : [dial], `${base.kind}, ${VALUES[dial]}`);
    }
    const lighter = turnedGarment(1, group * GROUP + 1);
    assert.notEqual(lighter.fabric.colour.l, base.fabric.colour.l);
    assert.deepEqual(lighter.measures, base.measures);
  }
});

test('a turned group ends with a plain garment printed in each way that its kind may be', () => {
  let printed = 0;
  for (let group = 0; group < KIND_NAMES.length * 3; group++) {
    const base = turnedGarment(1, group * GROUP);
    for (const [place, weave] of (['stripes', 'pinstripes', 'dots'] as const).entries()) {
      const turned = turnedGarment(1, group * GROUP + 1 + 3 + MEASURES.length + place);
      const may = base.fabric.repeat === 0 && KINDS[base.kind].weaves[weave as 'stripes'] !== undefined;
      assert.equal(turned.fabric.weave, may ? weave : base.fabric.weave);
      assert.equal(turned.fabric.repeat > 0, may || base.fabric.repeat > 0);
      assert.deepEqual([turned.measures, turned.style], [base.measures, base.style]);
      printed += Number(may);
    }
  }
  assert.ok(printed > 10, String(printed));
});
