import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AttributesOf, dialWords } from '../../device/edition/dial-words.ts';
import { Bundle, openBundle } from '../../device/inference/bundle.ts';
import { buildIndex, EncodingIndex } from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';
import { bundleOf, writeBundle } from '../support/bundle.ts';
import { ownModel } from '../support/bundles.ts';

describe('the words of a dial', () => {
  let bundle: Bundle;
  let index: EncodingIndex;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lookdial-words-'));
    bundle = await openBundle(writeBundle(bundleOf(ownModel()), folder));
    const random = new Random(1);
    const entries = Array.from({ length: 200 }, (_, place) => ({
      sku: `g${String(place).padStart(3, '0')}`,
      mu: Array.from({ length: 6 }, () => random.normal()),
      sigma: [1, 1, 1, 1, 1, 1],
    }));
    const { encoderDigest } = bundle;
    const bytes = buildIndex({ encoderDigest, latentDim: 6, tolerance: 0, entries });
    index = EncodingIndex.open(bytes, { encoderDigest, latentDim: 6 });
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** hem_length falls with dimension 2, fullness rises with 3; nothing else goes along with anything. */
  const attributesOf: AttributesOf = sku => {
    const row = index.rowOf(sku);
    const { mu } = index.posterior(row);
    return { hem_length: -2 * (mu[2] ?? 0), fullness: (mu[3] ?? 0) ** 3, shelf: row % 7, fabric: 'wool', new: true };
  };

  it('are the bundle’s own where it has them', () => {
    assert.deepEqual(dialWords(bundle, index, attributesOf)[0], { name: 'Length', low: 'short', high: 'long' });
  });

  it('are else those of the catalogue’s attribute that goes along with it, the right way round', () => {
    const words = dialWords(bundle, index, attributesOf);
    assert.deepEqual(words[2], { name: 'hem length', low: 'more', high: 'less' });
    assert.deepEqual(words[3], { name: 'fullness', low: 'less', high: 'more' });
  });

  it('are none where nothing goes along with it: a meaning is not invented', () => {
    const words = dialWords(bundle, index, attributesOf);
    for (const d of [1, 4, 5]) assert.deepEqual(words[d], { name: null, low: null, high: null });
    const none = dialWords(bundle, index, () => undefined);
    assert.deepEqual(
      none.map(({ name }) => name),
      ['Length', null, null, null, null, null],
    );
  });

  it('are not looked for where the bundle names every dial that is shown', () => {
    const { manifest } = bundle;
    const dials = manifest.dials?.map(dial => (dial.shown ? { ...dial, name: 'Known' } : dial));
    const named = new Bundle(bundle.folder, { ...manifest, ...(dials && { dials }) });
    const asked = (): never => assert.fail('the catalogue was asked');
    assert.deepEqual(
      dialWords(named, index, asked).map(({ name }) => name),
      ['Known', 'Known', 'Known', 'Known', 'Known', null],
    );
  });
});
