/** From a fresh checkout to a kiosk that answers: builds the page, prepares the store, starts the daemon. */
import { readConfig } from '../device/config.ts';
import { LookdialError } from '../device/errors.ts';
import { prepareStore } from './store/prepare.ts';
import { buildUi } from './ui-build.ts';

const print = (line: string): void => console.log(line);

/** Everything before the daemon; a later start finds it done and takes a moment. */
async function prepare(signal: AbortSignal): Promise<void> {
  const config = readConfig(process.env);
  await buildUi(print);
  signal.throwIfAborted();
  await prepareStore({ config, terminal: process.stderr, print, signal, unlessCurrent: true });
}

export async function start(): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, onSignal);
  try {
    await prepare(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      console.error('Stopped. What has been encoded is kept: npm start goes on from there.');
      process.exitCode = 130;
      return;
    }
    if (!(error instanceof LookdialError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
    return;
  }
  // From here on the daemon answers to signals by itself, with the grace it needs.
  for (const name of signals) process.off(name, onSignal);
  await import('../device/main.ts');
}
