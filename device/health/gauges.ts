/** What a scrape finds out about the daemon as it stands: its model, its queues, its memory, its store, its updates. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Services } from '../api/services.ts';
import { isDatabaseDamaged } from '../errors.ts';
import { ROLES } from '../inference/bundle.ts';
import { ENGINE_STATES } from '../inference/engine-source.ts';
import { residentBytes } from '../inference/resident.ts';
import { STATES } from '../updates/update-state.ts';
import type { EventLoopDelay } from './event-loop-delay.ts';

/** What the app knows that the services do not. */
export interface Queues {
  /** Pictures that wait for a turn at the decoder. */
  readonly pictures: () => number;
  /** Photographs of arrivals that wait for a turn. */
  readonly photographs: () => number;
  readonly listeners: () => number;
}

type Labels = Readonly<Record<string, string>>;
type SetValue = (value: number, labels?: Labels) => void;

/** @param read sets what there is now, each time anew: a series that it leaves out is not there */
export function gauge(
  registry: Registry,
  { name, help, labels = [] }: { name: string; help: string; labels?: readonly string[] },
  read: (set: SetValue) => void | Promise<void>,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      this.reset();
      // Without labels a reset leaves a 0, where nothing is known.
      if (labels.length === 0) this.remove();
      try {
        await read((value, given) => (given === undefined ? this.set(value) : this.set(given, value)));
      } catch (error) {
        // What the damaged file would have said is missing, and the rest of the scrape is there: it is how one hears of the damage.
        if (!isDatabaseDamaged(error)) throw error;
      }
    },
  });
}

function modelGauges(registry: Registry, { editions, version }: Services): void {
  gauge(registry, { name: 'lookdial_serving', help: '1 while a model serves' }, set => {
    const { edition } = editions;
    set(edition !== undefined && edition.inference.state === 'serving' ? 1 : 0);
  });
  const labels = ['edition', 'bundle', 'version'];
  gauge(registry, { name: 'lookdial_edition_info', help: 'The model and index that serve; always 1', labels }, set => {
    const { edition } = editions;
    if (edition !== undefined) set(1, { edition: edition.id, bundle: edition.bundle.name, version });
  });
  gauge(
    registry,
    {
      name: 'lookdial_provider_info',
      help: 'What each net runs on; always 1',
      labels: ['net', 'provider', 'precision'],
    },
    set => {
      const inference = editions.edition?.inference;
      if (inference === undefined) return;
      const { provider, precision } = inference;
      for (const net of ROLES) set(1, { net, provider, precision: precision[net] });
    },
  );
}

function engineGauges(registry: Registry, { editions, engines }: Services): void {
  const help = 'How the engine that TensorRT runs of each net stands: 1 for the state that it is in';
  gauge(registry, { name: 'lookdial_engine_state', help, labels: ['net', 'state'] }, set => {
    const { edition } = editions;
    if (edition === undefined) return;
    for (const net of ROLES) {
      const now = engines?.standing(edition.bundle, net).state ?? 'none';
      for (const state of ENGINE_STATES) set(state === now ? 1 : 0, { net, state });
    }
  });
}

function queueGauges(
  registry: Registry,
  { editions, live }: Services,
  { pictures, photographs, listeners }: Queues,
): void {
  const help = 'Requests that wait: what a net or the writer works at is counted, what the search works at is not';
  gauge(registry, { name: 'lookdial_waiting', help, labels: ['queue'] }, set => {
    const { edition } = editions;
    set(pictures(), { queue: 'pictures' });
    set(photographs(), { queue: 'photographs' });
    set(edition?.search.waiting ?? 0, { queue: 'search' });
    set(live.waiting, { queue: 'arrivals' });
    for (const net of ROLES) set(edition?.inference.owed[net] ?? 0, { queue: net });
  });
  gauge(registry, { name: 'lookdial_event_listeners', help: 'Screens and programs that listen to events' }, set =>
    set(listeners()),
  );
}

