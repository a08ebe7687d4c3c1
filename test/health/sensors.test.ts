import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Sensors } from '../../device/health/sensors.ts';
import { temporaryFolder } from '../support/store.ts';
import { MadeSysfs } from '../support/sysfs.ts';

const jetson = async (t: TestContext): Promise<MadeSysfs> => MadeSysfs.jetson(await temporaryFolder(t));

describe('what a Jetson’s kernel tells', () => {
  it('is each zone that is on, with the point where it is slowed down', async t => {
    const { zones, throttled } = await new Sensors((await jetson(t)).root).heat();
    assert.deepEqual(zones, [
      { name: 'cpu-thermal', celsius: 47.5, limitCelsius: 99 },
      { name: 'gpu-thermal', celsius: 45.906, limitCelsius: 99 },
      { name: 'soc0-thermal', celsius: 46.125, limitCelsius: 99 },
      { name: 'tj-thermal', celsius: 47.5, limitCelsius: 104.5 },
      { name: 'tboard-thermal', celsius: 38.25, limitCelsius: undefined },
    ]);
    assert.deepEqual(throttled, [], 'neither a fan nor a hot case slows anything down');
  });

  it('is who is slowed down, whatever slows it', async t => {
    const sysfs = await jetson(t);
    const sensors = new Sensors(sysfs.root);
    for (const name of ['cpufreq-cpu4', 'devfreq-17000000.gpu', 'cpu-throttle-alert']) {
      sysfs.throttle(name, 1);
      assert.deepEqual((await sensors.heat()).throttled, [name]);
      sysfs.throttle(name, 0);
    }
    sysfs.throttle('pwm-fan', 4);
    assert.deepEqual((await sensors.heat()).throttled, []);
  });

  it('is the GPU’s load and each rail’s power', async t => {
    const sensors = new Sensors((await jetson(t)).root);
    assert.equal(await sensors.gpuLoad(), 0.372);
    assert.deepEqual(await sensors.power(), [
      { name: 'VDD_IN', watts: 5.04 },
      { name: 'VDD_CPU_GPU_CV', watts: 1.328448 },
      { name: 'VDD_SOC', watts: 1.60768 },
    ]);
  });

  it('is the GPU’s load at the place of older JetPacks too', async t => {
    const sysfs = await jetson(t);
    sysfs.remove('class/devfreq');
    sysfs.write('devices/platform/gpu.0/load', '1000');
    assert.equal(await new Sensors(sysfs.root).gpuLoad(), 1);
  });

  it('leaves out what cannot be read just now, and reads it again when it can', async t => {
    const sysfs = await jetson(t);
    const sensors = new Sensors(sysfs.root);
    await sensors.heat();
    sysfs.remove('class/thermal/thermal_zone0/temp');
    sysfs.write('class/thermal/thermal_zone1/temp', '');
    assert.deepEqual(
      (await sensors.heat()).zones.map(({ name }) => name),
      ['soc0-thermal', 'tj-thermal', 'tboard-thermal'],
    );
    sysfs.heat('cpu-thermal', 50);
    assert.equal((await sensors.heat()).zones[0]?.celsius, 50);
  });

  it('takes no nonsense for the point where it slows down', async t => {
    const sysfs = MadeSysfs.bare(await temporaryFolder(t));
    sysfs.write('class/thermal/thermal_zone0/type', 'acpitz');
    sysfs.write('class/thermal/thermal_zone0/temp', '27800');
    sysfs.write('class/thermal/thermal_zone0/trip_point_0_type', 'critical');
    sysfs.write('class/thermal/thermal_zone0/trip_point_0_temp', '20800');
    sysfs.write('class/thermal/thermal_zone0/trip_point_1_type', 'passive');
    sysfs.write('class/thermal/thermal_zone0/trip_point_1_temp', '-274000');
    const { zones } = await new Sensors(sysfs.root).heat();
    assert.deepEqual(zones, [{ name: 'acpitz', celsius: 27.8, limitCelsius: undefined }]);
  });
});

describe('a machine that tells nothing', () => {
  it('has no temperatures, no load and no power', async t => {
    const sensors = new Sensors(await temporaryFolder(t));
    assert.deepEqual(await sensors.heat(), { zones: [], throttled: [] });
    assert.equal(await sensors.gpuLoad(), undefined);
    assert.deepEqual(await sensors.power(), []);
  });
});
