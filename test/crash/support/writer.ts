/** The process that the crash tests record and kill: `node writer.ts WORKLOAD PLACE PART ACKNOWLEDGEMENTS`. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { WORKLOADS, type WorkloadName } from '../workloads/index.ts';
import type { Place } from './workload.ts';

const [name = '', place = '', part = '', path = ''] = process.argv.slice(2);
const file = openSync(path, 'a');
const acknowledge = (what: string): void => {
  writeSync(file, `${what}\n`);
};
await WORKLOADS[name as WorkloadName].write(JSON.parse(place) as Place, acknowledge, Number(part));
closeSync(file);
