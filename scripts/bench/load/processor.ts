/** What processes have used of the processor. */
import { readFileSync } from 'node:fs';

/** Linux tells user space of its time in hundredths of a second, whatever it counts in. */
const TICKS_A_SECOND = 100;
/** Places of user and system time in /proc/PID/stat, behind the program's name and its state. */
const [USER, SYSTEM] = [11, 12];

/** Since they began, seconds; one that has ended counts for nothing. */
export function processorSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + secondsOf(pid), 0);
}

function secondsOf(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // A program's name may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER]) + Number(fields[SYSTEM])) / TICKS_A_SECOND;
}
