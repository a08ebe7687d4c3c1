/** The box that is looked at: its settings as they are, its store and its model, read and never written. */
import { join } from 'node:path';
import {
  bundleFor,
  type Config,
  lookAtConfig,
  type ReadConfig,
  SETTINGS,
  type SettingName,
} from '../../device/config.ts';
import { editionFolder } from '../../device/edition/served-bundle.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE } from '../../device/inventory/catalogue.ts';
import { type StoreMetadata, storeOf } from '../../device/inventory/store-record.ts';
import { readDatabase } from './read-database.ts';

export class Box {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What of the settings is wrong, and where each comes from. */
  readonly settings: ReadConfig;
  /** The settings as `npm start` takes them: where no store is named, the one that was indexed last. */
  readonly config: Config;
  /** What a default goes by, in words. */
  readonly follows: Readonly<Partial<Record<SettingName, string>>>;
  /** What the state folder holds; undefined where there is nothing that can be read. */
  readonly store: StoreMetadata | undefined;
  readonly #root: string;
  #bundle: Promise<Bundle> | undefined;

  /** @param root of the file system, below which /proc, /sys, /run and /dev are read */
  constructor(environment: Readonly<Record<string, string | undefined>>, root = '/') {
    this.environment = environment;
    this.#root = root;
    this.settings = lookAtConfig(environment);
    const { config, sources } = this.settings;
    this.store = lastStore(config.data);
    const isOpen = (name: SettingName): boolean => sources[name].from === 'default';
    const last = this.store?.demonstration === false && !this.store.imported ? this.store.source : undefined;
    const store = (isOpen('store') ? last : undefined) ?? config.store;
    const bundle = isOpen('bundle') ? bundleFor(store) : config.bundle;
    this.follows = {
      ...(isOpen('store') && last !== undefined && { store: 'the store that was indexed last' }),
      ...(isOpen('bundle') && { bundle: 'goes with the store' }),
    };
    this.config = { ...config, store, bundle };
  }

  /** A path of the system's, e.g. `/proc/meminfo`. */
  system(path: string): string {
    const { sysfs } = this.config;
    // In a container the kernel's own may be elsewhere.
    if (path.startsWith('/sys/') && sysfs !== SETTINGS.sysfs.default) return join(sysfs, path.slice('/sys/'.length));
    return join(this.#root, path);
  }

  /** The model that serves the store: the one an update brought, or that of the settings. @throws LookdialError `bundle-invalid` */
  bundle(): Promise<Bundle> {
    this.#bundle ??= this.#openBundle();
    return this.#bundle;
  }

  async #openBundle(): Promise<Bundle> {
    const settings = await openBundle(this.config.bundle);
    const model = this.store?.model;
    return model?.of === settings.manifest.id ? openBundle(editionFolder(this.config.data, model.edition)) : settings;
  }
}

/** What was indexed last; whatever is wrong with the file, its own check says so. */
function lastStore(data: string): StoreMetadata | undefined {
  try {
    return readDatabase(join(data, CATALOGUE_DATABASE), storeOf);
  } catch {
    return undefined;
  }
}
