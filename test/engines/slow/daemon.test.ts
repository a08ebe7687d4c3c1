import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Static } from 'typebox';
import type { Model } from '../../../device/api/model-schemas.ts';
import type { System } from '../../../device/health/system.ts';
import { askDoctor, servedStore, settingsOf } from '../../support/doctor.ts';
import { EngineBox, TENSORRT } from '../../support/engine-box.ts';
import { MainProcess } from '../../support/main-process.ts';

type SystemReading = Static<typeof System>;

const settingsFor = (box: EngineBox) => {
  box.write('sys/module/nvidia/version', '540.4.0');
  return {
    LOOKDIAL_PROVIDERS: 'tensorrt',
    LOOKDIAL_ORT_MODULE: TENSORRT,
    LOOKDIAL_SYSFS: box.sysfs,
    LOOKDIAL_TRTEXEC: box.trtexec,
  };
};

/** Whether a process runs: one that has ended and was not asked after does not. */
const isThere = (pid: number): boolean => {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a daemon on a box with TensorRT', () => {
  it('serves on the CPU, builds the engines, and serves on TensorRT; the doctor says each', async t => {
    const box = new EngineBox();
    const store = await servedStore(t);
    const settings = { ...settingsOf(store), ...settingsFor(box) };
    const asked = ['engines', 'nets'];
    const before = await askDoctor(settings, asked);
    assert.deepEqual([before.of('engines').verdict, before.of('nets').verdict], ['look', 'look']);
    assert.equal(
      before.of('engines').found,
      'The engine of own@1.2.3, encoder.onnx is not built yet for TensorRT 10.3.0.',
    );
    assert.match(before.of('nets').found, /tensorrt is not used: its engines are not built yet for this driver\.$/);
    const daemon = new MainProcess(t, settings);
    const address = await daemon.address;
    const provider = async (): Promise<string> =>
      ((await (await fetch(`${address}/api/v1/model`)).json()) as Model).provider;
    const engines = async (): Promise<unknown[]> => {
      const { nets } = (await (await fetch(`${address}/api/v1/system`)).json()) as SystemReading;
      return [nets.encoder.engine, nets.decoder.engine];
    };
    const seen = new Set<string>();
    const states = new Set<string>();
    for (let i = 0; i < 1_000 && !seen.has('tensorrt'); i += 1) {
      seen.add(await provider());
      for (const { state } of (await engines()) as { state: string }[]) states.add(state);
      await sleep(20);
    }
    assert.deepEqual([...seen], ['cpu', 'tensorrt']);
    assert.deepEqual([...states].sort(), ['building', 'none', 'ready']);
    const READY = { state: 'ready', reason: null };
    assert.deepEqual(await engines(), [READY, READY]);
    daemon.child.kill('SIGTERM');
    await daemon.ended;
    const after = await askDoctor(settings, asked);
    assert.deepEqual([after.of('engines').verdict, after.of('nets').verdict], ['ok', 'ok']);
    assert.match(
      after.of('engines').found,
      /^The engines of own@1\.2\.3 are built for TensorRT 10\.3\.0 on NVIDIA Jetson/,
    );
    assert.match(after.of('nets').found, /run on tensorrt, and are golden/);
    assert.equal(readdirSync(join(store.data, 'engines')).length, 4);
  });

  it('that is killed in the middle of a build leaves no engine and no builder, and the doctor says what to do where one fails', async t => {
    const box = new EngineBox();
    box.behave('hangs');
    const store = await servedStore(t);
    const settings = { ...settingsOf(store), ...settingsFor(box) };
    const killed = new MainProcess(t, settings);
    await killed.address;
    for (let i = 0; i < 500 && box.builds.length === 0; i += 1) await sleep(20);
    const builder = box.builder;
    assert.ok(isThere(builder), 'the builder runs');
    killed.child.kill('SIGKILL');
    await once(killed.child, 'close');
    for (let i = 0; i < 100 && isThere(builder); i += 1) await sleep(20);
    assert.equal(isThere(builder), false, 'the builder has outlived the daemon');
    const [left = ''] = readdirSync(join(store.data, 'engines'));
    assert.match(left, /^building-/);
    box.behave('fails');
    const daemon = new MainProcess(t, settings);
    await daemon.address;
    let told = await askDoctor(settings, ['engines']);
    for (let i = 0; i < 20 && !/could not be built/.test(told.of('engines').found); i += 1) {
      told = await askDoctor(settings, ['engines']);
    }
    const failing = (await (await fetch(`${await daemon.address}/api/v1/system`)).json()) as SystemReading;
    assert.deepEqual(failing.nets.encoder.engine, {
      state: 'failed',
      reason: 'it ended with code 1: Error[10]: no implementation for node Conv_3',
    });
    const { verdict, found, next } = told.of('engines');
    assert.deepEqual(
      [verdict, found],
      [
        'look',
        'The engine of own@1.2.3, encoder.onnx could not be built: it ended with code 1: Error[10]: no implementation for node Conv_3.',
      ],
    );
    const [record = '', ...more] = readdirSync(join(store.data, 'engines'));
    assert.deepEqual(more, []);
    assert.ok(next.includes(`then remove ${join(store.data, 'engines', record)} and start the daemon again.`));
  });
});

it('a box without TensorRT has no engines, and misses none', async t => {
  const told = await askDoctor(
    { ...settingsOf(await servedStore(t)), LOOKDIAL_PROVIDERS: 'tensorrt,cuda', LOOKDIAL_SYSFS: '/nowhere' },
    ['engines'],
  );
  const { verdict, found } = told.of('engines');
  assert.deepEqual(
    [verdict, found],
    ['not here', 'No engines are built here: it has no NVIDIA graphics processor with its driver loaded.'],
  );
});
