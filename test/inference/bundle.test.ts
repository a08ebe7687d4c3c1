import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { encoderDigest, openBundle } from '../../device/inference/bundle.ts';
import type { Manifest } from '../../device/inference/manifest.ts';
import { bundleOf, temporaryFolder, withMember, writeBundle } from '../support/bundle.ts';
import { blueFirstModel, conditionalModel, kerasModel, ownModel, torchModel } from '../support/bundles.ts';
import { refused } from '../support/manifests.ts';

const own = bundleOf(ownModel());

describe('a bundle that is what it says', () => {
  for (const model of [ownModel(), kerasModel(), torchModel(), conditionalModel(), blueFirstModel('variance')]) {
    it(`opens: ${model.described.id}`, async () => {
      const bundle = await openBundle(writeBundle(bundleOf(model)));
      assert.equal(bundle.name, `${model.described.id}@1.2.3`);
      assert.equal(bundle.fileFor('encoder', 'cpu')?.path, join(bundle.folder, 'encoder.onnx'));
    });
  }

  it('gives a provider the first file of the role that lists it', async () => {
    const parts = bundleOf(ownModel());
    const [encoder] = parts.manifest.files;
    assert.ok(encoder);
    const int8 = { ...encoder, path: 'encoder.int8.onnx', runtimes: ['cpu' as const], precision: 'int8' as const };
    const members = new Map(parts.members).set('encoder.int8.onnx', parts.members.get('encoder.onnx') as Uint8Array);
    const manifest = { ...parts.manifest, files: [int8, ...parts.manifest.files] };
    const bundle = await openBundle(writeBundle({ manifest, members }));
    assert.equal(bundle.fileFor('encoder', 'cpu')?.file.path, 'encoder.int8.onnx');
    assert.equal(bundle.fileFor('encoder', 'cuda')?.file.path, 'encoder.onnx');
    assert.equal(bundle.fileFor('decoder', 'cpu')?.file.path, 'decoder.onnx');
  });

  it('has no file for a provider that none lists', async () => {
    const files = own.manifest.files.map(file =>
      file.role === 'golden' ? file : { ...file, runtimes: ['cpu' as const] },
    );
    const bundle = await openBundle(writeBundle({ ...own, manifest: { ...own.manifest, files } }));
    assert.equal(bundle.fileFor('encoder', 'tensorrt'), undefined);
  });
});

describe('the encoder’s digest', () => {
  it('is the SHA-256 of the canonical JSON that models/BUNDLE.md specifies', () => {
    const { manifest } = bundleOf(torchModel());
    const [encoder] = manifest.files;
    const canonical =
      '{"conditions":null,"encoder":{"input":{"background":[0,0,0],"channels":"grey","height":28,"layout":"NCHW","name":"x",' +
      '"range":[-1,1],"width":28},"outputs":{"mu":"mu","scale":{"name":"log_sigma","parametrisation":"logsigma"}},' +
      `"sigmaRange":[0.0001,100]},"files":["${encoder?.sha256}"],"latentDim":2}`;
    assert.equal(encoderDigest(manifest), createHash('sha256').update(canonical).digest('hex'));
  });

  it('does not depend on the decoder, on the order of files or of keys', () => {
    const { manifest } = own;
    const other = { ...manifest, decoder: { ...manifest.decoder, sharpen: 2 }, files: [...manifest.files].reverse() };
    assert.equal(encoderDigest(other), encoderDigest(manifest));
    const encoder = Object.fromEntries(Object.entries(manifest.encoder).reverse()) as Manifest['encoder'];
    assert.equal(encoderDigest({ ...manifest, encoder }), encoderDigest(manifest));
  });

  it('changes with the encoder’s file, its description, n and the conditions', () => {
    const { manifest } = own;
    const digests = [
      manifest,
      withMember(own, 'encoder.onnx', new Uint8Array([1])).manifest,
      { ...manifest, encoder: { ...manifest.encoder, sigmaRange: [1e-3, 10] as [number, number] } },
      { ...manifest, latentDim: 7 },
      { ...manifest, conditions: { categories: ['a'], default: 'a' } },
    ].map(encoderDigest);
    assert.equal(new Set(digests).size, digests.length);
  });
});

describe('a member that is not what the manifest says', () => {
  const path = 'decoder.onnx';
  const expected = own.manifest.files[1]!;

  it('is refused with one flipped bit', async () => {
    const folder = writeBundle(own);
    const bytes = Buffer.from(own.members.get(path)!);
    bytes[1000]! ^= 1;
    writeFileSync(join(folder, path), bytes);
    await assert.rejects(openBundle(folder), refused(path, /SHA-256 is [0-9a-f]{64}, expected/, expected.sha256));
  });

  it('is refused when truncated', async () => {
    const folder = writeBundle(own);
    truncateSync(join(folder, path), 100);
    await assert.rejects(openBundle(folder), refused(path, `it holds 100 bytes, expected ${expected.bytes}`));
  });

  it('is refused when missing', async () => {
    const folder = writeBundle(own);
    rmSync(join(folder, path));
    await assert.rejects(openBundle(folder), refused(path, 'the file is missing'));
  });

  it('is refused when it is a link out of the folder, were the bytes the right ones', async () => {
    const folder = writeBundle(own);
    const outside = join(temporaryFolder('outside'), 'decoder.onnx');
    renameSync(join(folder, path), outside);
    symlinkSync(outside, join(folder, path));
    await assert.rejects(openBundle(folder), refused(path, 'it leads to', 'inside the bundle’s folder'));
  });

  it('may be a link inside the folder', async () => {
    const folder = writeBundle(own);
    renameSync(join(folder, path), join(folder, 'blob'));
    symlinkSync('blob', join(folder, path));
    assert.ok(await openBundle(folder));
  });
});

describe('a folder that is no bundle', () => {
  it('is refused when it is not there', async () => {
    await assert.rejects(
      openBundle('/nowhere/at/all'),
      refused('/nowhere/at/all/manifest.json', 'the file is missing'),
    );
  });

  it('is refused when the manifest is not JSON', async () => {
    const folder = writeBundle(own);
    writeFileSync(join(folder, 'manifest.json'), '{"format": ');
    await assert.rejects(openBundle(folder), refused('manifest.json: it is not JSON'));
  });

  it('is refused when the manifest is of no reasonable size', async () => {
    const folder = writeBundle(own);
    truncateSync(join(folder, 'manifest.json'), 2 ** 30);
    await assert.rejects(openBundle(folder), refused('manifest.json: it holds 1073741824 bytes, expected at most'));
  });
});