function processGauges(registry: Registry, { editions }: Services, loop: EventLoopDelay): void {
  const seconds = 'How late the daemon’s event loop was, seconds, over the last 15 s';
  gauge(registry, { name: 'lookdial_event_loop_delay_seconds', help: seconds, labels: ['centile'] }, set => {
    const { median, p99, most } = loop.delay;
    set(median, { centile: '50' });
    set(p99, { centile: '99' });
    set(most, { centile: '100' });
  });
  gauge(
    registry,
    { name: 'lookdial_resident_bytes', help: 'Memory that a process holds', labels: ['process'] },
    async set => {
      set(process.memoryUsage.rss(), { process: 'daemon' });
      const processes = editions.edition?.inference.processes;
      for (const net of ROLES) {
        const pid = processes?.[net];
        if (pid !== undefined) set(await residentBytes([pid]), { process: net });
      }
    },
  );
  gauge(registry, { name: 'lookdial_start_time_seconds', help: 'When the daemon started, Unix time' }, set =>
    set(performance.timeOrigin / 1_000),
  );
}

/** What was started again is counted where it was; a model that is changed begins at 0, as a counter may. */
function restartCounters(registry: Registry, { editions }: Services): void {
  new Counter({
    name: 'lookdial_restarts_total',
    help: 'Parts of the daemon that ended, or grew too large, and were started again',
    labelNames: ['part'],
    registers: [registry],
    collect() {
      const { edition } = editions;
      this.reset();
      for (const net of ROLES) this.inc({ part: net }, edition?.inference.restarts[net] ?? 0);
      this.inc({ part: 'search' }, edition?.search.restarts ?? 0);
    },
  });
}

function storeGauges(registry: Registry, { editions, catalogue }: Services): void {
  let counted = { changes: Number.NaN, garments: 0 };
  const garments = (): number => {
    const { changes } = catalogue;
    if (changes !== counted.changes) counted = { changes, garments: catalogue.count };
    return counted.garments;
  };
  const help = 'Garments of the catalogue: in_stock can be matched, out_of_stock could be, not_encoded never is';
  gauge(registry, { name: 'lookdial_garments', help, labels: ['state'] }, set => {
    const { edition } = editions;
    if (edition === undefined) return;
    const encoded = catalogue.allowed({ inStock: false }, edition.garments).count;
    const inStock = catalogue.allowed({}, edition.garments).count;
    set(inStock, { state: 'in_stock' });
    set(encoded - inStock, { state: 'out_of_stock' });
    set(garments() - encoded, { state: 'not_encoded' });
  });
}

function updateGauges(registry: Registry, { updates, updatesFault }: Services): void {
  const help = 'Where the update of the model stands: 1 for the state that it is in';
  gauge(registry, { name: 'lookdial_update_state', help, labels: ['state'] }, set => {
    const now = updates?.()?.state.state;
    if (now !== undefined) for (const state of STATES) set(state === now ? 1 : 0, { state });
  });
  gauge(
    registry,
    { name: 'lookdial_update_release', help: 'Number of the release that serves; 0 for the model of the settings' },
    set => {
      const taken = updates?.();
      if (taken !== undefined) set(taken.current?.release ?? 0);
    },
  );
  const check = 'When it was looked for an update last, Unix time';
  gauge(registry, { name: 'lookdial_update_check_time_seconds', help: check }, set => {
    const last = updates?.()?.lastCheck;
    if (last !== undefined) set(last.at.getTime() / 1_000);
  });
  gauge(
    registry,
    { name: 'lookdial_update_alarm', help: '1 where the last look found what somebody should look into' },
    set => {
      if (updatesFault !== undefined) set(1);
      const last = updates?.()?.lastCheck;
      if (last !== undefined) set(last.alarm ? 1 : 0);
    },
  );
}

export function daemonGauges(registry: Registry, services: Services, queues: Queues, loop: EventLoopDelay): void {
  modelGauges(registry, services);
  engineGauges(registry, services);
  queueGauges(registry, services, queues);
  processGauges(registry, services, loop);
  restartCounters(registry, services);
  storeGauges(registry, services);
  updateGauges(registry, services);
}
