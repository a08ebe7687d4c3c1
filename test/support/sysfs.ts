/** A made /sys: a Jetson Orin Nano as JetPack 6 lays it out, whose temperatures a test raises and lowers. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Zone {
  readonly type: string;
  readonly celsius: number;
  /** Trip points: kind and degrees. */
  readonly trips?: readonly (readonly [string, number])[];
}

const ORIN_ZONES: readonly Zone[] = [
  {
    type: 'cpu-thermal',
    celsius: 47.5,
    trips: [
      ['passive', 99],
      ['hot', 101],
      ['critical', 104.5],
    ],
  },
  {
    type: 'gpu-thermal',
    celsius: 45.906,
    trips: [
      ['passive', 99],
      ['critical', 104.5],
    ],
  },
  { type: 'cv0-thermal', celsius: -256, trips: [['passive', 99]] },
  {
    type: 'soc0-thermal',
    celsius: 46.125,
    trips: [
      ['passive', 99],
      ['critical', 104.5],
    ],
  },
  {
    type: 'tj-thermal',
    celsius: 47.5,
    trips: [
      ['active', 51],
      ['active', 61],
      ['critical', 104.5],
    ],
  },
  { type: 'tboard-thermal', celsius: 38.25 },
  { type: 'PMIC-Die', celsius: 100 },
];
const ORIN_COOLERS = [
  ['pwm-fan', 2],
  ['cpufreq-cpu0', 0],
  ['cpufreq-cpu4', 0],
  ['devfreq-17000000.gpu', 0],
  ['cpu-throttle-alert', 0],
  ['gpu-throttle-alert', 0],
  ['hot-surface-alert', 1],
] as const;
/** Of the INA3221: name, millivolts, milliamperes. */
const ORIN_RAILS = [
  ['VDD_IN', 5_040, 1_000],
  ['VDD_CPU_GPU_CV', 5_032, 264],
  ['VDD_SOC', 5_024, 320],
] as const;

export class MadeSysfs {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static jetson(root: string): MadeSysfs {
    const made = new MadeSysfs(root);
    for (const [at, zone] of ORIN_ZONES.entries()) made.#zone(at, zone);
    for (const [at, [type, state]] of ORIN_COOLERS.entries()) {
      made.write(`class/thermal/cooling_device${at}/type`, type);
      made.write(`class/thermal/cooling_device${at}/cur_state`, String(state));
      made.write(`class/thermal/cooling_device${at}/max_state`, '4');
    }
    made.write('class/devfreq/17000000.gpu/device/load', '372');
    made.write('class/devfreq/17000000.gpu/cur_freq', '306000000');
    made.write('class/hwmon/hwmon0/name', 'tmp451');
    made.write('class/hwmon/hwmon1/name', 'ina3221');
    for (const [at, [name, millivolts, milliamperes]] of ORIN_RAILS.entries()) {
      made.write(`class/hwmon/hwmon1/in${at + 1}_label`, name);
      made.write(`class/hwmon/hwmon1/in${at + 1}_input`, String(millivolts));
      made.write(`class/hwmon/hwmon1/curr${at + 1}_input`, String(milliamperes));
    }
    made.write('class/hwmon/hwmon1/in7_label', 'sum of shunt voltages');
    return made;
  }

  /** A machine that tells nothing. */
  static bare(root: string): MadeSysfs {
    return new MadeSysfs(root);
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** Sets the temperature of a zone of the Jetson. */
  heat(type: string, celsius: number): void {
    const at = ORIN_ZONES.findIndex(zone => zone.type === type);
    this.write(`class/thermal/thermal_zone${at}/temp`, String(Math.round(celsius * 1_000)));
  }

  /** Has the kernel slow a processor down, or lets it be again. */
  throttle(type: string, state: number): void {
    const at = ORIN_COOLERS.findIndex(([name]) => name === type);
    this.write(`class/thermal/cooling_device${at}/cur_state`, String(state));
  }

  #zone(at: number, { type, celsius, trips = [] }: Zone): void {
    const zone = `class/thermal/thermal_zone${at}`;
    this.write(`${zone}/type`, type);
    this.write(`${zone}/temp`, String(celsius * 1_000));
    for (const [point, [kind, degrees]] of trips.entries()) {
      this.write(`${zone}/trip_point_${point}_type`, kind);
      this.write(`${zone}/trip_point_${point}_temp`, String(degrees * 1_000));
      this.write(`${zone}/trip_point_${point}_hyst`, '0');
    }
  }
}
