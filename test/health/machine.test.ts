import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventLoopDelay } from '../../device/health/event-loop-delay.ts';
import { Machine } from '../../device/health/machine.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';
import { MadeSysfs } from '../support/sysfs.ts';

describe('a reading of the machine', () => {
  it('has its processor, memory and disk', async t => {
    const data = await temporaryFolder(t);
    const { cpu, memory, disk, gpuLoad, zones, power } = await new Machine({ sysfs: data, data }).read();
    assert.ok(cpu.cores >= 1 && cpu.load >= 0 && cpu.load <= 1, JSON.stringify(cpu));
    assert.ok(memory.available > 0 && memory.available < memory.total);
    assert.ok(disk.free > 0 && disk.free < disk.size);
    assert.deepEqual([gpuLoad, zones, power], [null, [], []]);
  });

  it('is kept for a while, and made once for all who ask meanwhile', async t => {
    const data = await temporaryFolder(t);
    const sysfs = MadeSysfs.jetson(data);
    const machine = new Machine({ sysfs: data, data, keptMs: 2_000 });
    const [one, other] = await Promise.all([machine.read(), machine.read()]);
    assert.equal(one, other);
    sysfs.heat('cpu-thermal', 70);
    assert.equal((await machine.read()).zones[0]?.celsius, 47.5);
    await sleep(2_100);
    assert.equal((await machine.read()).zones[0]?.celsius, 70);
  });

  it('that failed is not kept', async t => {
    const data = await temporaryFolder(t);
    const machine = new Machine({ sysfs: data, data: `${data}/gone` });
    await assert.rejects(machine.read(), { code: 'ENOENT' });
    MadeSysfs.bare(`${data}/gone`).write('there', '');
    assert.ok((await machine.read()).disk.size > 0);
  });
});

describe('the delay of the event loop', () => {
  it('is what held it up within the last span', async t => {
    const loop = new EventLoopDelay(300);
    afterwards(t, () => loop.close());
    await sleep(50);
    const until = performance.now() + 600;
    while (performance.now() < until);
    await sleep(50);
    assert.ok(loop.delay.most > 0.5, JSON.stringify(loop.delay));
    assert.ok(loop.delay.most < 10, 'seconds');
    assert.ok(loop.delay.median <= loop.delay.p99 && loop.delay.p99 <= loop.delay.most);
    await sleep(700);
    assert.ok(loop.delay.most < 0.5, 'another span, in which nothing did');
  });
});
