/** One run of `map`, in a process of its own so that its memory is its own: `node map-run.ts INDEX GARMENTS`. Prints JSON. */
import { readFileSync } from 'node:fs';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';
import { DIGEST_BYTES, HEADER, toHex } from '../../device/matching/index-format.ts';
import { everyDimension } from '../../device/matching/likelihood.ts';
import { PairTable } from '../../device/matching/map/neighbours.ts';
import { principalPlane } from '../../device/matching/map/principal-plane.ts';
import { makeMap } from '../../device/matching/map/store-map.ts';
import { Random } from '../../device/matching/random.ts';
import { type MapQuality, qualityOf } from './map-quality.ts';

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

/** A store of so many garments, each a little other than one of the given store's: drawn from its posterior. */
function grown(index: EncodingIndex, garments: number): EncodingIndex {
  const random = new Random(7);
  const entries = Array.from({ length: garments }, (_, place) => {
    const { mu, sigma } = index.posterior(random.integer(index.count));
    return {
      sku: `S-${String(place).padStart(7, '0')}`,
      mu: Float32Array.from(mu, (centre, d) => centre + sigma[d]! * random.normal()),
      sigma: Float32Array.from(sigma, spread => spread * Math.exp(0.1 * random.normal())),
    };
  });
  const { encoderDigest, latentDim, tolerance, typicalityCentiles: centiles } = index;
  return open(buildIndex({ encoderDigest, latentDim, tolerance, entries, centiles }));
}

const [path = '', garments = ''] = process.argv.slice(2);
const given = open(new Uint8Array(readFileSync(path)));
const index = Number(garments) === given.count ? given : grown(given, Number(garments));
const began = performance.now();
const { xy, places } = makeMap(index, '0'.repeat(64));
const seconds = (performance.now() - began) / 1_000;
const peakMiB = process.resourceUsage().maxRSS / 1_024;
const table = new PairTable(index, everyDimension(index.count), index.latentDim, index.tolerance);
const random = new Random(5);
const run: MapRun = {
  garments: index.count,
  places: places.length,
  seconds,
  peakMiB,
  map: qualityOf(index, xy),
  plane: qualityOf(index, principalPlane(table, 1)),
  random: qualityOf(
    index,
    xy.map(() => random.integer(65_536)),
  ),
};
process.stdout.write(JSON.stringify(run));
