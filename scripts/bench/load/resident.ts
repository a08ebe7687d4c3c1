/** What a process and all that it started hold of the machine's memory. */
import { readFileSync } from 'node:fs';
import { residentBytes } from '../../../device/inference/resident.ts';

export function processTree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap(child => processTree(Number(child)))];
}

/** Resident memory of these processes together, megabytes. @throws Error where none of them runs */
export async function residentMegabytes(pids: readonly number[]): Promise<number> {
  const bytes = await residentBytes(pids);
  if (bytes === 0) throw new Error(`There is no process ${pids.join(' nor ')}.`);
  return bytes / 2 ** 20;
}
