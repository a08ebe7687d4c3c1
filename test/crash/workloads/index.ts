/** The workloads by name. Each is loaded where it is run: the crash tests start a thousand processes, and none needs them all. */
import type { Workload } from '../support/workload.ts';

const LOADED = {
  catalogue: async () => (await import('./catalogue.ts')).catalogue,
  indexing: async () => (await import('./indexing.ts')).indexing,
  importing: async () => (await import('./importing.ts')).importing,
  stock: async () => (await import('./stock.ts')).stock,
  arrivals: async () => (await import('./arrivals.ts')).arrivals,
  updating: async () => (await import('./updating.ts')).updating,
  mapping: async () => (await import('./mapping.ts')).mapping,
  access: async () => (await import('./access.ts')).access,
  publishing: async () => (await import('./publishing.ts')).publishing,
  fetching: async () => (await import('./fetching.ts')).fetching,
} as const satisfies Record<string, () => Promise<Workload>>;

export type WorkloadName = keyof typeof LOADED;

export const WORKLOADS = Object.keys(LOADED) as readonly WorkloadName[];

export const workloadOf = (name: WorkloadName): Promise<Workload> => LOADED[name]();
