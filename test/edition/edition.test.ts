import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openEdition, readIndexFile } from '../../device/edition/edition.ts';
import { LookdialError } from '../../device/errors.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { buildIndex } from '../../device/matching/index-file.ts';
import { bundleOf, writeBundle } from '../support/bundle.ts';
import { kerasModel, ownModel, torchModel } from '../support/bundles.ts';
import { ReferenceInference } from '../support/reference-inference.ts';
import { temporaryFolder } from '../support/store.ts';

const entries = (latentDim: number) =>
  Array.from({ length: 5 }, (_, place) => ({
    sku: `g${place}`,
    mu: Array.from({ length: latentDim }, (_, d) => place - d),
    sigma: Array.from({ length: latentDim }, () => 0.5),
  }));

describe('an edition', () => {
  const model = ownModel();
  let bundle: Bundle;
  let bytes: Uint8Array;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lookdial-edition-'));
    bundle = await openBundle(writeBundle(bundleOf(model), join(folder, 'own')));
    bytes = indexFor(bundle);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  const indexFor = ({ encoderDigest, manifest: { latentDim } }: Bundle): Uint8Array =>
    buildIndex({ encoderDigest, latentDim, tolerance: 0, entries: entries(latentDim) });

  const open = (indexBytes: Uint8Array) =>
    openEdition({
      bundle,
      inference: new ReferenceInference(bundle, model),
      indexBytes,
      indexPath: '/state/encodings.index',
      attributesOf: () => undefined,
    });

  /** The one sentence of the refusal. */
  const refusal = (indexBytes: Uint8Array): string => {
    try {
      open(indexBytes);
    } catch (error) {
      assert.ok(error instanceof LookdialError && error.code === 'index-invalid', String(error));
      assert.match(error.message, /^The index \/state\/encodings\.index cannot be used with the bundle own@1\.2\.3: /);
      assert.match(error.message, /Make it anew: npm run index -- --store FOLDER\.$/);
      return error.message;
    }
    return assert.fail('the index was taken');
  };

  it('joins a bundle and an index, under a name that says both', () => {
    const edition = open(bytes);
    assert.match(edition.id, /^own@1\.2\.3\+[0-9a-f]{12}$/);
    assert.equal(edition.index.count, 5);
    assert.ok(Object.isFrozen(edition));
    const other = buildIndex({ ...bundleSource(), entries: entries(6).slice(1) });
    assert.notEqual(open(other).id, edition.id);
  });

  const bundleSource = () => ({ encoderDigest: bundle.encoderDigest, latentDim: 6, tolerance: 0 });

  it('refuses an index of another encoder, saying whose it is and whose is expected', async () => {
    const other = await openBundle(writeBundle(bundleOf(kerasModel()), join(folder, 'keras')));
    const sentence = refusal(indexFor(other));
    assert.ok(sentence.includes(other.encoderDigest) && sentence.includes(bundle.encoderDigest));
    const third = await openBundle(writeBundle(bundleOf(torchModel()), join(folder, 'torch')));
    refusal(indexFor(third));
  });

  it('refuses an older or a newer version, and says which it was', () => {
    for (const version of [0, 2]) {
      const changed = Buffer.from(bytes);
      changed.writeUInt32LE(version, 8);
      assert.match(refusal(changed), new RegExp(`version ${version}; expected version 1`));
    }
  });

  it('refuses an index cut off anywhere', () => {
    for (let length = 0; length < bytes.length; length += 61) refusal(bytes.slice(0, length));
    refusal(bytes.slice(0, -1));
    refusal(Buffer.concat([bytes, Buffer.alloc(64)]));
  });

  it('refuses an index with any one bit flipped', () => {
    for (let place = 0; place < bytes.length * 8; place += 37) {
      const flipped = Uint8Array.from(bytes);
      flipped[place >> 3] = (flipped[place >> 3] ?? 0) ^ (1 << (place & 7));
      refusal(flipped);
    }
  });

  it('reads its index from a file, and says how to make one where there is none', async t => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'encodings.index');
    await assert.rejects(readIndexFile(path), (error: LookdialError) => {
      assert.equal(error.code, 'index-invalid');
      assert.equal(
        error.message,
        `There is no index at ${path}. Make one: npm run index -- --store FOLDER (or npm start).`,
      );
      return true;
    });
    await assert.rejects(readIndexFile(folder), { code: 'index-invalid', message: /cannot be read: EISDIR/ });
    await writeFile(path, bytes);
    assert.equal(open(await readIndexFile(path)).id, open(bytes).id);
  });
});
