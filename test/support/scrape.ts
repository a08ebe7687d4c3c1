/** A scrape of a daemon that has everything to tell: a Jetson's sensors, updates, a shopper and somebody who asks wrongly. */
import type { TestContext } from 'node:test';
import { Machine } from '../../device/health/machine.ts';
import type { Updates } from '../../device/updates/updates.ts';
import { afterwards } from './afterwards.ts';
import { type DaemonOptions, TestDaemon } from './daemon.ts';
import { type Family, readExposition } from './exposition.ts';
import { drawPicture, temporaryFolder } from './store.ts';
import { MadeSysfs } from './sysfs.ts';

/** What the metrics look at of a box that takes updates. */
const UPDATES = {
  state: { state: 'trial' },
  current: { release: 7 },
  lastCheck: { at: new Date('2026-05-04T03:00:00Z'), outcome: 'verified', message: undefined, alarm: true },
} as unknown as Updates;

export interface Watched {
  readonly daemon: TestDaemon;
  readonly sysfs: MadeSysfs;
  readonly machine: Machine;
}

export async function watchedDaemon(t: TestContext, options: DaemonOptions = {}): Promise<Watched> {
  const folder = await temporaryFolder(t);
  const sysfs = MadeSysfs.jetson(folder);
  const machine = new Machine({ sysfs: sysfs.root, data: folder, keptMs: 0 });
  afterwards(t, () => machine.close());
  const daemon = await TestDaemon.start({ updates: () => UPDATES, machine, ...options });
  afterwards(t, () => daemon.close());
  return { daemon, sysfs, machine };
}

/** @throws Error where the answer is not Prometheus's text format */
export async function scrape(daemon: TestDaemon): Promise<Map<string, Family>> {
  return readExposition((await daemon.ask({ url: '/metrics' })).body);
}

/** Every metric there is, with samples. */
export async function everyMetric(t: TestContext): Promise<Map<string, Family>> {
  const { daemon } = await watchedDaemon(t);
  daemon.inference.processes = { encoder: process.pid, decoder: process.pid };
  await daemon.post('/api/v1/dial', { z: [0, 0, 0, 0, 0, 0] });
  await daemon.post('/api/v1/generate', { z: [0, 0, 0, 0, 0, 0] });
  await daemon.post('/api/v1/dial', { z: [0] });
  const payload = await drawPicture(1);
  await daemon.ask({ method: 'POST', url: '/api/v1/encode', headers: { 'content-type': 'image/png' }, payload });
  return scrape(daemon);
}

/** The value of one series; undefined where there is none. @param labels all of them */
export function sampleOf(
  families: ReadonlyMap<string, Family>,
  sample: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  return [...families.values()]
    .flatMap(({ samples }) => samples)
    .find(({ name, labels: has }) => name === sample && JSON.stringify(Object.entries(has).sort()) === wanted)?.value;
}
