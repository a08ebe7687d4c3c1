/** Lets what is on another machine in earnest run on this one's spare time alone. */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';

/**
 * Gives way to everything else, at once (SCHED_IDLE, sched(7)): a mere niceness of 19 still takes its turn, and holds up whoever is
 * measured for as long as that lasts. Needs Linux and `chrt` of util-linux, which every Debian has; elsewhere nothing is changed.
 * @param who this thread, or this process with the threads that it has and those that it starts
 */
export function standAside(who: 'thread' | 'process'): void {
  if (process.platform !== 'linux') return;
  if (who === 'process') execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', `${process.pid}`]);
  // A link such as 4711/task/4715.
  else execFileSync('chrt', ['--idle', '--pid', '0', readlinkSync('/proc/thread-self').split('/').at(-1)!]);
}
