/**
 * The process that the crash tests record and kill: `node writer.ts WORKLOAD PLACE PART ACKNOWLEDGEMENTS`. With an IPC
 * channel it goes on until it is killed, and says there when it begins.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { type WorkloadName, workloadOf } from '../workloads/index.ts';
import type { Place } from './workload.ts';

const [name = '', written = '', part = '', path = ''] = process.argv.slice(2);
const file = openSync(path, 'a');
const acknowledge = (what: string): void => {
  writeSync(file, `${what}\n`);
};
const workload = await workloadOf(name as WorkloadName);
const place = JSON.parse(written) as Place;
if (process.send === undefined) {
  await workload.write(place, acknowledge, Number(part));
} else {
  process.send('begin');
  await workload.churn(place, acknowledge, Number(part));
}
closeSync(file);
