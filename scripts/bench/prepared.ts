/** A suite's own store, and the daemon over it, in a process of its own. */
import { join, resolve } from 'node:path';
import { prepareStore } from '../store/prepare.ts';
import { NODE_FLAGS } from './as-started.ts';
import { Daemon } from './daemon.ts';
import type { Context } from './suite.ts';

const MAIN = resolve(import.meta.dirname, '../../device/main.ts');

/** Where a suite has its store. */
export const stateOf = ({ config }: Pick<Context, 'config'>, suite: string): string =>
  join(config.data, `bench-${suite}`);

/** Makes the store, unless it is there and current. @param data its state folder */
export async function prepare({ config, say }: Pick<Context, 'config' | 'say'>, data: string): Promise<void> {
  say('preparing the store');
  const print = (): void => undefined;
  await prepareStore({ config: { ...config, data }, terminal: process.stderr, print, unlessCurrent: true });
}

/**
 * Starts the daemon over a store that was prepared, with the model, the threads and the providers of the settings.
 * @param more settings of the environment beside them @param flags what Node is told before the daemon
 */
export function startDaemon(
  { config: { store, bundle, threads, providers } }: Pick<Context, 'config'>,
  data: string,
  more: Record<string, string> = {},
  flags: readonly string[] = [],
): Promise<Daemon> {
  return Daemon.start([process.execPath, ...NODE_FLAGS, ...flags, MAIN], {
    LOOKDIAL_STORE: store,
    LOOKDIAL_BUNDLE: bundle,
    LOOKDIAL_DATA: data,
    LOOKDIAL_THREADS: String(threads),
    LOOKDIAL_PROVIDERS: providers.join(','),
    ...more,
  });
}
