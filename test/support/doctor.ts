/** The doctor as a process of its own, run as an operator runs it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { Access } from '../../device/access/access.ts';
import { ACCESS_DATABASE } from '../../device/access/access-database.ts';
import type { Finding } from '../../scripts/doctor/check.ts';
import type { Reported, ShownSetting } from '../../scripts/doctor/report.ts';
import { bareEnvironment } from './bare-environment.ts';
import { indexedStore } from './indexed-store.ts';

const DOCTOR = resolve(import.meta.dirname, '../../scripts/doctor.js');

export interface Examined {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Told {
  readonly status: number;
  readonly checks: readonly Reported[];
  readonly settings: readonly ShownSetting[];
}

/**
 * @param environment settings; the CPU alone, and no terminal's colours
 * @param wrapped the command that runs the doctor's
 */
export async function runDoctor(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  wrapped: (command: readonly string[]) => readonly string[] = command => command,
): Promise<Examined> {
  const [program = '', ...words] = wrapped([process.execPath, DOCTOR, ...args]);
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...bareEnvironment(), LOOKDIAL_PROVIDERS: 'cpu', ...environment },
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

/** What it tells a program. @throws where it tells something else than JSON */
export async function askDoctor(
  ...asked: Parameters<typeof runDoctor>
): Promise<Told & { of: (name: string) => Finding }> {
  const [environment, args = [], wrapped] = asked;
  const { status, stdout, stderr } = await runDoctor(environment, [...args, '--json'], wrapped);
  if (!stdout.startsWith('{')) throw new Error(`The doctor ended with ${status}: ${stdout}${stderr}`);
  const told = JSON.parse(stdout) as Told;
  const of = (name: string): Finding => {
    const found = told.checks.find(check => check.name === name);
    if (found === undefined) throw new Error(`The doctor told nothing of ${name}.`);
    return found;
  };
  if (told.status !== status) throw new Error(`The doctor says ${told.status}, and ended with ${status}.`);
  return { ...told, of };
}

/** The settings of a box with this store. */
export const settingsOf = ({ data, bundle }: { data: string; bundle: string }) => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: bundle,
});

/** A store that has been served: with its file of keys. */
export async function servedStore(t: TestContext) {
  const store = await indexedStore(t);
  Access.open(join(store.data, ACCESS_DATABASE)).close();
  return store;
}
