/** By which policy Linux runs the threads of a process (sched(7)). */
import { readdir, readFile } from 'node:fs/promises';

export const OTHER = 0;
export const IDLE = 5;

/** Of each of its threads (proc(5), stat, field 41). */
export async function policies(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = await Promise.all(threads.map(thread => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return stats.map(stat => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]));
}
