/** Every setting of the daemon: name, default, unit, bounds. The environment and the file are read once, at the edge. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LookdialError } from './errors.ts';
import { parseWindow } from './updates/window.ts';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

interface Setting<T> {
  /** What it is, for a person. */
  readonly about: string;
  readonly default: T;
  /** Turns text into a value, or says in one clause what it must be. */
  readonly parse: (text: string) => T | { must: string };
}

const text = (about: string, value: string): Setting<string> => ({
  about,
  default: value,
  parse: written => (written.trim() === '' ? { must: 'not be empty' } : written),
});

const optional = (about: string): Setting<string> => ({ about, default: '', parse: written => written.trim() });

const folder = (about: string, value: string): Setting<string> => ({
  about,
  default: resolve(PROJECT, value),
  parse: written => (written.trim() === '' ? { must: 'be a folder' } : resolve(written)),
});

const integer = (about: string, value: number, low: number, high: number): Setting<number> => ({
  about,
  default: value,
  parse: written => {
    const number = Number(written);
    return Number.isInteger(number) && number >= low && number <= high && written.trim() !== ''
      ? number
      : { must: `be a whole number from ${low} to ${high}` };
  },
});

const choice = <T extends string>(about: string, value: T, ...choices: T[]): Setting<T> => ({
  about,
  default: value,
  parse: written => choices.find(one => one === written) ?? { must: `be one of ${choices.join(', ')}` },
});

const list = (about: string, value: readonly string[]): Setting<readonly string[]> => ({
  about,
  default: value,
  parse: written =>
    written
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
});

const hours = (about: string, value: string): Setting<string> => ({
  about: `${about} ${value}`,
  default: value,
  parse: written =>
    parseWindow(written) === undefined ? { must: 'be always, or two times such as 22:30-05:00' } : written.trim(),
});

