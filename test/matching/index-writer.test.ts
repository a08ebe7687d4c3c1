import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  buildIndex,
  EncodingIndex,
  type IndexEntry,
  type IndexSink,
  writeIndex,
} from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';
import { SCAN_FROM } from '../../device/matching/scan/choices.ts';
import { loadKernel } from '../../device/search/kernel-file.ts';
import { DIGEST, expected, skuOf } from './scan/support.ts';

const LATENT_DIM = 4;
const GARMENTS = SCAN_FROM + 300;

/** Garments in no order of their SKUs; every one in the same arrays, which the next one overwrites. */
function* streamed(count: number, seed = 5): Generator<IndexEntry> {
  const random = new Random(seed);
  const [mu, sigma] = [new Float32Array(LATENT_DIM), new Float32Array(LATENT_DIM)];
  const pictureSha256 = new Uint8Array(32);
  for (let row = 0; row < count; row += 1) {
    for (let d = 0; d < LATENT_DIM; d += 1) {
      mu[d] = random.normal();
      sigma[d] = 0.05 + 0.2 * random.uniform();
    }
    pictureSha256.fill(row % 251);
    yield { sku: skuOf(row), mu, sigma, ...(row % 3 > 0 && { pictureSha256 }) };
  }
}

const kept = (count: number): IndexEntry[] =>
  Array.from(streamed(count), ({ sku, mu, sigma, pictureSha256 }) => ({
    sku,
    mu: Float32Array.from(mu),
    sigma: Float32Array.from(sigma),
    ...(pictureSha256 && { pictureSha256: pictureSha256.slice() }),
  }));

const sourceOf = (entries: Iterable<IndexEntry>, tolerance = 0) => ({
  encoderDigest: DIGEST,
  latentDim: LATENT_DIM,
  tolerance,
  entries,
});

describe('the index’s writer', () => {
  let kernel: WebAssembly.Module;
  before(async () => {
    kernel = await loadKernel();
  });

  it('takes entries as they come and keeps none of them', () => {
    const whole = buildIndex(sourceOf(kept(GARMENTS)));
    assert.deepEqual(buildIndex(sourceOf(streamed(GARMENTS))), whole);
    assert.deepEqual(buildIndex({ ...sourceOf(streamed(GARMENTS)), expected: 7 }), whole);
    const inOrder = kept(GARMENTS).sort((a, b) => (a.sku < b.sku ? -1 : 1));
    assert.deepEqual(buildIndex({ ...sourceOf(inOrder), expected: GARMENTS }), whole);
    const index = EncodingIndex.open(whole, expected(LATENT_DIM));
    for (const { sku, mu, sigma, pictureSha256 } of kept(GARMENTS)) {
      const row = index.rowOf(sku);
      assert.deepEqual(index.posterior(row), { mu, sigma });
      assert.deepEqual(index.pictureSha256(row), pictureSha256?.some(byte => byte !== 0) ? pictureSha256 : undefined);
    }
  });

  for (const [what, tolerance] of [
    ['tells garments apart', 0],
    ['tells hardly any garments apart, and gives way', 3],
  ] as const) {
    it(`writes the same file with the search’s kernel, which ${what}, as without`, () => {
      const without = buildIndex(sourceOf(streamed(GARMENTS), tolerance));
      assert.deepEqual(buildIndex({ ...sourceOf(streamed(GARMENTS), tolerance), kernel }), without);
    });
  }

  it('tells how far it has come, without a step back, to the end', () => {
    const shares: number[] = [];
    buildIndex({ ...sourceOf(streamed(9_000)), kernel, progress: share => shares.push(share) });
    assert.ok(shares.length > 20, `${shares.length} times`);
    assert.ok(shares[0]! > 0 && shares[0]! < 0.2);
    assert.deepEqual(
      shares,
      shares.toSorted((a, b) => a - b),
    );
    assert.equal(shares.at(-1), 1);
  });

  it('writes section after section and the header last, so that half a file is no index', () => {
    const places: number[] = [];
    let length = 0;
    const sink: IndexSink = { write: place => places.push(place), end: end => (length = end) };
    writeIndex(sourceOf(streamed(GARMENTS)), sink);
    assert.equal(places.at(-1), 0);
    assert.deepEqual(
      places.slice(0, -1),
      places.slice(0, -1).sort((a, b) => a - b),
    );
    assert.ok(places[0]! > 0 && length > places.at(-2)!);
  });

  it('says what the sink says', () => {
    const full: IndexSink = {
      write() {
        throw new Error('No space left.');
      },
      end: () => undefined,
    };
    assert.throws(() => writeIndex(sourceOf(streamed(10)), full), /No space left/);
  });
});
