/** The daemon: reads the settings, opens the store, starts the model, listens, and stops with grace. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { Access } from './access/access.ts';
import { ACCESS_DATABASE } from './access/access-database.ts';
import type { Api, Services } from './api/services.ts';
import { StepTimes } from './api/step-times.ts';
import { buildApp } from './app.ts';
import { Webhook } from './calls/webhook.ts';
import { ChainLink } from './chain/chain-link.ts';
import { readConnection } from './chain/connection.ts';
import { type Config, environmentName, readConfig } from './config.ts';
import { connectionLimiter } from './connection-limits.ts';
import { readIndexFile } from './edition/edition.ts';
import { EditionHolder } from './edition/holder.ts';
import { LiveStore } from './edition/live-store.ts';
import { keptBundles } from './edition/served-bundle.ts';
import { StoreMaps } from './edition/store-maps.ts';
import { StorePointer } from './edition/store-pointer.ts';
import { Engines } from './engines/engines.ts';
import { LookdialError } from './errors.ts';
import { EventHub } from './events.ts';
import { logStream } from './health/log-lines.ts';
import { Machine } from './health/machine.ts';
import { forgetNotReady, tellNotReady } from './health/not-ready.ts';
import { checkSelf } from './health/self-check.ts';
import { ServiceManager } from './health/service-manager.ts';
import { tellHealth } from './health/watchdog.ts';
import type { Bundle } from './inference/bundle.ts';
import { type Inference, type Log, startInference } from './inference/inference.ts';
import { CATALOGUE_DATABASE, Catalogue } from './inventory/catalogue.ts';
import { INDEX_FILE, settleIndex } from './inventory/encodings.ts';
import { sha256 } from './inventory/picture-files.ts';
import { asTypedHere } from './own-command.ts';
import { pageAddressOf } from './page-address.ts';
import { SecureServer } from './secure-server.ts';
import { startFailureSentence } from './start-failure.ts';
import { Installer } from './updates/installer.ts';
import { openUpdates, rememberUpdates } from './updates/open-updates.ts';
import { startModel } from './updates/start-model.ts';
import type { UpdateDatabase } from './updates/update-database.ts';
import { UpdateProgress } from './updates/update-progress.ts';
import type { Updates } from './updates/updates.ts';

const PROJECT = resolve(import.meta.dirname, '..');
/** How long requests under way may take to end when the daemon is told to stop, milliseconds. */
const GRACE_MS = 4_000;
/** After this long it ends whatever hangs, milliseconds. */
const END_MS = 5_000;
/** How long the daemon may take to answer itself: a net that hangs is ended after 10 s, and started again. Milliseconds. */
const SELF_CHECK_MS = 20_000;

const version: string = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')).version;

/** What opening a port fails with, as a sentence that says what to do. */
const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program has that port. Stop it, or set LOOKDIAL_PORT',
  EACCES: 'this user may not open that port. Set LOOKDIAL_PORT to one above 1023',
  EADDRNOTAVAIL: 'this machine does not have that address. Set LOOKDIAL_HOST',
  ENOTFOUND: 'there is no such address. Set LOOKDIAL_HOST',
};

const LOOPBACK = '127.0.0.1';

interface Place {
  readonly host: string;
  readonly port: number;
  /** The setting that names the port. */
  readonly field: 'port' | 'tlsPort';
}

async function listen({ host, port, field }: Place, start: () => Promise<unknown>): Promise<void> {
  try {
    await start();
  } catch (cause) {
    const why = LISTEN_ERRORS[(cause as NodeJS.ErrnoException).code ?? ''] ?? (cause as Error).message;
    const text = `Lookdial cannot listen at ${host}, port ${port}: ${why.replace('LOOKDIAL_PORT', environmentName(field))}.`;
    throw new LookdialError('config-invalid', text, { cause, field });
  }
}

