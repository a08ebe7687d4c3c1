/** Every setting of the daemon: name, default, unit, bounds. The environment and the file are read once, at the edge. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LookdialError } from './errors.ts';
import type { Provider } from './inference/bundle.ts';
import { type Environment, readSettings, type Source } from './read-settings.ts';
import {
  address,
  choice,
  folder,
  hostNames,
  hours,
  integer,
  optional,
  repository,
  type Setting,
  some,
  text,
} from './setting-kinds.ts';
import type { Fault } from './settings-file.ts';

export { environmentName } from './read-settings.ts';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const DEFAULT_STORE = 'atelier';
/** Models that were trained for one of the stores that come with the project, and the one for all others. */
const BUNDLES: Readonly<Record<string, string>> = { atelier: 'models/atelier' };
const USUAL_BUNDLE = 'models/clothing';
const PROVIDERS = ['tensorrt', 'cuda', 'webgpu', 'cpu'] as const satisfies readonly Provider[];
/** From all there is to say to nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** The bundle that goes with a store where none is set: one setting switches both. */
export const bundleFor = (store: string): string => resolve(PROJECT, BUNDLES[store] ?? USUAL_BUNDLE);

export const SETTINGS = {
  port: integer('TCP port the daemon listens on; 0 takes any free one', 8080, 0, 65535),
  host: text('address the daemon listens on; 127.0.0.1 is this machine alone', '127.0.0.1'),
  store: text('the store: atelier, clothing, or a folder with catalogue.csv and pictures', DEFAULT_STORE),
  data: folder('folder of the daemon’s state: the catalogue, the index, pictures', '.lookdial'),
  bundle: folder('folder of the model bundle; left out, the one that goes with the store', bundleFor(DEFAULT_STORE)),
  providers: some(
    'execution providers to try, in this order; the CPU is always the last',
    ['tensorrt', 'cuda'],
    ...PROVIDERS,
  ),
  threads: integer('threads of one inference; leave a core to the browser', 1, 1, 64),
  ortModule: text('npm name or path of the ONNX Runtime binding, for a build of one’s own', 'onnxruntime-node'),
  rungTimeoutMs: integer(
    'longest time one provider may take to load and answer its golden input, milliseconds',
    60_000,
    1_000,
    600_000,
  ),
  engines: choice(
    'whether TensorRT’s engines are built on the box itself, in the background, where it has TensorRT',
    'on',
    'on',
    'off',
  ),
  trtexec: optional('TensorRT’s program that builds engines; empty, it is looked for', 'be a program'),
  netMayGrowMb: integer(
    'so much the process of a net may grow beyond what it held once loaded, megabytes; then another takes its place',
    512,
    16,
    65_536,
  ),
  maxPicturePixels: integer('largest picture taken, pixels', 50_000_000, 10_000, 1_000_000_000),
  maxPictureBytes: integer('largest picture file taken, bytes', 25_000_000, 10_000, 1_000_000_000),
  hosts: hostNames(
    'host names this box answers to beside the address it is asked at; with a port, as name:port, where a proxy has another',
    ['localhost', '127.0.0.1', '[::1]'],
  ),
  eventListeners: integer('screens and programs that may listen to events at once', 64, 1, 1_000),
  reads: choice(
    'who may look: open is anybody on the store’s network, keys is programs with a key',
    'open',
    'open',
    'keys',
  ),
  requestsPerMinute: integer(
    'most requests that one address may send a minute; the box itself may send any number',
    6_000,
    60,
    1_000_000,
  ),
  tls: choice(
    'off, or TLS with a certificate that the box makes for itself, or one from files; with it, plain HTTP is for the box itself alone',
    'off',
    'off',
    'self-signed',
    'files',
  ),
  tlsPort: integer('TCP port for TLS; 0 takes any free one', 8443, 0, 65535),
  tlsCertificate: text('file of the certificate and its chain, PEM, where tls is files', 'certificate.pem'),
  tlsKey: text('file of the certificate’s private key, PEM, where tls is files', 'private-key.pem'),
  chainConnection: optional(
    'file that says where the chain’s catalogue is; empty where there is no chain',
    'be a file',
  ),
  chainStore: optional('this store’s name in the chain’s catalogue', 'be a name'),
  chainTimeoutMs: integer('longest time the chain’s catalogue may take to answer, milliseconds', 300, 50, 5_000),
  updates: repository(
    'where updates of the model come from: an https:// or http:// address, or a folder such as a share or a USB stick; empty where there are none',
  ),
  updatesRoot: optional('file of the repository’s first root.json: whoever signed it may send updates', 'be a file'),
  updatesEveryMinutes: integer('how often it is looked for an update, minutes', 360, 1, 10_080),
  updatesWindow: hours('when a model may be changed, by the box’s clock: always, or such as', '02:00-05:00'),
  updatesProbationMinutes: integer(
    'how long a new model is watched, and goes back by itself if it fails, minutes',
    60,
    1,
    10_080,
  ),
  sysfs: folder('folder where the kernel tells temperatures, load and power; another than /sys in a container', '/sys'),
  callWebhook: address(
    'program on the store’s network that is told when somebody calls from the screen; empty for none',
  ),
  pageAddress: address(
    'where a phone on the store’s network finds this box, for the list that a shopper takes away; empty, it is found where it can be',
  ),
  logLevel: choice('how much the log says', 'info', ...LOG_LEVELS),
} as const;

