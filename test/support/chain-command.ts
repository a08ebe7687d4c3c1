/** `npm run chain`, as somebody gives it. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { bareEnvironment } from './bare-environment.ts';
import { SECRET } from './chain.ts';

const MAIN = resolve(import.meta.dirname, '../../scripts/chain/main.ts');

export interface CommandSettings {
  /** The connection's file. */
  readonly connection: string;
  /** The state folder, and the bundle of the settings. */
  readonly data: string;
  readonly bundle: string;
}

export function startChainCommand(
  { connection, data, bundle }: CommandSettings,
  args: readonly string[],
): ChildProcessWithoutNullStreams {
  const settings = { LOOKDIAL_CHAIN_CONNECTION: connection, LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: bundle };
  return spawn(process.execPath, [MAIN, ...args], { env: { ...bareEnvironment(), ...settings } });
}

/** Runs it to its end, and sees that it has not said the password. */
export async function chainCommand(
  settings: CommandSettings,
  ...args: readonly string[]
): Promise<{ code: number; said: string }> {
  const child = startChainCommand(settings, args);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (said += text));
  const [code] = await once(child, 'close');
  assert.ok(!said.includes(SECRET), said);
  return { code, said };
}
