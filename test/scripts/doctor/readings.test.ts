import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Box } from '../../../scripts/doctor/box.ts';
import { type Finding, worstOf } from '../../../scripts/doctor/check.ts';
import { chromium } from '../../../scripts/doctor/checks/chromium.ts';
import { mountOf } from '../../../scripts/doctor/checks/disk.ts';
import { kiosk } from '../../../scripts/doctor/checks/kiosk.ts';
import { memory } from '../../../scripts/doctor/checks/memory.ts';
import { judgeNode } from '../../../scripts/doctor/checks/node.ts';
import { screen } from '../../../scripts/doctor/checks/screen.ts';
import { temperature } from '../../../scripts/doctor/checks/temperature.ts';
import { examine } from '../../../scripts/doctor/examine.ts';
import { lackingLibraries } from '../../../scripts/doctor/provider-libraries.ts';
import { exitStatus } from '../../../scripts/doctor/report.ts';
import { temporaryFolder } from '../../support/store.ts';

/** A box whose system has these files and no others. */
async function boxWith(t: TestContext, files: Readonly<Record<string, string>>, environment = {}): Promise<Box> {
  const root = await temporaryFolder(t);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${text}\n`, { mode: 0o755 });
  }
  return new Box({ LOOKDIAL_DATA: join(root, 'state'), ...environment }, root);
}

const zone = (number: number, type: string, milli: string, trips: Readonly<Record<string, string>> = {}) => {
  const folder = `sys/class/thermal/thermal_zone${number}`;
  const points = Object.entries(trips).flatMap(([kind, at], place) => [
    [`${folder}/trip_point_${place}_type`, kind],
    [`${folder}/trip_point_${place}_temp`, at],
  ]);
  return { [`${folder}/type`]: type, [`${folder}/temp`]: milli, ...Object.fromEntries(points) };
};

describe('the temperature', () => {
  it('is the warmest zone’s, held against the points at which the kernel slows down and switches off', async t => {
    const trips = { passive: '80000', critical: '105000', active: '-273000' };
    const at = async (milli: string, of = trips): Promise<Finding> =>
      temperature.run(await boxWith(t, { ...zone(0, 'cpu-thermal', '41500'), ...zone(1, 'gpu-thermal', milli, of) }));
    const cool = await at('56250');
    assert.deepEqual([cool.verdict, cool.found], ['ok', 'The warmest of 2, gpu-thermal, has 56.3 °C.']);
    const warm = await at('81000');
    assert.deepEqual([warm.verdict, warm.found], ['look', 'gpu-thermal has 81 °C, at which the box slows down.']);
    const hot = await at('101000');
    assert.deepEqual(
      [hot.verdict, hot.found],
      ['broken', 'gpu-thermal has 101 °C, and the box switches off at 105 °C.'],
    );
    assert.equal((await at('86000', { ...trips, passive: '0' })).verdict, 'look', 'a point at 0 is none');
  });

  it('is something to look at while the kernel slows the box down, however warm a zone says it is', async t => {
    const cooler = (number: number, type: string, state: string) => ({
      [`sys/class/thermal/cooling_device${number}/type`]: type,
      [`sys/class/thermal/cooling_device${number}/cur_state`]: state,
    });
    const at = async (state: string, zones: Readonly<Record<string, string>>): Promise<Finding> =>
      temperature.run(
        await boxWith(t, { ...zones, ...cooler(0, 'pwm-fan', '3'), ...cooler(1, 'cpufreq-cpu0', state) }),
      );
    const cool = zone(0, 'cpu-thermal', '41500');
    assert.equal((await at('0', cool)).verdict, 'ok', 'a fan that turns slows nothing down');
    const slowed = await at('2', cool);
    assert.equal(slowed.verdict, 'look');
    assert.match(
      slowed.found,
      /^The kernel slows the box down now \(cpufreq-cpu0\); the warmest zone, cpu-thermal, has 41\.5 °C/,
    );
    assert.match(slowed.next, /give it air.*power supply/);
    assert.deepEqual(slowed.measured?.throttled, ['cpufreq-cpu0']);
    assert.equal((await at('2', {})).verdict, 'look', 'where no zone tells a temperature');
    assert.equal((await at('2', zone(0, 'cpu-thermal', '101000', { critical: '105000' }))).verdict, 'broken');
  });

  it('is read where the setting sysfs says that the kernel tells it', async t => {
    const other = await boxWith(t, { ...zone(0, 'cpu-thermal', '41500') });
    const box = await boxWith(t, {}, { LOOKDIAL_SYSFS: other.system('/sys') });
    assert.equal((await temperature.run(box)).found, 'The warmest of 1, cpu-thermal, has 41.5 °C.');
  });

  it('is not here where there are no zones, or none that can be read', async t => {
    assert.equal((await temperature.run(await boxWith(t, {}))).verdict, 'not here');
    assert.equal((await temperature.run(await boxWith(t, zone(0, 'odd', 'N/A')))).verdict, 'not here');
  });
});

describe('the settings of the kiosk’s screen', () => {
  it('are looked at line by line, where a screen was installed', async t => {
    const page = 'LOOKDIAL_KIOSK_PAGE=http://127.0.0.1:8080/';
    const at = async (...lines: string[]): Promise<Finding> =>
      kiosk.run(await boxWith(t, { 'etc/lookdial/kiosk.conf': lines.join('\n') }));
    assert.equal((await at(page)).verdict, 'ok');
    const one = await at(page, 'LOOKDIAL_KIOSK_PATIENCE=soon');
    assert.equal(one.verdict, 'look');
    assert.match(one.found, /kiosk\.conf:2: LOOKDIAL_KIOSK_PATIENCE is "soon", and must be a whole number/);
    assert.match(one.next, /systemctl restart lookdial-kiosk/);
    const two = await at('LOOKDIAL_KIOSK_PAGE=there', 'LOOKDIAL_KIOSK_CAGE=x');
    assert.deepEqual([two.verdict, two.found, two.detail?.length], ['look', '2 settings of the screen are wrong.', 2]);
    assert.equal((await kiosk.run(await boxWith(t, {}))).verdict, 'not here');
  });
});

describe('the screens', () => {
  it('are told by output, with the mode each prefers', async t => {
    const files = {
      'sys/class/drm/card1-HDMI-A-1/status': 'connected',
      'sys/class/drm/card1-HDMI-A-1/modes': '1080x1920\n1920x1080',
      'sys/class/drm/card1-DP-1/status': 'disconnected',
      'sys/class/drm/card1-DP-1/modes': '',
      'sys/class/drm/card1-Writeback-1/status': 'unknown',
      'sys/class/drm/version': 'drm 1.1.0',
    };
    const shown = await screen.run(await boxWith(t, files));
    assert.deepEqual([shown.verdict, shown.found], ['ok', 'Connected: HDMI-A-1 (1080x1920).']);
    const dark = await screen.run(
      await boxWith(t, { ...files, 'sys/class/drm/card1-HDMI-A-1/status': 'disconnected' }),
    );
    assert.deepEqual(
      [dark.verdict, dark.found],
      ['look', 'No screen is connected (DP-1, HDMI-A-1), or it is switched off.'],
    );
    assert.equal((await screen.run(await boxWith(t, {}))).verdict, 'not here');
  });
});

describe('the browser', () => {
  it('is found and asked for its version', async t => {
    const says = (text: string) => ({ 'bin/chromium': `#!/bin/sh\necho "${text}"` });
    const found = async (text: string): Promise<Finding> => {
      const box = await boxWith(t, says(text));
      return chromium.run(new Box({ PATH: box.system('/bin') }, box.system('/')));
    };
    const good = await found('Chromium 131.0.6778.85 built on Debian');
    assert.equal(good.verdict, 'ok');
    assert.match(good.found, /\/bin\/chromium is of version 131\.0\.6778\.85\.$/);
    const old = await found('Chromium 99.0.1');
    assert.equal(old.verdict, 'broken');
    assert.match(old.found, /is of version 99\.0\.1, and the page needs 120 or newer\.$/);
    assert.equal((await found('hello')).verdict, 'broken');
    const missing = await chromium.run(new Box({ CHROMIUM: '/nowhere/chromium' }));
    assert.deepEqual(
      [missing.verdict, missing.found],
      ['broken', '/nowhere/chromium does not say its version: there is no such program.'],
    );
  });
});