/** Where a person can look: the address it listens on, or all of the machine's. */
function addressesOf(server: Server, scheme: 'http' | 'https'): string[] {
  const { address, port } = server.address() as AddressInfo;
  const found = Object.values(networkInterfaces()).flatMap(one => one ?? []);
  const outside = found.filter(({ internal, family }) => !internal && family === 'IPv4').map(one => one.address);
  const all = address === '0.0.0.0' || address === '::' ? [LOOPBACK, ...outside] : [address];
  return all.map(one => `${scheme}://${one.includes(':') ? `[${one}]` : one}:${port}`);
}

/** With TLS, plain HTTP is for the kiosk on the box itself; everybody else comes by TLS, on its port. */
async function listenEverywhere(app: Api, secure: SecureServer | undefined, config: Config): Promise<string[]> {
  const { host, port, tlsPort } = config;
  const limit = connectionLimiter();
  const plain = secure === undefined ? host : LOOPBACK;
  limit(app.server);
  const listenTextResolver = (address: string): string => `Listening at ${address}.`;
  await listen({ host: plain, port, field: 'port' }, () => app.listen({ host: plain, port, listenTextResolver }));
  if (secure === undefined) return addressesOf(app.server, 'http');
  limit(secure.server);
  await listen({ host, port: tlsPort, field: 'tlsPort' }, async () => {
    secure.server.listen(tlsPort, host);
    await once(secure.server, 'listening');
  });
  return [...addressesOf(app.server, 'http'), ...addressesOf(secure.server, 'https')];
}

/** The chain's catalogue, where one is set up. @throws LookdialError `config-invalid` */
function openChain(config: Config, log: Log): ChainLink | undefined {
  const { chainConnection, chainStore: store, chainTimeoutMs: timeoutMs } = config;
  if (chainConnection === '') return undefined;
  return new ChainLink({ connection: readConnection(chainConnection), store, timeoutMs }, log);
}

interface Opened {
  readonly store: LiveStore;
  /** The bundle of the settings. */
  readonly settings: Bundle;
}

/** The store as it was indexed last with what has arrived since, and the model that indexed it. Nothing is left running where it fails. */
async function openStore(
  config: Config,
  services: Services,
  log: Log,
  engineSource: Engines,
  progress?: UpdateProgress,
): Promise<Opened> {
  const { catalogue, editions, events } = services;
  const { data, maxPicturePixels } = config;
  await settleIndex(data, catalogue.store?.index);
  // A start that cannot succeed says so before a model is loaded.
  const indexBytes = await readIndexFile(join(data, INDEX_FILE));
  if (catalogue.store?.index !== sha256(indexBytes).toString('hex')) {
    log.warn('The index and the catalogue are not of one run. Index the store again: npm run index -- --store FOLDER.');
  }
  const start = (bundle: Bundle): Promise<Inference> => startInference(bundle, { ...config, log, engineSource });
  const { bundle, inference, settings } = await startModel({ ...config, catalogue, progress, log, start });
  try {
    const store = await LiveStore.open({ data, bundle, inference, catalogue, editions, events, log, maxPicturePixels });
    return { store, settings };
  } catch (error) {
    await inference.close();
    throw error;
  }
}

/** Looks for updates of the model from now on. What is wrong with their settings is said, and no reason not to serve. */
async function takeUpdates(
  config: Config,
  database: UpdateDatabase | undefined,
  { store, settings }: Opened,
  { catalogue, editions, events }: Services,
  log: Log,
  engineSource: Engines,
): Promise<Updates | undefined> {
  if (database === undefined || config.updates === '') return undefined;
  const installer = new Installer({ store, editions, inference: { ...config, log, engineSource } });
  const at = { folder: settings.folder, id: settings.manifest.id };
  const updates = await openUpdates(config, database, { installer, catalogue, events, log, settings: at });
  updates.start();
  return updates;
}

/** Stops taking requests, lets those under way end, closes the rest. A second signal ends it at once. */
function stopOnSignal(stop: () => Promise<void>, app: Api, cutOff: () => void): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    app.log.info(`Stopping: ${signal}.`);
    setTimeout(cutOff, GRACE_MS).unref();
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

