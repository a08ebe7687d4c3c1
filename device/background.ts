/**
 * Processes and threads that are to give way: behind all that wants the processor, and later beside it again. Linux alone.
 *
 * By the policy SCHED_IDLE (sched(7)), with `chrt` of util-linux: who is only nice, be it by 19, still has the processor for a whole
 * slice before whoever dials gets it. Where there is no `chrt`, by niceness.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { promisify } from 'node:util';
import { InTurn } from './in-turn.ts';

const run = promisify(execFile);

const { PRIORITY_LOW, PRIORITY_NORMAL } = constants.priority;
/** Of sched(7). */
const SCHED_IDLE = 5;
/** CAP_SYS_NICE (capabilities(7)). */
const CAP_SYS_NICE = 23n;
/** RLIMIT_NICE that lets a process come back to niceness 0, or from SCHED_IDLE: it is 20 less the niceness (getrlimit(2)). */
const LIMIT_FOR_NORMAL = 20;

/**
 * Whether a process of ours that was put behind the others may be brought back: who may not stays where it is, and that
 * would be worse than never to have given way.
 * @param proc of this process, for tests
 */
export function mayGiveWay(proc = '/proc/self'): boolean {
  try {
    const [, capabilities = '0'] = /^CapEff:\s+([0-9a-f]+)/m.exec(readFileSync(`${proc}/status`, 'utf8')) ?? [];
    if ((BigInt(`0x${capabilities}`) >> CAP_SYS_NICE) & 1n) return true;
    const [, limit = '0'] = /^Max nice priority\s+(\S+)/m.exec(readFileSync(`${proc}/limits`, 'utf8')) ?? [];
    return limit === 'unlimited' || Number(limit) >= LIMIT_FOR_NORMAL;
  } catch {
    return false;
  }
}

/** Priorities of a process, on Linux those of its threads: those that are started later have that of who started them. */
function setNiceness(pid: number, niceness: number): void {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), niceness);
  } catch (error) {
    const { code, info } = error as NodeJS.ErrnoException & { info?: { code?: string } };
    if (!['ENOENT', 'ESRCH'].includes(info?.code ?? code ?? '')) throw error;
  }
}

/** What is asked for one after another is done one after another. */
const turns = new InTurn();

/**
 * Puts a process behind the others, or beside them again. One that has ended is left alone.
 * @throws Error where it may not be brought back, see `mayGiveWay`
 */
export function setBackground(pid: number, behind: boolean): Promise<void> {
  return turns.do(async () => {
    if (behind && (await setPolicy(pid, '--idle'))) return;
    if (!behind && isIdle(pid) && !(await setPolicy(pid, '--other')) && isIdle(pid)) {
      throw new Error(`Process ${pid} may not come back from behind the others.`);
    }
    setNiceness(pid, behind ? PRIORITY_LOW : PRIORITY_NORMAL);
  });
}

/** Whether it has the policy SCHED_IDLE (proc(5), stat, field 41); not one that has ended. */
function isIdle(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]) === SCHED_IDLE;
  } catch {
    return false;
  }
}

/** @returns whether it has it now: not where there is no `chrt`, it may not, or the process has ended */
const setPolicy = (pid: number, policy: '--idle' | '--other'): Promise<boolean> =>
  run('chrt', ['--all-tasks', policy, '--pid', '0', String(pid)]).then(
    () => true,
    () => false,
  );

/** Puts the thread that says it behind everything else, for good: for work that nobody waits for. */
export function stepBack(): void {
  try {
    // A link such as 4711/task/4715.
    const [thread = ''] = readlinkSync('/proc/thread-self').split('/').slice(-1);
    execFileSync('chrt', ['--idle', '--pid', '0', thread], { stdio: 'ignore' });
  } catch {
    setPriority(PRIORITY_LOW);
  }
}