/** An address of a program or a page; empty for none. A name and a password in it would be read by whoever reads the settings. */
const address = (about: string): Setting<string> => ({
  about,
  default: '',
  parse: written => {
    const url = URL.parse(written.trim());
    const fits =
      (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '';
    return written.trim() === '' || fits
      ? written.trim()
      : { must: 'be an http:// or https:// address without a password' };
  },
});

const DEFAULT_STORE = 'atelier';
/** Models that were trained for one of the stores that come with the project, and the one for all others. */
const BUNDLES: Readonly<Record<string, string>> = { atelier: 'models/atelier' };
const USUAL_BUNDLE = 'models/clothing';

/** The bundle that goes with a store where none is set: one setting switches both. */
export const bundleFor = (store: string): string => resolve(PROJECT, BUNDLES[store] ?? USUAL_BUNDLE);

export const SETTINGS = {
  port: integer('TCP port the daemon listens on; 0 takes any free one', 8080, 0, 65535),
  host: text('address the daemon listens on; 127.0.0.1 is this machine alone', '127.0.0.1'),
  store: text('the store: atelier, clothing, or a folder with catalogue.csv and pictures', DEFAULT_STORE),
  data: folder('folder of the daemon’s state: the catalogue, the index, pictures', '.lookdial'),
  bundle: folder('folder of the model bundle; left out, the one that goes with the store', bundleFor(DEFAULT_STORE)),
  providers: list('execution providers to try, in this order; the CPU is always the last', ['tensorrt', 'cuda']),
  threads: integer('threads of one inference; leave a core to the browser', 1, 1, 64),
  ortModule: text('npm name or path of the ONNX Runtime binding, for a build of one’s own', 'onnxruntime-node'),
  rungTimeoutMs: integer(
    'longest time one provider may take to load and answer its golden input, milliseconds',
    60_000,
    1_000,
    600_000,
  ),
  maxPicturePixels: integer('largest picture taken, pixels', 50_000_000, 10_000, 1_000_000_000),
  maxPictureBytes: integer('largest picture file taken, bytes', 25_000_000, 10_000, 1_000_000_000),
  hosts: list(
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
  chainConnection: optional('file that says where the chain’s catalogue is; empty where there is no chain'),
  chainStore: optional('this store’s name in the chain’s catalogue'),
  chainTimeoutMs: integer('longest time the chain’s catalogue may take to answer, milliseconds', 300, 50, 5_000),
  updates: optional(
    'where updates of the model come from: an https:// or http:// address, or a folder such as a share or a USB stick; empty where there are none',
  ),
  updatesRoot: optional('file of the repository’s first root.json: whoever signed it may send updates'),
  updatesEveryMinutes: integer('how often it is looked for an update, minutes', 360, 1, 10_080),
  updatesWindow: hours('when a model may be changed, by the box’s clock: always, or such as', '02:00-05:00'),
  updatesProbationMinutes: integer(
    'how long a new model is watched, and goes back by itself if it fails, minutes',
    60,
    1,
    10_080,
  ),
  callWebhook: address(
    'program on the store’s network that is told when somebody calls from the screen; empty for none',
  ),
  pageAddress: address(
    'where a phone on the store’s network finds this box, for the list that a shopper takes away; empty, it is found where it can be',
  ),
  logLevel: choice('how much the log says', 'info', 'trace', 'debug', 'info', 'warn', 'error', 'silent'),
} as const;

type Settings = typeof SETTINGS;
export type Config = { readonly [K in keyof Settings]: Settings[K] extends Setting<infer T> ? T : never };

/** `maxPicturePixels` is `LOOKDIAL_MAX_PICTURE_PIXELS`. */
export const environmentName = (name: string): string =>
  `LOOKDIAL_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;

const fail = (source: string, name: string, written: unknown, must: string): never => {
  throw new LookdialError(
    'config-invalid',
    `${source}: ${name} is ${JSON.stringify(written)}, and must ${must} (${SETTINGS[name as keyof Settings].about}).`,
    { field: name },
  );
};

/** Reads `LOOKDIAL_CONFIG`, a JSON file of settings by name, where it is set. */
const readFile = (path: string): Record<string, unknown> => {
  let written: string;
  try {
    written = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LookdialError(
      'config-invalid',
      `The settings file ${path} cannot be read: ${(cause as Error).message}.`,
      { cause },
    );
  }
  try {
    const value: unknown = JSON.parse(written);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new LookdialError('config-invalid', `The settings file ${path} is not JSON: ${(cause as Error).message}.`, {
      cause,
    });
  }
  throw new LookdialError('config-invalid', `The settings file ${path} must hold one JSON object of settings by name.`);
};

const fileOf = ({ LOOKDIAL_CONFIG: path }: Record<string, string | undefined>): Record<string, unknown> =>
  path === undefined || path === '' ? {} : readFile(path);

/** Whether the environment or the file gives a setting, and it is not left to its default. */
export const isGiven = (environment: Record<string, string | undefined>, name: keyof Settings): boolean =>
  (environment[environmentName(name)] ?? '') !== '' || name in fileOf(environment);

/**
 * The settings: the environment before the file before the default.
 * @throws LookdialError `config-invalid`, naming where the wrong value stands, the value, and its bounds.
 */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const path = environment.LOOKDIAL_CONFIG;
  const file = fileOf(environment);
  for (const name of Object.keys(file)) {
    if (!(name in SETTINGS)) {
      throw new LookdialError(
        'config-invalid',
        `${path}: there is no setting ${name}; the settings are ${Object.keys(SETTINGS).join(', ')}.`,
        { field: name },
      );
    }
  }
  const read = (name: keyof Settings): unknown => {
    const setting = SETTINGS[name] as Setting<unknown>;
    const fromEnvironment = environment[environmentName(name)];
    const [source, written] =
      fromEnvironment !== undefined && fromEnvironment !== ''
        ? [environmentName(name), fromEnvironment]
        : [String(path), file[name]];
    if (written === undefined) return setting.default;
    const asText = Array.isArray(written) ? written.join(',') : String(written);
    const value = setting.parse(asText);
    return value !== null && typeof value === 'object' && 'must' in value
      ? fail(source, name, written, (value as { must: string }).must)
      : value;
  };
  const config = Object.fromEntries(Object.keys(SETTINGS).map(name => [name, read(name as keyof Settings)])) as Config;
  return isGiven(environment, 'bundle') ? config : { ...config, bundle: bundleFor(config.store) };
}
