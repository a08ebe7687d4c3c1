/** Processes that are to give way for a while: behind all that wants the processor, and later beside it again. Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const { PRIORITY_LOW, PRIORITY_NORMAL } = constants.priority;
/** CAP_SYS_NICE (capabilities(7)). */
const CAP_SYS_NICE = 23n;
/** RLIMIT_NICE that lets a process come back to niceness 0: it is 20 less the niceness (getrlimit(2)). */
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

/** Puts a process behind the others, or beside them again. One that has ended is left alone. */
export function setBackground(pid: number, behind: boolean): void {
  try {
    // On Linux priorities are the threads' own: those that are started later have that of who started them.
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      setPriority(Number(thread), behind ? PRIORITY_LOW : PRIORITY_NORMAL);
    }
  } catch (error) {
    const { code, info } = error as NodeJS.ErrnoException & { info?: { code?: string } };
    if (!['ENOENT', 'ESRCH'].includes(info?.code ?? code ?? '')) throw error;
  }
}
