import type { Workload } from '../support/workload.ts';
import { catalogue } from './catalogue.ts';
import { indexing } from './indexing.ts';

export const WORKLOADS = { catalogue, indexing } as const satisfies Record<string, Workload>;
export type WorkloadName = keyof typeof WORKLOADS;