describe('the libraries of the binding', () => {
  const BINDING = `bin/napi-v6/linux/${process.arch}/onnxruntime_binding.node`;
  const own = resolve(import.meta.dirname, '../../../node_modules/onnxruntime-node');

  it('lack nothing where all are there, and are named with what they lack', async t => {
    const whole = await lackingLibraries('onnxruntime-node');
    assert.match(whole[0] ?? '', /^beside it: /);
    assert.ok(!whole.some(line => line.startsWith('onnxruntime_binding.node')), whole.join());
    const folder = await temporaryFolder(t);
    for (const [path, from] of [
      ['dist/index.js', 'dist/index.js'],
      [BINDING, BINDING],
    ] as const) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await copyFile(join(own, from), join(folder, path));
    }
    await writeFile(join(folder, dirname(BINDING), 'libonnxruntime_providers_cuda.so'), 'no library');
    assert.deepEqual(await lackingLibraries(join(folder, 'dist/index.js')), [
      'beside it: libonnxruntime_providers_cuda.so',
      'onnxruntime_binding.node needs libonnxruntime.so.1, and does not find it',
    ]);
    assert.deepEqual(await lackingLibraries('no-such-runtime'), []);
  });
});

describe('the memory', () => {
  it('is what can still be had', async t => {
    const left = async (kilobytes: number): Promise<Finding> =>
      memory.run(
        await boxWith(t, { 'proc/meminfo': `MemTotal: 8000000 kB\nMemFree: 1 kB\nMemAvailable: ${kilobytes} kB` }),
      );
    assert.deepEqual(
      [(await left(4_000_000)).verdict, (await left(200_000)).verdict, (await left(20_000)).verdict],
      ['ok', 'look', 'broken'],
    );
    assert.equal((await left(4_000_000)).found, '4.1 GB of 8.19 GB of memory can still be had.');
    assert.equal((await memory.run(await boxWith(t, {}))).verdict, 'not here');
  });
});

