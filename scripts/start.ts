/** From a fresh checkout to a kiosk that answers: builds the page, prepares the store, starts the daemon. */
import { flushCompileCache } from 'node:module';
import { type Config, environmentName, isGiven, readConfig } from '../device/config.ts';
import { servedBundle } from '../device/edition/served-bundle.ts';
import { tellNotReady } from '../device/health/not-ready.ts';
import { ServiceManager } from '../device/health/service-manager.ts';
import type { StoreMetadata } from '../device/inventory/store-record.ts';
import { indexedStore, lastStore } from '../device/inventory/store-stamp.ts';
import { kernelBytes } from '../device/search/kernel-file.ts';
import { startFailureSentence } from '../device/start-failure.ts';
import { refreshImported } from './store/import.ts';
import { prepareStore } from './store/prepare.ts';
import { buildUi } from './ui-build.ts';

const print = (line: string): void => console.log(line);

/**
 * Where no store is asked for, the one that was indexed last is, unless it was the demonstration. It is named in the
 * environment, which the daemon then reads too: the store decides the model.
 * @returns its name on the screen, where it is not to be its folder's
 */
function chooseStore(last: StoreMetadata | undefined): string | undefined {
  if (last === undefined || last.demonstration) return undefined;
  print(`The store is the one indexed last, “${last.name}”. LOOKDIAL_STORE=atelier would be the drawn one.`);
  process.env[environmentName('store')] = last.source;
  return last.name;
}

/** An imported store is all in the state folder: it is served as it is, and only another model has something to do. */
async function prepareImported(config: Config, { name }: StoreMetadata, signal: AbortSignal): Promise<void> {
  print(`The store is the imported one, “${name}”. LOOKDIAL_STORE=atelier would be the drawn one, in its place.`);
  const current = await indexedStore(config.data, (await servedBundle(config)).bundle);
  if (current === undefined) await refreshImported({ config, terminal: process.stderr, print, signal });
}

/** Everything before the daemon; a later start finds it done and takes a moment. */
async function prepare(signal: AbortSignal): Promise<void> {
  const last = isGiven(process.env, 'store') ? undefined : lastStore(readConfig(process.env).data);
  const name = last?.imported ? undefined : chooseStore(last);
  const config = readConfig(process.env);
  await buildUi(print);
  await kernelBytes();
  signal.throwIfAborted();
  if (last?.imported) return await prepareImported(config, last, signal);
  await prepareStore({ config, name, terminal: process.stderr, print, signal, unlessCurrent: true });
}

export async function start(): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, onSignal);
  const enough = ServiceManager.of(process.env, error => console.error(error.message))?.askForTime();
  try {
    await prepare(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      console.error('Stopped. What has been encoded is kept: npm start goes on from there.');
      process.exitCode = 130;
      return;
    }
    const sentence = startFailureSentence(error);
    await tellNotReady(process.env, sentence);
    if (sentence === undefined) throw error;
    console.error(sentence);
    process.exitCode = 1;
    return;
  }
  // From here on the daemon answers to signals by itself, with the grace it needs.
  for (const name of signals) process.off(name, onSignal);
  await import('../device/main.ts');
  enough?.();
  // Now, and not when it ends: a box ends by losing its power.
  flushCompileCache();
}
