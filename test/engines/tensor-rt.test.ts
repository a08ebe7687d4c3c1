import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { optionsFor } from '../../device/engines/build-engine.ts';
import { findTensorRt } from '../../device/engines/tensor-rt.ts';
import { EngineBox } from '../support/engine-box.ts';

describe('what an engine depends on', () => {
  const path = process.env.PATH;
  let box: EngineBox;
  beforeEach(() => {
    box = new EngineBox();
    process.env.PATH = `${join(box.root, 'bin')}:${path}`;
  });

  it('is a Jetson’s board, its L4T and its TensorRT', async () => {
    const { trtexec } = box;
    const hardware = 'NVIDIA Jetson Orin Nano Developer Kit (tegra234)';
    assert.deepEqual(await findTensorRt(box), { hardware, driver: 'R36.4.3', version: '10.3.0', trtexec });
    box.write('sys/module/nvidia/version', '540.4.0\n');
    box.write('version', '8602');
    const { etc, sysfs } = box;
    const found = await findTensorRt({ etc, sysfs, trtexec: '' });
    assert.deepEqual(found, { hardware, driver: 'R36.4.3, 540.4.0', version: '8.6.2', trtexec: 'trtexec' });
  });

  it('is the graphics processors of a PC and their driver', async () => {
    box.write('sys/firmware/devicetree/base/compatible', '');
    box.write('sys/module/nvidia/version', '570.86.10\n');
    box.program('nvidia-smi', 'echo "NVIDIA L4, 8.9"; echo "NVIDIA A2, 8.6"');
    const found = await findTensorRt(box);
    assert.ok(typeof found === 'object');
    assert.deepEqual([found.hardware, found.driver], ['NVIDIA A2, 8.6; NVIDIA L4, 8.9', '570.86.10']);
    box.program('nvidia-smi', 'echo "Failed to initialize NVML"; exit 9');
    assert.equal(await findTensorRt(box), 'nvidia-smi does not say which graphics processor it has');
  });

  it('is not there without an NVIDIA driver, and nothing is started to find that out', async () => {
    const started = join(box.root, 'started');
    const program = box.program('trtexec', `touch ${started}`);
    box.program('nvidia-smi', `touch ${started}`);
    const found = await findTensorRt({ sysfs: join(box.root, 'none'), etc: box.etc, trtexec: program });
    assert.equal(found, 'it has no NVIDIA graphics processor with its driver loaded');
    assert.ok(!existsSync(started));
  });

  it('is not there without trtexec', async () => {
    const { sysfs, etc } = box;
    const found = await findTensorRt({ sysfs, etc, trtexec: '/nowhere/trtexec' });
    assert.equal(found, '/nowhere/trtexec is none that says which TensorRT it is of');
  });
});

it('an engine is built in its net’s own precision', () => {
  assert.deepEqual(optionsFor('10.3.0', 'int8'), ['--stronglyTyped']);
  assert.deepEqual([optionsFor('8.6.2'), optionsFor('8.6.2', 'float16')], [[], ['--fp16']]);
});
