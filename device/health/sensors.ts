/**
 * What the kernel tells of its machine in sysfs: temperatures with the points where it slows down, who slows down now, the load of
 * the GPU, and the power that is drawn. As JetPack 5 and 6 lay it out on a Jetson; on another machine, what there is of it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Zone {
  readonly name: string;
  readonly celsius: number;
  /** Where the kernel begins to slow down, or, where it never does, switches off; undefined where no such point is set. */
  readonly limitCelsius: number | undefined;
}

export interface Heat {
  readonly zones: readonly Zone[];
  /** The processors that are slowed down now, as the kernel names what slows them. */
  readonly throttled: readonly string[];
}

export interface Rail {
  readonly name: string;
  readonly watts: number;
}

interface Sensor {
  readonly name: string;
  readonly path: string;
  readonly limitCelsius?: number | undefined;
}

interface Found {
  readonly zones: readonly Sensor[];
  readonly coolers: readonly Sensor[];
  readonly gpu: string | undefined;
  readonly rails: readonly (Sensor & { readonly millivolts: string })[];
}

/** What slows a processor down; a fan or a dimmed screen does not, and neither does what only says that the case is hot. */
const SLOWS_DOWN = /^(thermal-)?(cpufreq|devfreq)-|^Processor$|throttle-alert$|\.(gpu|ga10b|gv11b)$/;
const GPU = /(gpu|ga10b|gv11b|gp10b|gm20b)$/;
/** These show no temperature of their own: the first a constant 100, the second what the fan goes by. */
const NO_ZONE = /^(PMIC-Die|thermal-fan-est)$/i;
/** Points below are none where anything slows down: some firmware has nonsense there. */
const LEAST_LIMIT = 45;
/** A zone whose part of the chip is switched off says -256, or nothing. */
const PLAUSIBLE = { least: -60, most: 200 };
/** What is plugged in, loaded or switched later is found after so long, milliseconds. */
const LOOK_AGAIN_MS = 60_000;

const text = async (path: string): Promise<string | undefined> =>
  (await readFile(path, 'utf8').catch(() => undefined))?.trim();

/** The number in a file; undefined where there is none. */
async function number(path: string): Promise<number | undefined> {
  const written = await text(path);
  const value = Number(written);
  return written === undefined || written === '' || !Number.isFinite(value) ? undefined : value;
}

/** The entries of a folder whose names begin so, in the order of their numbers; none where there is no such folder. */
async function entries(folder: string, beginning = ''): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter(name => name.startsWith(beginning))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map(name => join(folder, name));
}

const defined = <T>(found: readonly (T | undefined)[]): T[] => found.filter(one => one !== undefined);

/** The lowest point of the first kind there is: slowing down, then being hot, then switching off. */
async function limitOf(zone: string): Promise<number | undefined> {
  const names = (await readdir(zone).catch(() => [])).flatMap(name => /^(trip_point_\d+)_temp$/.exec(name)?.[1] ?? []);
  const points = await Promise.all(
    names.map(async name => ({
      kind: await text(join(zone, `${name}_type`)),
      celsius: ((await number(join(zone, `${name}_temp`))) ?? 0) / 1000,
    })),
  );
  for (const wanted of ['passive', 'hot', 'critical']) {
    const limits = points.filter(({ kind, celsius }) => kind === wanted && celsius >= LEAST_LIMIT);
    if (limits.length > 0) return Math.min(...limits.map(({ celsius }) => celsius));
  }
  return undefined;
}

const findZones = async (sys: string): Promise<Sensor[]> =>
  defined(
    await Promise.all(
      (await entries(join(sys, 'class/thermal'), 'thermal_zone')).map(async zone => {
        const name = await text(join(zone, 'type'));
        if (name === undefined || NO_ZONE.test(name)) return undefined;
        return { name, path: join(zone, 'temp'), limitCelsius: await limitOf(zone) };
      }),
    ),
  );