/** Tells systemd, where it started this process, that the daemon is ready, and from then on that it is well. */
function tellManager(manager: ServiceManager, { editions }: Services, addresses: string[], log: Log): () => void {
  const stop = new AbortController();
  const status = (): string => `${editions.edition?.id} on ${editions.edition?.inference.provider}, ${addresses[0]}`;
  const check = (): Promise<void> => checkSelf({ editions, withinMs: SELF_CHECK_MS });
  void tellHealth({ manager, check, status, log, signal: stop.signal });
  return () => {
    stop.abort();
    void manager.tell('STOPPING=1', 'STATUS=Stopping');
  };
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log: Log = {
    debug: text => app.log.debug(text),
    info: text => app.log.info(text),
    warn: text => app.log.warn(asTypedHere(text)),
  };
  const chain = openChain(config, log);
  const catalogue = Catalogue.open(join(config.data, CATALOGUE_DATABASE));
  const access = Access.open(join(config.data, ACCESS_DATABASE));
  const editions = new EditionHolder(error => app.log.error({ err: error }, 'A model that was left did not close.'));
  const events = new EventHub(error => app.log.error({ err: error }, 'A listener to events failed.'));
  const live = new StorePointer();
  const maps = new StoreMaps({ data: config.data, editions, events, log });
  const manager = ServiceManager.of(process.env, error => log.warn(error.message));
  let untell: (() => void) | undefined;
  const { database: updateDatabase, fault: updatesFault } = rememberUpdates(config);
  const engines = await Engines.open({ ...config, log });
  let updates: Updates | undefined;
  let secure: SecureServer | undefined;
  const certificate = () =>
    secure === undefined
      ? undefined
      : { ...secure.shown, port: (secure.server.address() as AddressInfo | null)?.port ?? config.tlsPort };
  const webhook =
    config.callWebhook === ''
      ? undefined
      : new Webhook({ address: config.callWebhook, store: () => catalogue.store?.name ?? '', log });
  let addresses: string[] = [];
  const services = {
    editions,
    catalogue,
    access,
    certificate,
    events,
    times: new StepTimes(),
    live,
    maps,
    chain,
    updates: () => updates,
    updatesFault,
    engines,
    webhook,
    pageAddress: () => pageAddressOf(config, addresses),
    config,
    version,
    ui: join(PROJECT, 'ui', 'dist'),
  };
  const machine = new Machine(config);
  const app = await buildApp(services, { level: config.logLevel, stream: logStream(process.stderr) }, machine);
  const stop = async (): Promise<void> => {
    untell?.();
    await Promise.all([app.close(), secure?.close()]);
    machine.close();
    await chain?.close();
    await webhook?.close();
    await updates?.close();
    await engines.close();
    await maps.close();
    await live.close();
    await editions.close();
    catalogue.close();
    access.close();
    updateDatabase?.close();
  };
  try {
    stopOnSignal(stop, app, () => {
      app.server.closeAllConnections();
      secure?.server.closeAllConnections();
    });
    secure = await SecureServer.of(app, config, access);
    machine.prepare().catch((error: Error) => log.warn(`What the machine is could not be found out: ${error.message}`));
    const progress = updateDatabase && new UpdateProgress(updateDatabase);
    const opened = await openStore(config, services, log, engines, progress);
    live.set(opened.store);
    addresses = await listenEverywhere(app, secure, config);
    maps.start();
    chain?.warm();
    machine.watch({ events, log });
    engines.begin(() => keptBundles(config.data, opened.settings.folder));
    if (updatesFault !== undefined) log.warn(updatesFault);
    updates = await takeUpdates(config, updateDatabase, opened, services, log, engines);
    forgetNotReady(process.env);
    if (manager !== undefined) untell = tellManager(manager, services, addresses, log);
  } catch (error) {
    await stop();
    throw error;
  }
  console.log(`Lookdial is at ${addresses.join(' and ')}`);
  if (secure !== undefined) console.log(`Its certificate has the SHA-256 fingerprint ${secure.shown.fingerprint}`);
}

try {
  await main();
} catch (error) {
  const sentence = startFailureSentence(error);
  await tellNotReady(process.env, sentence);
  if (sentence === undefined) throw error;
  console.error(sentence);
  process.exitCode = 1;
}
