/** The daemon: reads the settings, opens the store, starts the model, listens, and stops with grace. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import type { Api, Services } from './api/services.ts';
import { buildApp } from './app.ts';
import { type Config, readConfig } from './config.ts';
import { readIndexFile } from './edition/edition.ts';
import { EditionHolder } from './edition/holder.ts';
import { LiveStore } from './edition/live-store.ts';
import { StorePointer } from './edition/store-pointer.ts';
import { LookdialError } from './errors.ts';
import { EventHub } from './events.ts';
import { logStream } from './health/log-lines.ts';
import { openBundle } from './inference/bundle.ts';
import { startInference } from './inference/inference.ts';
import { CATALOGUE_DATABASE, Catalogue } from './inventory/catalogue.ts';
import { INDEX_FILE, settleIndex } from './inventory/encodings.ts';
import { sha256 } from './inventory/picture-files.ts';

const PROJECT = resolve(import.meta.dirname, '..');
/** How long requests under way may take to end when the daemon is told to stop, milliseconds. */
const GRACE_MS = 4_000;
/** After this long it ends whatever hangs, milliseconds. */
const END_MS = 5_000;

const version: string = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).version;

/** What opening a port fails with, as a sentence that says what to do. */
const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has that port. Stop it, or set LOOKDIAL_PORT',
  EACCES: 'this user may not open that port. Set LOOKDIAL_PORT to one above 1023',
  EADDRNOTAVAIL: 'this machine does not have that address. Set LOOKDIAL_HOST',
  ENOTFOUND: 'there is no such address. Set LOOKDIAL_HOST',
};

async function listen(app: Api, { host, port }: Config): Promise<void> {
  try {
    await app.listen({ host, port, listenTextResolver: address => `Listening at ${address}.` });
  } catch (cause) {
    const why = LISTEN_ERRORS[(cause as NodeJS.ErrnoException).code ?? ''] ?? (cause as Error).message;
    const text = `Lookdial cannot listen at ${host}, port ${port}: ${why}.`;
    throw new LookdialError('config-invalid', text, { cause, field: 'port' });
  }
}

/** Where a person can look: the address it listens on, or all of the machine's. */
function addressesOf(app: Api): string[] {
  const { address, port } = app.server.address() as AddressInfo;
  const found = Object.values(networkInterfaces()).flatMap(one => one ?? []);
  const outside = found.filter(({ internal, family }) => !internal && family === 'IPv4').map(one => one.address);
  const all = address === '0.0.0.0' || address === '::' ? ['127.0.0.1', ...outside] : [address];
  return all.map(one => `http://${one.includes(':') ? `[${one}]` : one}:${port}`);
}

/** The store as it was indexed last with what has arrived since, and the model that indexed it. Nothing is left running where it fails. */
async function openStore(config: Config, services: Services, app: Api): Promise<LiveStore> {
  const { catalogue, editions, events } = services;
  const { data, maxPicturePixels } = config;
  await settleIndex(data, catalogue.store?.index);
  // A start that cannot succeed says so before a model is loaded.
  const indexBytes = await readIndexFile(join(data, INDEX_FILE));
  if (catalogue.store?.index !== sha256(indexBytes).toString('hex')) {
    app.log.warn(
      'The index and the catalogue are not of one run. Index the store again: npm run index -- --store FOLDER.',
    );
  }
  const log = {
    info: (text: string) => app.log.info(text),
    warn: (text: string) => app.log.warn(text),
  };
  const bundle = await openBundle(config.bundle);
  const inference = await startInference(bundle, { ...config, log });
  try {
    return await LiveStore.open({ data, bundle, inference, catalogue, editions, events, log, maxPicturePixels });
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** Stops taking requests, lets those under way end, closes the rest. A second signal ends it at once. */
function stopOnSignal(stop: () => Promise<void>, app: Api): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    app.log.info(`Stopping: ${signal}.`);
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref();
    setTimeout(() => process.exit(1), END_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        app.log.error({ err: error }, 'Something did not close.');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, onSignal);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const catalogue = Catalogue.open(join(config.data, CATALOGUE_DATABASE));
  const editions = new EditionHolder(error => app.log.error({ err: error }, 'A model that was left did not close.'));
  const events = new EventHub(error => app.log.error({ err: error }, 'A listener to events failed.'));
  const live = new StorePointer();
  const services = { editions, catalogue, live, events, config, version, ui: join(PROJECT, 'ui', 'dist') };
  const app = await buildApp(services, { level: config.logLevel, stream: logStream(process.stderr) });
  const stop = async (): Promise<void> => {
    await app.close();
    await live.close();
    await editions.close();
    catalogue.close();
  };
  try {
    stopOnSignal(stop, app);
    live.set(await openStore(config, services, app));
    await listen(app, config);
  } catch (error) {
    await stop();
    throw error;
  }
  console.log(`Lookdial is at ${addressesOf(app).join(' and ')}`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof LookdialError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
