/** PGlite in a process of its own, as a server is: what it reckons does not hold up whoever measures it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LocalPostgres } from './pglite.ts';

const MAIN = fileURLToPath(new URL('./pglite-main.ts', import.meta.url));

export type PgliteProcess = Pick<LocalPostgres, 'entries' | 'close'>;

/** @throws Error where it ends before it listens */
export async function startPgliteProcess(): Promise<PgliteProcess> {
  const child = fork(MAIN);
  const ended = once(child, 'exit');
  const entries = await Promise.race([
    once(child, 'message').then(([message]) => message as LocalPostgres['entries']),
    ended.then(([code]) => {
      throw new Error(`PGlite ended with ${code} before it listened.`);
    }),
  ]);
  return {
    entries,
    close: async () => {
      // It goes when nobody is there any more: see pglite-main.ts.
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
