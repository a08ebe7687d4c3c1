import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EncodingIndex } from '../../../device/matching/index-file.ts';
import { SCAN_SECTION } from '../../../device/matching/index-format.ts';
import { buildScan, buildScanNow } from '../../../device/matching/scan/build.ts';
import { CELLS, CHUNK, checkParts, REGION_ROWS, roundUp, type ScanParts } from '../../../device/matching/scan/parts.ts';
import { readScan, sectionsOf } from '../../../device/matching/scan/sections.ts';
import type { Gaussians } from '../../../device/matching/score-tables.ts';
import { expected, testStores } from './support.ts';

const cellOf = ({ codes, dimensions }: ScanParts, slot: number, j: number): number => {
  const packed = Math.ceil(dimensions.length / 2);
  const byte = codes[(slot - (slot % CHUNK)) * packed + (j >> 1) * CHUNK + (slot % CHUNK)]!;
  return j % 2 === 0 ? byte & 15 : byte >> 4;
};

const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

/** Where the codes of 8 bits say that a garment's mu and sigma lie, as models/INDEX.md tells it. */
function fineBox(parts: ScanParts, latentDim: number, slot: number, j: number): number[] {
  const { dimensions, boxes, fine, regionSize } = parts;
  const step = roundUp(latentDim, 4);
  const at = Math.floor(slot / regionSize) * REGION_ROWS * step + dimensions[j]!;
  const [muLow, muHigh, sigmaLow, sigmaHigh] = [0, 1, 2, 3].map(row => boxes[at + row * step]!);
  const half = roundUp(dimensions.length, 4);
  const [muCode, sigmaCode] = [fine[2 * half * slot + j]!, fine[2 * half * slot + half + j]!];
  const muStep = Math.fround(Math.fround(muHigh! - muLow!) / 256);
  const sigmaStep = ((bitsOf(sigmaHigh!) - bitsOf(sigmaLow!)) >> 8) + 1;
  const from = bitsOf(sigmaLow!) + sigmaCode * sigmaStep;
  return [muLow! + muCode * muStep, muLow! + (muCode + 1) * muStep, from, from + sigmaStep];
}

/** Every garment lies in the box of each of its cells, and of its region; and where its codes of 8 bits say. */
function assertCovers(store: Gaussians, parts: ScanParts): void {
  const { latentDim, mu, sigma } = store;
  const { dimensions, regionSize, rows, cells, boxes } = parts;
  const step = roundUp(latentDim, 4);
  const isInside = (box: Float32Array, at: number, next: number, place: number): boolean =>
    box[at]! <= mu[place]! &&
    mu[place]! <= box[at + next]! &&
    box[at + 2 * next]! <= sigma[place]! &&
    sigma[place]! <= box[at + 3 * next]!;
  rows.forEach((row, slot) => {
    const region = Math.floor(slot / regionSize);
    for (let d = 0; d < latentDim; d += 1) {
      assert.ok(isInside(boxes, region * REGION_ROWS * step + d, step, row * latentDim + d), `row ${row}, box, ${d}`);
    }
    dimensions.forEach((d, j) => {
      const at = (region * dimensions.length + j) * 4 * CELLS + cellOf(parts, slot, j);
      assert.ok(isInside(cells, at, CELLS, row * latentDim + d), `row ${row}, cell of dimension ${d}`);
      const [mean, spread] = [mu[row * latentDim + d]!, bitsOf(sigma[row * latentDim + d]!)];
      const [muLow, muHigh, sigmaLow, sigmaHigh] = fineBox(parts, latentDim, slot, j);
      // The bound gives away 2^-21 of what the distance is made of; here a quarter of that must do.
      const slack = 2 ** -23 * (Math.abs(mean) + 256 * (muHigh! - muLow!));
      assert.ok(muLow! - slack <= mean && mean <= muHigh! + slack, `row ${row}, mu of dimension ${d}`);
      assert.ok(sigmaLow! <= spread && spread < sigmaHigh!, `row ${row}, sigma of dimension ${d}`);
    });
  });
}

describe('the scan’s parts', () => {
  for (const { name, bytes, latentDim } of testStores(700)) {
    it(`hold every garment in its boxes, in one slot: ${name}`, () => {
      const index = EncodingIndex.open(bytes, expected(latentDim));
      const parts = buildScanNow(index, { regionSize: 128 });
      checkParts(parts);
      assertCovers(index, parts);
    });
  }

  const [structured] = testStores(700);
  assert.ok(structured);
  const index = EncodingIndex.open(structured.bytes, expected(structured.latentDim));

  it('are the same whenever they are built', () => {
    assert.deepEqual(buildScanNow(index), buildScanNow(index));
  });

  it('tell how far their making has come, from above 0 to 1 without a step back', () => {
    const shares = [...buildScan(index, { regionSize: 64 })];
    assert.ok(shares.length > 10 && shares[0]! > 0 && shares.at(-1) === 1);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
  });

  it('give dimensions that have collapsed no cells', () => {
    const collapsed = testStores(700).find(store => store.name.startsWith('collapsed'));
    assert.ok(collapsed);
    const { dimensions } = buildScanNow(EncodingIndex.open(collapsed.bytes, expected(collapsed.latentDim)));
    assert.deepEqual([...dimensions].sort(), [0, 1]);
  });

  it('come back from the index file’s sections', () => {
    const sections = new Map(sectionsOf(buildScanNow(index)));
    assert.deepEqual(readScan(sections, index.count, index.latentDim), buildScanNow(index));
    assert.equal(readScan(new Map(), index.count, index.latentDim), undefined);
  });

  it('are refused where a section is missing, too short, or names a row twice', () => {
    const withOut = new Map(sectionsOf(buildScanNow(index)));
    withOut.delete(SCAN_SECTION.codes);
    assert.throws(() => readScan(withOut, index.count, index.latentDim), /no section/);
    const short = new Map(sectionsOf(buildScanNow(index)));
    short.set(SCAN_SECTION.cells, short.get(SCAN_SECTION.cells)!.slice(4));
    assert.throws(() => readScan(short, index.count, index.latentDim), /The scan's cells have length/);
    const twice = new Map(sectionsOf(buildScanNow(index)));
    const rows = Uint32Array.from(buildScanNow(index).rows);
    rows[1] = rows[0]!;
    twice.set(SCAN_SECTION.rows, new Uint8Array(rows.buffer));
    assert.throws(() => readScan(twice, index.count, index.latentDim), /Slot 1 of the scan holds row/);
  });
});