const findCoolers = async (sys: string): Promise<Sensor[]> =>
  defined(
    await Promise.all(
      (await entries(join(sys, 'class/thermal'), 'cooling_device')).map(async device => {
        const name = await text(join(device, 'type'));
        return name !== undefined && SLOWS_DOWN.test(name) ? { name, path: join(device, 'cur_state') } : undefined;
      }),
    ),
  );

/** JetPack 6 and 5 have it below devfreq, and older ones at a place of its own. */
async function findGpu(sys: string): Promise<string | undefined> {
  const devices = (await entries(join(sys, 'class/devfreq'))).filter(name => GPU.test(name));
  for (const path of [...devices.map(one => join(one, 'device/load')), join(sys, 'devices/platform/gpu.0/load')]) {
    if ((await number(path)) !== undefined) return path;
  }
  return undefined;
}

/** The INA3221 measures volts and amperes of three rails each. */
async function findRails(sys: string): Promise<Found['rails']> {
  const monitors: string[] = [];
  for (const monitor of await entries(join(sys, 'class/hwmon'), 'hwmon')) {
    if ((await text(join(monitor, 'name'))) === 'ina3221') monitors.push(monitor);
  }
  const channels = monitors.flatMap(monitor => [1, 2, 3].map(channel => ({ monitor, channel })));
  const rails = channels.map(async ({ monitor, channel }) => {
    const name = await text(join(monitor, `in${channel}_label`));
    const [path, millivolts] = [join(monitor, `curr${channel}_input`), join(monitor, `in${channel}_input`)];
    // A channel that nothing is soldered to is called NC.
    return name === undefined || name === 'NC' || (await number(path)) === undefined
      ? undefined
      : { name, path, millivolts };
  });
  return defined(await Promise.all(rails));
}

export class Sensors {
  readonly #sys: string;
  #found: Promise<Found> | undefined;
  #foundAt = 0;

  /** @param sys the folder that sysfs is mounted at */
  constructor(sys: string) {
    this.#sys = sys;
  }

  /** Temperatures, and who is slowed down. A file that cannot be read just now is left out. */
  async heat(): Promise<Heat> {
    const { zones, coolers } = await this.#sensors();
    const [temperatures, states] = await Promise.all([
      Promise.all(zones.map(({ path }) => number(path))),
      Promise.all(coolers.map(({ path }) => number(path))),
    ]);
    return {
      zones: zones.flatMap(({ name, limitCelsius }, at) => {
        const celsius = (temperatures[at] ?? Number.NaN) / 1000;
        return celsius > PLAUSIBLE.least && celsius < PLAUSIBLE.most ? [{ name, celsius, limitCelsius }] : [];
      }),
      throttled: coolers.filter((_, at) => (states[at] ?? 0) > 0).map(({ name }) => name),
    };
  }

  /** Load of the GPU, 0 to 1; undefined where the kernel does not tell. */
  async gpuLoad(): Promise<number | undefined> {
    const { gpu } = await this.#sensors();
    const permille = gpu === undefined ? undefined : await number(gpu);
    return permille === undefined ? undefined : permille / 1000;
  }

  /** What is drawn on each rail that is measured. */
  async power(): Promise<Rail[]> {
    const { rails } = await this.#sensors();
    const read = rails.map(async ({ name, path, millivolts }) => {
      const [amperes, volts] = await Promise.all([number(path), number(millivolts)]);
      return amperes === undefined || volts === undefined ? undefined : { name, watts: (amperes * volts) / 1e6 };
    });
    return defined(await Promise.all(read));
  }

  #sensors(): Promise<Found> {
    const now = performance.now();
    if (this.#found === undefined || now - this.#foundAt > LOOK_AGAIN_MS) {
      this.#foundAt = now;
      this.#found = this.#find();
    }
    return this.#found;
  }

  async #find(): Promise<Found> {
    const sys = this.#sys;
    const [zones, coolers, gpu, rails] = await Promise.all([
      findZones(sys),
      findCoolers(sys),
      findGpu(sys),
      findRails(sys),
    ]);
    return { zones, coolers, gpu, rails };
  }
}