describe('the mount of a folder', () => {
  it('is the deepest that holds it, the latest of two at one place', () => {
    const mountinfo = [
      '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '30 22 8:2 / /var rw - xfs /dev/sda2 rw',
      '31 22 8:3 / /var/a\\040b ro,noatime - btrfs /dev/sda3 rw',
      '32 22 0:4 / /run rw - tmpfs tmpfs rw',
      '33 22 8:4 / /run ro - vfat /dev/sdb rw',
    ].join('\n');
    const kind = (folder: string) => mountOf(folder, mountinfo)?.kind;
    assert.deepEqual(['/', '/home', '/var', '/variable', '/var/lib'].map(kind), ['ext4', 'ext4', 'xfs', 'ext4', 'xfs']);
    assert.deepEqual(mountOf('/var/a b/c', mountinfo), { at: '/var/a b', kind: 'btrfs', readOnly: true });
    assert.equal(kind('/run/x'), 'vfat');
    assert.equal(mountOf('/x', ''), undefined);
  });
});

describe('the version of Node', () => {
  it('is the project’s own, another, or too old', () => {
    assert.deepEqual(
      [judgeNode('v24.21.0', '24.21.0'), judgeNode('v26.1.0', '24.21.0'), judgeNode('v22.9.0', '24.21.0')].map(
        ({ verdict }) => verdict,
      ),
      ['ok', 'look', 'broken'],
    );
    assert.equal(judgeNode('v24.1.0', undefined).verdict, 'ok');
  });
});

describe('findings', () => {
  const finding = (verdict: Finding['verdict'], found: string): Finding => ({ verdict, found, next: 'Do it.' });

  it('of several are told by the worst, the others after it', () => {
    const { verdict, found, detail } = worstOf([finding('ok', 'A.'), finding('broken', 'B.'), finding('look', 'C.')]);
    assert.deepEqual([verdict, found, detail], ['broken', 'B.', ['A. Do it.', 'C. Do it.']]);
  });

  it('give the exit status by the worst', () => {
    const status = (...verdicts: Finding['verdict'][]): number => exitStatus(verdicts.map(verdict => ({ verdict })));
    assert.deepEqual(
      [status(), status('ok', 'not here'), status('ok', 'look'), status('look', 'broken', 'ok')],
      [0, 0, 1, 2],
    );
  });

  it('are made each by itself: a check that fails, or lacks a package, takes no other with it', async () => {
    const lacking = Object.assign(new Error('Cannot find package “sharp”'), { code: 'ERR_MODULE_NOT_FOUND' });
    const reported = await examine(new Box({}), [
      { name: 'one', load: () => Promise.reject(lacking) },
      { name: 'two', load: () => Promise.reject(new Error('odd\nand long')) },
      { name: 'three', load: async () => ({ name: 'three', about: '', run: async () => finding('ok', 'A.') }) },
    ]);
    assert.deepEqual(
      reported.map(({ name, verdict, found }) => [name, verdict, found]),
      [
        ['one', 'broken', 'What this check needs is not installed: Cannot find package “sharp”.'],
        ['two', 'broken', 'This could not be looked at: odd and long.'],
        ['three', 'ok', 'A.'],
      ],
    );
  });
});
