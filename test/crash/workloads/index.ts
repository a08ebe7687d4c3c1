import type { Workload } from '../support/workload.ts';
import { access } from './access.ts';
import { arrivals } from './arrivals.ts';
import { catalogue } from './catalogue.ts';
import { importing } from './importing.ts';
import { indexing } from './indexing.ts';
import { stock } from './stock.ts';

export const WORKLOADS = { catalogue, indexing, importing, stock, arrivals, access } as const satisfies Record<
  string,
  Workload
>;
export type WorkloadName = keyof typeof WORKLOADS;
