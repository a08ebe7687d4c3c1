/** A store that is served and takes updates: a box whose nets are a reference, and a publisher beside it. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { servedBundle } from '../../device/edition/served-bundle.ts';
import { EventHub } from '../../device/events.ts';
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Inference } from '../../device/inference/inference.ts';
import { picturePath } from '../../device/inventory/picture-files.ts';
import type { Release } from '../../device/updates/release.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';
import { UpdateProgress } from '../../device/updates/update-progress.ts';
import type { Updates, UpdatesOptions } from '../../device/updates/updates.ts';
import { afterwards } from './afterwards.ts';
import { type OpenStore, openStore } from './arrivals.ts';
import { bundleOf, type TestModel } from './bundle.ts';
import { kerasModel, ownModel, torchModel } from './bundles.ts';
import { type IndexedStore, indexedStore } from './indexed-store.ts';
import { ReferenceInference } from './reference-inference.ts';
import { UpdateBox } from './update-box.ts';
import { updatesOver } from './updates-over.ts';

const renamed = (model: TestModel, version: string): TestModel => ({
  ...model,
  described: { ...model.described, id: 'own', version },
});

/** Models of the same store, each with another encoder; the first is what the program came with. */
export const MODELS: Readonly<Record<string, TestModel>> = {
  '1.2.3': ownModel(),
  '2.0.0': renamed(torchModel(), '2.0.0'),
  '3.0.0': renamed(kerasModel(), '3.0.0'),
};

/** What these models keep to: they are noise, and tell most of the garments apart. */
export const LIMITS = { decodeP95Ms: 1_000, encodeP95Ms: 1_000, residentBytes: 2 ** 40, selfRecall: 0.5 };

/** What the nets of a version do otherwise than the reference. */
export type Fault = (inference: FaultyInference) => void;

export class FaultyInference extends ReferenceInference {
  readonly version: string;
  override processes = { encoder: 1, decoder: 2 };
  encoding: (input: Float32Array, category?: string) => ReturnType<Inference['encode']> = (input, category) =>
    super.encode(input, category);
  decoding: (z: ArrayLike<number>, category?: string) => ReturnType<Inference['decode']> = (z, category) =>
    super.decode(z, category);

  constructor(bundle: Bundle) {
    const { version } = bundle.manifest;
    const model = MODELS[version];
    if (model === undefined) throw new Error(`There is no model ${version}.`);
    super(bundle, model);
    this.version = version;
  }

  override encode(input: Float32Array, category?: string): ReturnType<Inference['encode']> {
    return this.encoding(input, category);
  }

  override decode(z: ArrayLike<number>, category?: string): ReturnType<Inference['decode']> {
    return this.decoding(z, category);
  }
}

export interface RunningBox {
  readonly opened: OpenStore;
  readonly updates: Updates;
  readonly progress: UpdateProgress;
  readonly events: EventHub;
  readonly lines: readonly string[];
  /** Nets that were started, in their order. */
  readonly started: readonly FaultyInference[];
  /** The version that serves. */
  readonly version: () => string | undefined;
  /** As a box that is switched off. */
  close(): Promise<void>;
}

export class UpdatingStore {
  readonly at: IndexedStore;
  readonly box: UpdateBox;
  /** By version: what its nets do when they are started. */
  readonly faults = new Map<string, Fault>();
  readonly #t: TestContext;

  private constructor(t: TestContext, at: IndexedStore, box: UpdateBox) {
    this.#t = t;
    this.at = at;
    this.box = box;
  }

  static async make(t: TestContext): Promise<UpdatingStore> {
    return new UpdatingStore(t, await indexedStore(t), await UpdateBox.make(t));
  }

  publish(release: number, version: string, changes: Partial<Release> = {}): void {
    const model = MODELS[version];
    if (model === undefined) throw new Error(`There is no model ${version}.`);
    this.box.publish(release, { parts: bundleOf(model), limits: LIMITS, ...changes });
  }

  start = async (bundle: Bundle): Promise<FaultyInference> => {
    const inference = new FaultyInference(bundle);
    this.faults.get(inference.version)?.(inference);
    return inference;
  };

  /** The box as it is after a start; it looks for updates only when it is asked to, unless said otherwise. */
  async run(options: Partial<UpdatesOptions> = {}): Promise<RunningBox> {
    const { data, bundle: folder } = this.at;
    const { bundle, settings } = await servedBundle({ data, bundle: folder });
    const inference = await this.start(bundle);
    const opened = await openStore(this.#t, this.at, { bundle, inference });
    const database = new UpdateDatabase(join(data, UPDATE_DATABASE));
    const progress = new UpdateProgress(database);
    const lines: string[] = [];
    const log = { info: (line: string) => void lines.push(line), warn: (line: string) => void lines.push(line) };
    const events = new EventHub();
    const { clock, source, root } = this.box;
    const started: FaultyInference[] = [inference];
    const start = async (next: Bundle): Promise<FaultyInference> => {
      const nets = await this.start(next);
      started.push(nets);
      return nets;
    };
    const { store, editions, catalogue } = opened;
    const updates = updatesOver(
      { data, database, progress, source, root, clock, store, editions, catalogue, events, log, settings, start },
      { probation: { lastsMs: 60_000, everyMs: 5 }, ...options },
    );
    let closed = false;
    const close = async (): Promise<void> => {
      if (closed) return;
      closed = true;
      await updates.close();
      await opened.close();
      database.close();
    };
    afterwards(this.#t, close);
    const version = (): string | undefined => editions.edition?.bundle.manifest.version;
    return { opened, updates, progress, events, lines, started, version, close };
  }

  /** Takes a garment's picture off the disk. */
  async losePicture({ catalogue }: OpenStore, sku: string): Promise<void> {
    const picture = catalogue.item(sku)?.picture;
    if (picture) await rm(picturePath(this.at.data, picture));
  }
}