type Settings = typeof SETTINGS;
export type SettingName = keyof Settings;
export type Config = { readonly [K in SettingName]: Settings[K] extends Setting<infer T> ? T : never };

/** Every setting as it is read, right or wrong. */
export interface ReadConfig {
  /** Where a setting is faulty its default stands in: to look at, not to run by. */
  readonly config: Config;
  readonly sources: Readonly<Record<SettingName, Source>>;
  readonly faults: readonly Fault[];
}

/** What one setting needs of another. */
function together({
  chainConnection,
  chainStore,
  updates,
  updatesRoot,
}: Config): { name: SettingName; text: string }[] {
  const chain = {
    name: 'chainConnection' as const,
    text: 'chainConnection is set, and chainStore is not: it is this store’s name in the chain’s catalogue',
  };
  const repository = {
    name: 'updates' as const,
    text: 'updates is set, and updatesRoot is not: it is the file of the repository’s first root.json, which says whose updates are taken',
  };
  return [
    ...(chainConnection !== '' && chainStore === '' ? [chain] : []),
    ...(updates !== '' && updatesRoot === '' ? [repository] : []),
  ];
}

interface Reading {
  /** False for a command that takes some of the settings alone: what one needs of another is not asked of it. */
  readonly whole?: boolean;
}

/** The settings with all that is wrong with them; for whoever only looks. Never throws for what is written. */
export function lookAtConfig(environment: Environment, { whole = true }: Reading = {}): ReadConfig {
  const { read, faults } = readSettings(SETTINGS, environment);
  const sources = Object.fromEntries(
    read.map(({ name, from, where }) => [name, { from, where }]),
  ) as ReadConfig['sources'];
  const values = Object.fromEntries(read.map(({ name, value }) => [name, value])) as unknown as Config;
  const config = sources.bundle.from === 'default' ? { ...values, bundle: bundleFor(values.store) } : values;
  const between = (whole ? together(config) : []).map(one => ({ ...one, where: sources[one.name].where ?? one.name }));
  return { config, sources, faults: [...faults, ...between] };
}

/** Whether the environment or the file gives a setting, and it is not left to its default. */
export const isGiven = (environment: Environment, name: SettingName): boolean =>
  lookAtConfig(environment).sources[name].from !== 'default';

/**
 * The settings: the environment before the file before the default.
 * @throws LookdialError `config-invalid`, naming of every fault where it stands, the value, and what it must be: a line each
 */
export function readConfig(environment: Environment, reading: Reading = {}): Config {
  const { config, faults } = lookAtConfig(environment, reading);
  const [first] = faults;
  if (first === undefined) return config;
  const lines = faults.map(({ where, text }) => `${where}: ${text}.`);
  const message = lines.length === 1 ? lines.join() : [`${lines.length} settings are wrong:`, ...lines].join('\n');
  throw new LookdialError('config-invalid', message, first.name === undefined ? {} : { field: first.name });
}
