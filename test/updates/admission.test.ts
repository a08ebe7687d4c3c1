import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Random } from '../../device/matching/random.ts';
import { admit, admitSpace, freeBytes, type Situation } from '../../device/updates/admission.ts';
import { describeBox, hardwareIds, probeRuntime } from '../../device/updates/box.ts';
import type { Release } from '../../device/updates/release.ts';
import { rolloutPlace } from '../../device/updates/rollout.ts';
import { temporaryFolder } from '../support/store.ts';
import { PARTS, TEST_BOX } from '../support/update-box.ts';
import { releaseOf } from '../support/update-repository.ts';

const ID = Buffer.alloc(16, 7);
const here: Situation = { box: TEST_BOX, boxId: ID, current: 0, known: undefined };
const release = (changes: Partial<Release> = {}): Release => releaseOf(PARTS, 5, changes);
const runtime = (opset: number, from: string, below: string): Partial<Release> => ({ runtime: { opset, from, below } });

describe('a release', () => {
  it('is admitted where it is for this box', () => {
    admit(release(), here);
    admit(release(runtime(25, '1.30.0', '1.30.1')), here);
    admit(release(), { ...here, current: 4 });
    admit(release(), { ...here, box: { ...TEST_BOX, hardware: ['linux-arm64', 'jetson'] } });
  });

  it('is refused for one reason, in a sentence that says what is and what should be', () => {
    const cases: [Partial<Release>, Partial<Situation>, string, RegExp][] = [
      [{ id: 'shoes' }, { current: 6 }, 'other-line', /Release 5 is of shoes, and this box’s models are of from-keras/],
      [{}, { current: 6 }, 'release-behind', /Release 5 is older than 6/],
      [{ hardware: ['jetson'] }, {}, 'hardware-unsupported', /is for jetson, and this box is linux-x64/],
      [runtime(13, '1.31.0', '2.0.0'), {}, 'runtime-unsupported', /from 1\.31\.0 and below 2\.0\.0.*has 1\.30\.0/],
      [runtime(13, '1.17.0', '1.30.0'), {}, 'runtime-unsupported', /below 1\.30\.0/],
      [runtime(26, '1.17.0', '2.0.0'), {}, 'runtime-unsupported', /operator set 26.*up to 25/],
      [{}, { box: { ...TEST_BOX, runtime: undefined } }, 'runtime-unsupported', /cannot be loaded/],
      [{ indexVersion: 2 }, {}, 'index-unsupported', /version 2 of the index file.*reads 1/],
      [{ latentDim: 64 }, { box: { ...TEST_BOX, mostLatentDim: 32 } }, 'latent-unsupported', /64 dimensions.*takes 32/],
      [{ rollout: { salt: 's', percent: 0 } }, {}, 'not-in-rollout', /for 0 % of the boxes/],
    ];
    for (const [changes, situation, reason, message] of cases) {
      assert.throws(() => admit(release(changes), { ...here, ...situation }), { reason, message });
    }
  });

  it('that was bad here is refused with why', () => {
    const known = { release: 5, verdict: 'bad', reason: 'It was too slow.' } as NonNullable<Situation['known']>;
    assert.throws(() => admit(release(), { ...here, known }), { reason: 'release-bad', message: /It was too slow/ });
    admit(release(), { ...here, known: { ...known, verdict: undefined } });
  });

  it('needs its own room and what it asks for beside', () => {
    admitSpace(release({ freeBytes: 100 }), 50, 150);
    const tight = { reason: 'no-space', message: /needs 2\.0 MB free.*and 1\.9 MB are/ };
    assert.throws(() => admitSpace(release({ freeBytes: 1e6 }), 1e6, 1.9e6), tight);
  });

  it('is held against the room that the disk really has', async t => {
    const free = await freeBytes(await temporaryFolder(t));
    assert.ok(Number.isSafeInteger(free) && free > 0, String(free));
  });
});

describe('a box’s place in a rollout', () => {
  it('is the documented hash, and the same each time', () => {
    const hash = createHash('sha256')
      .update(Buffer.concat([Buffer.from('lookdial-rollout/1\0spring\0'), ID]))
      .digest('hex');
    assert.equal(rolloutPlace(ID, 'spring'), (100 * Number.parseInt(hash.slice(0, 12), 16)) / 2 ** 48);
    assert.equal(rolloutPlace(ID, 'spring'), rolloutPlace(Buffer.from(ID), 'spring'));
  });

  it('is uniform over [0, 100), and independent from one salt to another', () => {
    const random = new Random(1);
    const ids = Array.from({ length: 20_000 }, () =>
      Buffer.from(Array.from({ length: 16 }, () => Math.floor(256 * random.uniform()))),
    );
    const bins = 10;
    const counts = new Array<number>(bins * bins).fill(0);
    for (const id of ids) {
      const [one, other] = [rolloutPlace(id, 'one'), rolloutPlace(id, 'other')];
      assert.ok(one >= 0 && one < 100 && other >= 0 && other < 100);
      const place = bins * Math.floor(one / 10) + Math.floor(other / 10);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    const expected = ids.length / counts.length;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: above 149 in one of a thousand, below 60 in one of a thousand.
    assert.ok(chiSquare > 60 && chiSquare < 149, String(chiSquare));
  });

  it('lets as many boxes through as the release says, the same ones and more as it rises', () => {
    const boxes = Array.from({ length: 4_000 }, () => randomBytes(16));
    const taken = (percent: number): Set<Buffer> =>
      new Set(
        boxes.filter(boxId => {
          try {
            admit(release({ rollout: { salt: 'x', percent } }), { ...here, boxId });
            return true;
          } catch {
            return false;
          }
        }),
      );
    const [few, more, all] = [taken(10), taken(50), taken(100)];
    assert.ok(few.size > 300 && few.size < 500, String(few.size));
    assert.ok([...few].every(box => more.has(box)));
    assert.equal(all.size, boxes.length);
    assert.equal(taken(0).size, 0);
  });
});

describe('this box', () => {
  it('says its hardware, and knows NVIDIA’s boards by their device tree or release file', async t => {
    const plain = `${process.platform}-${process.arch}`;
    const root = await temporaryFolder(t);
    assert.deepEqual(await hardwareIds(root), [plain]);
    await mkdir(join(root, 'proc', 'device-tree'), { recursive: true });
    await writeFile(join(root, 'proc', 'device-tree', 'model'), 'NVIDIA Jetson Orin Nano Developer Kit\0');
    assert.deepEqual(await hardwareIds(root), [plain, 'jetson']);
    const other = await temporaryFolder(t);
    await mkdir(join(other, 'etc'));
    await writeFile(join(other, 'etc', 'nv_tegra_release'), '# R36 (release)');
    assert.deepEqual(await hardwareIds(other), [plain, 'jetson']);
  });

  it('knows the ONNX Runtime that is really installed', async () => {
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
    const { line, runtime, indexVersion, mostLatentDim } = await describeBox('own');
    assert.equal(runtime?.version, version);
    assert.ok((runtime?.opset ?? 0) >= 21, `operator set ${runtime?.opset}`);
    assert.ok((runtime?.opset ?? 99) < 60, 'there is a newest one');
    assert.deepEqual([line, indexVersion, mostLatentDim], ['own', 1, 64]);
  });

  it('has none where the binding cannot be loaded', async () => {
    assert.equal(await probeRuntime('/none/such'), undefined);
  });
});
