import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EventHub } from '../../device/events.ts';
import { CALM_MS, HeatLevel, HeatWatch } from '../../device/health/heat-watch.ts';
import { Sensors } from '../../device/health/sensors.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';
import { MadeSysfs } from '../support/sysfs.ts';

const at = (celsius: number, throttled: string[] = []) => ({
  zones: [
    { name: 'cpu-thermal', celsius, limitCelsius: 99 },
    { name: 'tboard-thermal', celsius: 150, limitCelsius: undefined },
  ],
  throttled,
});

describe('the level of heat', () => {
  it('rises at once, when a zone comes near its limit and when it is there', () => {
    const level = new HeatLevel();
    const states = [90, 93.9, 94, 98.9, 99, 101].map((celsius, time) => level.read(at(celsius), time));
    assert.deepEqual(states, ['well', 'well', 'hot', 'hot', 'throttled', 'throttled']);
  });

  it('is throttled as soon as a processor is slowed down, however cool it seems', () => {
    assert.equal(new HeatLevel().read(at(60, ['cpufreq-cpu0']), 0), 'throttled');
  });

  it('falls a step at a time, only well below the limit and only after a calm while', () => {
    const level = new HeatLevel();
    const read = (seconds: number, celsius: number, throttled: string[] = []) =>
      level.read(at(celsius, throttled), seconds * 1000);
    assert.equal(read(0, 99), 'throttled');
    assert.equal(read(10, 97), 'throttled', 'too near its limit still');
    assert.equal(read(20, 95), 'throttled');
    assert.equal(read(49, 95), 'throttled', 'not for long enough');
    assert.equal(read(50, 95), 'hot');
    assert.equal(read(60, 92), 'hot', 'no zone is near, and none is far');
    assert.equal(read(600, 92), 'hot');
    assert.equal(read(610, 89), 'hot');
    assert.equal(read(630, 90), 'hot', 'warmer again: the calm begins anew');
    assert.equal(read(640, 89), 'hot');
    assert.equal(read(669, 85), 'hot');
    assert.equal(read(670, 85), 'well');
  });

  it('does not go up and down with a zone that does', () => {
    const level = new HeatLevel();
    const changes = new Set<number>();
    let before = 'well';
    for (let second = 0; second < 3_600; second += 3) {
      const state = level.read(at(93 + 2 * Math.sin(second / 20)), second * 1000);
      if (state !== before) changes.add(second);
      before = state;
    }
    assert.equal(changes.size, 1, 'it is hot once, and stays so');
  });

  it('stays well where no zone has a limit', () => {
    assert.equal(new HeatLevel().read({ zones: at(99).zones.slice(1), throttled: [] }, 0), 'well');
    assert.equal(new HeatLevel().read({ zones: [], throttled: [] }, 0), 'well');
  });
});

describe('the watch of the heat', () => {
  async function watched(t: TestContext) {
    const sysfs = MadeSysfs.jetson(await temporaryFolder(t));
    const events = new EventHub();
    const heard: unknown[] = [];
    const lines: string[] = [];
    let now = 0;
    let wake = (): void => undefined;
    events.listen(event => heard.push(event.data));
    const log = { info: (text: string) => void lines.push(text), warn: (text: string) => void lines.push(text) };
    const sensors = new Sensors(sysfs.root);
    let looks = 0;
    const counted = {
      heat: async () => {
        const heat = await sensors.heat();
        looks += 1;
        setImmediate(wake);
        return heat;
      },
    };
    const watch = new HeatWatch({ sensors: counted, events, log, everyMs: 1, now: () => now });
    afterwards(t, () => watch.close());
    /** Two looks from now on: the second began when everything was as it is. */
    const looked = async (): Promise<void> => {
      for (const until = looks + 2; looks < until; ) await new Promise<void>(go => (wake = go));
    };
    const pass = (milliseconds: number): void => {
      now += milliseconds;
    };
    return { sysfs, watch, heard, lines, looked, pass };
  }

  it('tells the kiosk of a lower rate when a zone warms, and of none again when it has cooled', async t => {
    const { sysfs, watch, heard, lines, looked, pass } = await watched(t);
    await looked();
    assert.deepEqual([watch.state, watch.picturesPerSecond, heard], ['well', null, []]);
    sysfs.heat('gpu-thermal', 95.5);
    await looked();
    assert.deepEqual(heard, [{ state: 'hot', picturesPerSecond: 15 }]);
    sysfs.throttle('devfreq-17000000.gpu', 2);
    await looked();
    assert.deepEqual(heard.slice(1), [{ state: 'throttled', picturesPerSecond: 8 }]);
    sysfs.throttle('devfreq-17000000.gpu', 0);
    sysfs.heat('gpu-thermal', 70);
    await looked();
    assert.equal(watch.state, 'throttled', 'it has only just cooled');
    pass(CALM_MS);
    await looked();
    pass(CALM_MS);
    await looked();
    assert.deepEqual(heard.slice(2), [
      { state: 'hot', picturesPerSecond: 15 },
      { state: 'well', picturesPerSecond: null },
    ]);
    assert.match(
      lines[0] ?? '',
      /^The box is hot: a drag gets 15 pictures a second. gpu-thermal is at 95.5 °C of 99.0/,
    );
    assert.match(lines[1] ?? '', /devfreq-17000000.gpu slows down/);
  });

  it('says nothing on a machine that tells no temperature', async t => {
    const { sysfs, watch, heard, looked } = await watched(t);
    sysfs.remove('class');
    await looked();
    assert.deepEqual([watch.state, heard], ['well', []]);
  });
});
