/** Memory of processes, as Linux counts it. */
import { readFile } from 'node:fs/promises';

/** Resident memory of processes together, bytes; one that has ended counts nothing. */
export async function residentBytes(processes: Iterable<number | undefined>): Promise<number> {
  let sum = 0;
  for (const pid of processes) {
    if (pid === undefined) continue;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const [, kilobytes = '0'] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
    sum += 1_024 * Number(kilobytes);
  }
  return sum;
}
