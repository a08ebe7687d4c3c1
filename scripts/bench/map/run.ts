/**
 * One map, made in a process of its own so that its memory is its own: `node run.ts INDEX MAP`. It is written to MAP; what it took,
 * and how good it is, is printed as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { sha256 } from '../../../device/inventory/picture-files.ts';
import { EncodingIndex } from '../../../device/matching/index-file.ts';
import { DIGEST_BYTES, HEADER, toHex } from '../../../device/matching/index-format.ts';
import { everyDimension } from '../../../device/matching/likelihood.ts';
import { writeMap } from '../../../device/matching/map/map-file.ts';
import { PairTable } from '../../../device/matching/map/neighbours.ts';
import { principalPlane } from '../../../device/matching/map/principal-plane.ts';
import { makeMap } from '../../../device/matching/map/store-map.ts';
import { Random } from '../../../device/matching/random.ts';
import { type MapQuality, qualityOf } from './quality.ts';

export interface MapRun {
  readonly garments: number;
  readonly places: number;
  readonly seconds: number;
  /** Of the whole process, its index and program with it. */
  readonly peakMiB: number;
  readonly map: MapQuality;
  readonly plane: MapQuality;
  readonly random: MapQuality;
}

function open(bytes: Uint8Array): EncodingIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encoderDigest = toHex(bytes.subarray(HEADER.encoder, HEADER.encoder + DIGEST_BYTES));
  return EncodingIndex.open(bytes, { encoderDigest, latentDim: view.getUint32(HEADER.latentDim, true) });
}

const [path = '', target = ''] = process.argv.slice(2);
const bytes = readFileSync(path);
const index = open(bytes);
const began = performance.now();
const made = makeMap(index, sha256(bytes).toString('hex'));
const seconds = (performance.now() - began) / 1_000;
const peakMiB = process.resourceUsage().maxRSS / 1_024;
writeFileSync(target, writeMap(made));
const table = new PairTable(index, everyDimension(index.count), index.latentDim, index.tolerance);
const random = new Random(5);
const run: MapRun = {
  garments: index.count,
  places: made.places.length,
  seconds,
  peakMiB,
  map: qualityOf(index, made.xy),
  plane: qualityOf(index, principalPlane(table, 1)),
  random: qualityOf(
    index,
    made.xy.map(() => random.integer(65_536)),
  ),
};
process.stdout.write(JSON.stringify(run));
