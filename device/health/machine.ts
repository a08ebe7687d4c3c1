/** How the machine is: processor, memory, disk, GPU, heat and power. Read when somebody asks, and kept for some seconds. */
import { statfs } from 'node:fs/promises';
import { type HeatState, HeatWatch, type HeatWatchOptions, PICTURES_PER_SECOND } from './heat-watch.ts';
import { type Rail, Sensors, type Zone } from './sensors.ts';

export interface MachineReading {
  /** `load` is the share of its time that it was at work since the reading before, 0 to 1. */
  readonly cpu: { readonly model: string; readonly cores: number; readonly load: number };
  /** Bytes; `available` is what a program could have without another being swapped out. */
  readonly memory: { readonly total: number; readonly available: number };
  /** Of the file system that the state folder is on, bytes; `free` is what the daemon may write. */
  readonly disk: { readonly size: number; readonly free: number };
  /** Load of the GPU, 0 to 1; null where the kernel does not tell. */
  readonly gpuLoad: number | null;
  readonly zones: readonly Zone[];
  readonly throttled: readonly string[];
  readonly power: readonly Rail[];
}

/** A reading is good for so long, milliseconds: whoever asks more often costs nothing more. */
const KEPT_MS = 5_000;

type Information = typeof import('systeminformation');
interface Known {
  readonly information: Information;
  readonly model: Pick<MachineReading['cpu'], 'model' | 'cores'>;
}

export class Machine {
  readonly #data: string;
  readonly #keptMs: number;
  readonly #sensors: Sensors;
  #known: Promise<Known> | undefined;
  #reading: { readonly at: number; readonly promise: Promise<MachineReading> } | undefined;
  #watch: HeatWatch | undefined;

  /** @param place the folder that sysfs is mounted at, and the state folder; `keptMs` how long a reading is good, 5,000 unless given */
  constructor({ sysfs, data, keptMs = KEPT_MS }: { sysfs: string; data: string; keptMs?: number }) {
    this.#data = data;
    this.#keptMs = keptMs;
    this.#sensors = new Sensors(sysfs);
  }

  /** Looks at the heat from now on, and tells of it. */
  watch(options: Omit<HeatWatchOptions, 'sensors'>): void {
    this.#watch?.close();
    this.#watch = new HeatWatch({ ...options, sensors: this.#sensors });
  }

  /** As the watch has it; `well` where nothing is watched. */
  get heat(): { readonly state: HeatState; readonly picturesPerSecond: number | null } {
    const state = this.#watch?.state ?? 'well';
    return { state, picturesPerSecond: PICTURES_PER_SECOND[state] };
  }

  /**
   * Finds out what does not change: a process is started for it, which copies this one's page tables. To be called while this one
   * is small and nobody waits; else it is done with the first reading.
   */
  async prepare(): Promise<void> {
    await this.#prepared();
  }

  read(): Promise<MachineReading> {
    const now = performance.now();
    if (this.#reading === undefined || now - this.#reading.at > this.#keptMs) {
      const promise = this.#read();
      this.#reading = { at: now, promise };
      // A reading that failed is no reading: the next who asks has it tried again.
      promise.catch(() => {
        if (this.#reading?.promise === promise) this.#reading = undefined;
      });
    }
    return this.#reading.promise;
  }

  close(): void {
    this.#watch?.close();
  }

  #prepared(): Promise<Known> {
    this.#known ??= findOut().catch(error => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #read(): Promise<MachineReading> {
    const { information, model } = await this.#prepared();
    const [load, memory, disk, heat, gpuLoad, power] = await Promise.all([
      information.currentLoad(),
      information.mem(),
      // What systeminformation asks of `df`: a process for it would copy the daemon's page tables, and hold up a drag.
      statfs(this.#data),
      this.#sensors.heat(),
      this.#sensors.gpuLoad(),
      this.#sensors.power(),
    ]);
    return {
      cpu: { ...model, load: load.currentLoad / 100 },
      memory: { total: memory.total, available: memory.available },
      disk: { size: disk.blocks * disk.bsize, free: disk.bavail * disk.bsize },
      gpuLoad: gpuLoad ?? null,
      ...heat,
      power,
    };
  }
}

async function findOut(): Promise<Known> {
  const information = await import('systeminformation');
  const { manufacturer, brand, cores } = await information.cpu();
  return { information, model: { model: `${manufacturer} ${brand}`.trim(), cores } };
}
