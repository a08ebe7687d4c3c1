import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Engines, type EnginesOptions } from '../../../device/engines/engines.ts';
import { type Bundle, openBundle } from '../../../device/inference/bundle.ts';
import { type Inference, startInference } from '../../../device/inference/inference.ts';
import { afterwards } from '../../support/afterwards.ts';
import { bundleOf, temporaryFolder, writeBundle } from '../../support/bundle.ts';
import { CPU_OPTIONS, keptLog } from '../../support/bundle-inference.ts';
import { kerasModel, ownModel } from '../../support/bundles.ts';
import { EngineBox, TENSORRT } from '../../support/engine-box.ts';

const own = ownModel();
const PLENTY = { memory: 2 ** 40, disk: 2 ** 40 };
const CPU_SERVES = [
  ['tensorrt', false],
  ['cpu', true],
];

describe('the engines of a box', () => {
  let box: EngineBox;
  let data: string;
  let bundle: Bundle;
  let log: ReturnType<typeof keptLog>;
  beforeEach(async () => {
    box = new EngineBox();
    data = temporaryFolder('state');
    bundle = await openBundle(writeBundle(bundleOf(own)));
    log = keptLog();
  });
  const files = (): string[] => (existsSync(join(data, 'engines')) ? readdirSync(join(data, 'engines')).sort() : []);
  const kinds = (): string[] => files().map(name => name.replace(/^[0-9a-f]{64}/, '*'));
  const BOTH = ['*.json', '*.onnx', '*.json', '*.onnx'];

  /** Starts as a daemon does: the nets, and then, once they serve, the builder. */
  async function start(t: TestContext, more: Partial<EnginesOptions> = {}, begins = true) {
    const providers = ['tensorrt'];
    const { sysfs, etc, trtexec } = box;
    const room = async () => PLENTY;
    const options = { sysfs, etc, trtexec, data, engines: 'on' as const, providers, log, room, retryMs: 20, ...more };
    const engines = await Engines.open(options);
    const nets = { ...CPU_OPTIONS, providers, ortModule: TENSORRT, log, engineSource: engines };
    const inference = await startInference(bundle, nets);
    const stop = () => Promise.all([engines.close(), inference.close()]);
    afterwards(t, stop);
    const first = inference.report.map(({ provider, taken }) => [provider, taken]);
    if (begins) engines.begin(async () => [bundle.folder]);
    return { engines, inference, first, stop };
  }
  const until = async (what: () => boolean): Promise<void> => {
    for (let i = 0; !what(); i += 1) {
      assert.ok(i < 1_500, `it did not come to that: ${log.lines.slice(-20).join('\n')}`);
      await sleep(20);
    }
  };
  const onTensorRt = (inference: Inference) => until(() => inference.provider === 'tensorrt');
  const reasonOf = ({ report }: Inference): string => report.find(one => one.provider === 'tensorrt')?.reason ?? '';

  it('are built behind all else while the CPU serves; the nets go over to them, and no request fails', async t => {
    const { inference, first } = await start(t);
    assert.deepEqual(first, CPU_SERVES);
    const before = inference.processes;
    const z = Float32Array.from({ length: 6 }, (_, i) => i / 6);
    const expected = await inference.decode(z);
    let [asked, left] = [0, 300];
    // Of forty at once one is owed an answer at any moment, that of the going over too.
    const ask = async (): Promise<void> => {
      for (; left > 0; left -= inference.provider === 'tensorrt' ? 1 : 0) {
        const { rgba } = await inference.decode(z);
        assert.deepEqual(rgba, expected.rgba);
        asked += 1;
      }
    };
    await Promise.all(Array.from({ length: 40 }, ask));
    assert.ok(asked > 300);
    assert.deepEqual(
      inference.report.map(({ provider, taken }) => [provider, taken]),
      [
        ['tensorrt', true],
        ['cpu', false],
      ],
    );
    assert.match(reasonOf(inference), /^the golden check holds/);
    assert.equal(box.builds.length, 2);
    for (const line of box.builds) {
      assert.match(
        line,
        /^5 1000 --onnx=\S+ --saveEngine=\S+ --memPoolSize=workspace:1024 --skipInference --stronglyTyped$/,
      );
    }
    await until(() => [before.encoder, before.decoder].every(pid => !existsSync(`/proc/${pid}`)));
    assert.deepEqual(inference.restarts, { encoder: 0, decoder: 0 });
  });

  it('are taken at once by the next start, and built anew for another driver while the CPU serves', async t => {
    const one = await start(t);
    await onTensorRt(one.inference);
    await one.stop();
    const built = files();
    assert.deepEqual(kinds(), BOTH);
    const two = await start(t);
    assert.deepEqual(two.first, [['tensorrt', true]]);
    await two.stop();
    assert.equal(box.builds.length, 2);
    box.driver('4.4');
    const three = await start(t);
    assert.deepEqual(three.first, CPU_SERVES);
    assert.equal(three.inference.report[0]?.reason, 'its engines are not built yet for this driver');
    await onTensorRt(three.inference);
    assert.equal(box.builds.length, 4);
    assert.deepEqual(kinds(), BOTH);
    assert.ok(
      files().every(name => !built.includes(name)),
      'those of the driver before are gone',
    );
  });

  const failures = [
    ['fails', 'it ended with code 1: Error[10]: no implementation for node Conv_3'],
    ['hangs', 'it did not end within 1 s'],
    ['killed', /^it ended by SIGKILL: /],
    ['saysOnly', 'it wrote none'],
  ] as const;
  for (const [how, why] of failures) {
    it(`that could not be built (the builder ${how}) are not tried again before something changes`, async t => {
      box.behave(how);
      const one = await start(t, { buildMs: 1_000 });
      const PREFIX = 'the engine of own@1.2.3, encoder.onnx could not be built: ';
      await until(() => reasonOf(one.inference).startsWith(PREFIX));
      const said = reasonOf(one.inference).slice(PREFIX.length);
      assert.ok(typeof why === 'string' ? said === why : why.test(said), said);
      assert.deepEqual(kinds(), ['*.json'], 'the decoder is not tried where the encoder cannot be');
      await one.stop();
      const two = await start(t, {}, true);
      await sleep(300);
      assert.deepEqual([two.inference.provider, reasonOf(two.inference), box.builds.length], ['cpu', PREFIX + said, 1]);
      await two.stop();
      box.behave('builds');
      box.write('version', '100800');
      await onTensorRt((await start(t)).inference);
    });
  }

  it('that could not be built are said to be so of every bundle that has the same net', async t => {
    box.behave('fails');
    const other = await openBundle(writeBundle(bundleOf(own)));
    const { engines } = await start(t, {}, false);
    const found = await Promise.all([bundle, other].map(one => engines.find(one)));
    engines.begin(async () => [bundle.folder, other.folder]);
    const why = await Promise.all(found.map(one => (one !== undefined && 'built' in one ? one.built : undefined)));
    assert.match(why[0] ?? '', /^the engine of own@1.2.3, encoder.onnx could not be built: it ended with code 1/);
    assert.deepEqual([why[1], box.builds.length], [why[0], 1]);
  });

  it('leave nothing that is taken for one where a build ends half-way', async t => {
    box.behave('hangs');
    const one = await start(t);
    await until(() => box.builds.length === 1);
    const [, half = ''] = /--saveEngine=(\S+)/.exec(box.builds[0] ?? '') ?? [];
    await until(() => existsSync(half));
    await one.stop();
    assert.deepEqual(kinds(), []);
    // A power cut leaves a folder, and at the worst a whole engine without its record.
    box.behave('builds');
    const two = await start(t);
    await onTensorRt(two.inference);
    await two.stop();
    const [record = ''] = files();
    const path = join(data, 'engines', record);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -20));
    writeFileSync(join(data, 'engines', 'building-left'), 'half');
    const three = await start(t, {}, false);
    assert.deepEqual(three.first, CPU_SERVES);
    three.engines.begin(async () => [bundle.folder]);
    await onTensorRt(three.inference);
    assert.deepEqual([kinds(), box.builds.length], [BOTH, 4]);
  });

  it('that are damaged are refused by their digest, and built anew', async t => {
    const one = await start(t);
    await onTensorRt(one.inference);
    await one.stop();
    const path = join(data, 'engines', files().find(name => name.endsWith('.onnx')) ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.length - 400] = (bytes[bytes.length - 400] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const two = await start(t);
    assert.deepEqual(two.first, CPU_SERVES);
    await onTensorRt(two.inference);
    assert.equal(box.builds.length, 3, 'the whole one is kept');
  });

  it('that answer something else than the model do not serve, and are not built over and over', async t => {
    const other = Buffer.from(own.decoder);
    writeFileSync(join(box.root, 'other.onnx'), other.fill(0x40, 20_000, 20_400));
    box.behave('miscalculates');
    const { inference } = await start(t);
    await until(() => /^decoder.onnx: golden check: the picture/.test(reasonOf(inference)));
    await sleep(300);
    assert.deepEqual([inference.provider, box.builds.length], ['cpu', 2]);
    assert.equal((await inference.decode(new Float32Array(6))).width, 32);
  });

  it('wait for memory and for room on the disk, and a disk that fills is not the net’s fault', async t => {
    // At each look: before the build, and behind the one that failed.
    const left = [
      { memory: 2 ** 30, disk: 2 ** 40 },
      { memory: 2 ** 40, disk: 2 ** 20 },
      PLENTY,
      { memory: 0, disk: 0 },
    ];
    box.behave('fails');
    const one = await start(t, { room: async () => left.shift() ?? PLENTY });
    await until(() => reasonOf(one.inference).endsWith('was not built this time: the disk is full'));
    assert.deepEqual(
      log.lines.filter(line => line.startsWith('Engines are built later')),
      [
        'Engines are built later: 1024 MB of memory are left, and 2048 MB must be.',
        'Engines are built later: 1 MB of disk are left, and 1025 MB must be.',
      ],
    );
    assert.deepEqual([kinds(), left, box.builds.length], [[], [], 1]);
    await one.stop();
    box.behave('builds');
    await onTensorRt((await start(t)).inference);
  });

  it('are kept for bundles that may be served again, and cleared away for others', async t => {
    const other = await openBundle(writeBundle(bundleOf(kerasModel())));
    const { engines, inference, stop } = await start(t);
    await engines.find(other);
    await onTensorRt(inference);
    await until(() => kinds().length === 8);
    await stop();
    const both = await start(t, {}, false);
    both.engines.begin(async () => [bundle.folder, other.folder]);
    await both.stop();
    assert.equal(kinds().length, 8);
    const alone = await start(t);
    await until(() => kinds().length === 4);
    await alone.stop();
    const unreadable = await start(t, {}, false);
    unreadable.engines.begin(async () => [join(data, 'nowhere')]);
    await unreadable.stop();
    assert.equal(kinds().length, 4, 'a bundle that cannot be read now keeps all');
  });

  it('are none of a box without TensorRT, or where they are off: TensorRT then has the bundle’s own files', async t => {
    const off = await start(t, { engines: 'off' });
    assert.match(reasonOf(off.inference), /it is a net, and no engine$/);
    const bare = await start(t, { sysfs: join(box.root, 'none') });
    assert.match(reasonOf(bare.inference), /it is a net, and no engine$/);
    assert.deepEqual([box.builds, kinds()], [[], []]);
  });
});
