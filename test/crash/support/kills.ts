/** Real processes that write and are killed, one after another, on one folder that is looked at after each. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../../../device/matching/random.ts';
import { SCRATCH } from '../../support/scratch.ts';
import { type WorkloadName, workloadOf } from '../workloads/index.ts';
import type { Place } from './workload.ts';

const WRITER = resolve(import.meta.dirname, 'writer.ts');
/** A writer does up to so many changes before the one that it is killed in. */
const WHOLE_CHANGES = 2;
/** How long a change takes until one has been seen, milliseconds. */
const FIRST_CHANGE_MS = 20;
/** What was left is gone on from after each so many kills; it is looked at after each. */
const RECOVER_EVERY = 10;

export interface Killed {
  readonly runs: number;
  /** How many were killed with a change begun and not done. */
  readonly amid: number;
  /** Changes that were done. */
  readonly done: number;
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean);
const doneIn = (path: string): number => linesOf(path).filter(what => what.startsWith('done ')).length;

/**
 * Starts and kills `runs` writers of a workload.
 * @throws with the number of the run after which something was lost or wrong
 */
export async function killRepeatedly(name: WorkloadName, runs: number, seed: number): Promise<Killed> {
  const workload = await workloadOf(name);
  const random = new Random(seed);
  const base = mkdtempSync(join(SCRATCH, 'lookdial-kills-'));
  const place: Place = { root: join(base, 'disk'), given: join(base, 'given') };
  const acknowledged: string[] = [];
  let [amid, done, changeMs] = [0, 0, FIRST_CHANGE_MS];
  try {
    for (const folder of [place.root, place.given]) mkdirSync(folder);
    await workload.prepare(place.given);
    await workload.expect(place);
    for (let run = 0; run < runs; run += 1) {
      const path = join(base, `acknowledged-${run}`);
      writeFileSync(path, '');
      const child = fork(WRITER, [name, JSON.stringify(place), String(run), path], { silent: true });
      let said = '';
      child.stderr?.on('data', text => {
        said += String(text);
      });
      const ended = once(child, 'exit');
      await Promise.race([once(child, 'message'), ended]);
      const [wanted, began] = [random.integer(WHOLE_CHANGES + 1), performance.now()];
      while (doneIn(path) < wanted && child.exitCode === null) await sleep(1);
      // However fast the machine is, the kill comes at any moment of a change.
      if (wanted > 0) changeMs = (changeMs + (performance.now() - began) / wanted) / 2;
      await sleep(random.uniform() * changeMs);
      child.kill('SIGKILL');
      const [code] = await ended;
      if (code !== null) throw new Error(`The writer of run ${run} ended by itself with ${code}: ${said}`);
      acknowledged.push(...linesOf(path));
      if (acknowledged.at(-1)?.startsWith('begin ')) amid += 1;
      done += doneIn(path);
      try {
        await workload.check(place, acknowledged, run % RECOVER_EVERY === 0);
      } catch (cause) {
        throw new Error(`After the kill of run ${run} of ${name}: ${(cause as Error).message}`, { cause });
      }
    }
    return { runs, amid, done };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
