/** A daemon for tests: a made model, a made store, the app to inject into, and every answer held to the OpenAPI document. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { Access } from '../../device/access/access.ts';
import type { Clock } from '../../device/access/clock.ts';
import type { Scope } from '../../device/access/who.ts';
import type { Api, Services } from '../../device/api/services.ts';
import { StepTimes } from '../../device/api/step-times.ts';
import { buildApp } from '../../device/app.ts';
import type { Webhook } from '../../device/calls/webhook.ts';
import type { ChainLink } from '../../device/chain/chain-link.ts';
import type { Config } from '../../device/config.ts';
import type { Edition } from '../../device/edition/edition.ts';
import { EditionHolder } from '../../device/edition/holder.ts';
import { LiveStore, type LiveStoreOptions } from '../../device/edition/live-store.ts';
import { StoreMaps } from '../../device/edition/store-maps.ts';
import { StorePointer } from '../../device/edition/store-pointer.ts';
import { EventHub } from '../../device/events.ts';
import type { Machine } from '../../device/health/machine.ts';
import { openBundle } from '../../device/inference/bundle.ts';
import { Catalogue } from '../../device/inventory/catalogue.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import type { GarmentPicture, GarmentRecord } from '../../device/inventory/garment.ts';
import { picturePath, sha256 } from '../../device/inventory/picture-files.ts';
import { buildIndex } from '../../device/matching/index-file.ts';
import { Random } from '../../device/matching/random.ts';
import type { Updates } from '../../device/updates/updates.ts';
import { keyHeaders } from './access.ts';
import { bundleOf, type TestModel, writeBundle } from './bundle.ts';
import { ownModel } from './bundles.ts';
import { Contract } from './contract.ts';
import { ReferenceInference } from './reference-inference.ts';
import { drawPicture, garment, storeMetadata } from './store.ts';

export interface DaemonOptions {
  readonly model?: TestModel;
  /** How many garments have an encoding. */
  readonly garments?: number;
  readonly maxPicturePixels?: number;
  readonly maxPictureBytes?: number;
  readonly hosts?: readonly string[];
  readonly reads?: 'open' | 'keys';
  readonly requestsPerMinute?: number;
  readonly tls?: Config['tls'];
  readonly clock?: Clock;
  readonly eventListeners?: number;
  readonly live?: Pick<LiveStoreOptions, 'compactAfterMs' | 'pollMs' | 'tailCapacity'>;
  /** The chain's catalogue; none where left out. Closed with the daemon. */
  readonly chain?: ChainLink;
  /** How TensorRT's engines stand; left out, nothing builds any. */
  readonly engines?: Services['engines'];
  /** Updates of the model; none where left out. */
  readonly updates?: () => Updates;
  readonly updatesFault?: string;
  /** What the staff page shows as the box's certificate. */
  readonly certificate?: { readonly fingerprint: string; readonly validTo: Date; readonly port: number };
  /** Told of calls from the screen. */
  readonly webhook?: Webhook;
  readonly pageAddress?: string;
  /** Where the log goes, all of it; nowhere unless said. */
  readonly log?: { write(line: string): void };
  /** What tells how the box is; this machine where left out. */
  readonly machine?: Machine;
  /** Folder of the kiosk's page. */
  readonly ui?: string;
}

const CATEGORIES = ['Dress', 'Shirt', 'Skirt'];
const COLOURS = ['red', 'green', 'blue', 'black'];

const PICTURED = 6;
/** In the catalogue, but without an encoding. */
export const UNENCODED = 'unencoded';
/** Encoded, and sold out. */
export const SOLD_OUT = 'g001';

export const skuOf = (place: number): string => `g${String(place).padStart(3, '0')}`;

/** Garment `place` of every test store: kinds, colours, prices and sizes go round. */
const record = (place: number, picture: GarmentPicture | null): GarmentRecord =>
  garment(skuOf(place), {
    title: `Garment ${place}`,
    category: CATEGORIES[place % 3] ?? null,
    colour: COLOURS[place % 4] ?? null,
    priceMinor: 1000 + 500 * place,
    currency: 'EUR',
    sizes:
      place % 5 === 4
        ? null
        : [
            { name: 'S', quantity: skuOf(place) === SOLD_OUT ? 0 : 1 },
            { name: 'M', quantity: place % 2 && skuOf(place) !== SOLD_OUT ? 2 : 0 },
          ],
    location: place % 2 === 0 ? `Rail ${place}` : null,
    picture,
    attributes: { weight: place, fabric: 'wool' },
  });

async function drawPictures(data: string, count: number): Promise<GarmentPicture[]> {
  const pictures: GarmentPicture[] = [];
  for (let place = 0; place < count; place += 1) {
    const bytes = await drawPicture(place, { size: 400 });
    const picture = { hash: sha256(bytes).toString('hex'), type: 'image/png' };
    const path = picturePath(data, picture);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    pictures.push(picture);
  }
  return pictures;
}

interface Parts {
  readonly app: Api;
  readonly chain: ChainLink | undefined;
  readonly catalogue: Catalogue;
  readonly editions: EditionHolder;
  readonly live: StorePointer;
  readonly maps: StoreMaps;
  readonly events: EventHub;
  readonly inference: ReferenceInference;
  readonly data: string;
  readonly contract: Contract;
  readonly access: Access;
}

export class TestDaemon {
  readonly app: Api;
  readonly catalogue: Catalogue;
  readonly editions: EditionHolder;
  readonly live: StorePointer;
  readonly maps: StoreMaps;
  readonly events: EventHub;
  readonly inference: ReferenceInference;
  /** The folder of its state. */
  readonly data: string;
  readonly access: Access;
  readonly #contract: Contract;
  readonly #chain: ChainLink | undefined;

  private constructor(parts: Parts) {
    this.app = parts.app;
    this.catalogue = parts.catalogue;
    this.editions = parts.editions;
    this.live = parts.live;
    this.maps = parts.maps;
    this.inference = parts.inference;
    this.data = parts.data;
    this.events = parts.events;
    this.access = parts.access;
    this.#contract = parts.contract;
    this.#chain = parts.chain;
  }

  /** The edition that is served. */
  get edition(): Edition {
    const { edition } = this.editions;
    if (edition === undefined) throw new Error('There is no edition.');
    return edition;
  }

  static async start(options: DaemonOptions = {}): Promise<TestDaemon> {
    const { model = ownModel(), garments = 40, maxPicturePixels = 1e6, maxPictureBytes = 1e6 } = options;
    const data = await mkdtemp(join(tmpdir(), 'lookdial-daemon-'));
    const bundle = await openBundle(writeBundle(bundleOf(model), join(data, 'bundle')));
    const inference = new ReferenceInference(bundle, model);
    const { latentDim, tolerance } = bundle.manifest;
    const random = new Random(7);
    const draw = (): number => random.normal();
    const entries = Array.from({ length: garments }, (_, place) => ({
      sku: skuOf(place),
      mu: Array.from({ length: latentDim }, draw),
      sigma: Array.from({ length: latentDim }, () => 0.1 + 0.3 * random.uniform()),
    }));
    const pictures = await drawPictures(data, Math.min(PICTURED, garments));
    const catalogue = Catalogue.open(':memory:', { create: true });
    const records = entries.map((_, place) => record(place, pictures[place] ?? null));
    catalogue.replace(
      { ...storeMetadata, demonstration: true },
      [...records, garment(UNENCODED)],
      [{ sku: UNENCODED, kind: 'not-encoded', reason: 'unencoded.png: It cannot be decoded.' }],
    );
    const { encoderDigest } = bundle;
    await writeFile(join(data, INDEX_FILE), buildIndex({ encoderDigest, latentDim, tolerance, entries }));
    const editions = new EditionHolder(error => {
      throw error;
    });
    const events = new EventHub();
    const live = new StorePointer();
    const log = { info: () => undefined, warn: () => undefined };
    const { live: times } = options;
    const store = { data, bundle, inference, catalogue, editions, events, log, maxPicturePixels, ...times };
    live.set(await LiveStore.open(store));
    const maps = new StoreMaps({ data, editions, events, log, waitMs: 0 });
    const { hosts = ['localhost:80'], ui = join(data, 'no-page'), eventListeners = 8 } = options;
    const { reads = 'open', requestsPerMinute = 6_000, tls = 'off', clock } = options;
    const limits = { maxPicturePixels, maxPictureBytes, eventListeners };
    const config = { data, hosts, reads, requestsPerMinute, tls, logLevel: 'trace' as const, ...limits };
    // A PIN that is cheap to check: what it costs has a test of its own.
    const access = Access.open(':memory:', { pinCost: 2 ** 10, ...(clock && { clock }) });
    const services = {
      editions,
      catalogue,
      access,
      events,
      times: new StepTimes(),
      live,
      maps,
      chain: options.chain,
      updates: () => options.updates?.(),
      updatesFault: options.updatesFault,
      config,
      ui,
      version: '0.0.0',
      certificate: () => options.certificate,
      engines: options.engines,
      webhook: options.webhook,
      pageAddress: () => options.pageAddress,
    };
    const logger = options.log === undefined ? false : { level: 'trace', stream: options.log };
    const app = await buildApp(services, logger, options.machine);
    const contract = await Contract.of(app);
    return new TestDaemon({
      app,
      chain: options.chain,
      catalogue,
      editions,
      live,
      maps,
      events,
      inference,
      data,
      contract,
      access,
    });
  }

  /** Injects a request; the answer must be one that the OpenAPI document describes. */
  async ask(options: InjectOptions): Promise<LightMyRequestResponse> {
    const answer = await this.app.inject(options);
    this.#contract.check(options, answer);
    return answer;
  }

  /** Posts a JSON body. */
  post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    return this.ask({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } });
  }

  /** Headers of a request by a program that has a key of this scope. */
  key(scope: Scope): Record<string, string> {
    return keyHeaders(this.access, scope);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.#chain?.close();
    await this.maps.close();
    await this.live.close();
    await this.editions.close();
    this.catalogue.close();
    this.access.close();
    await rm(this.data, { recursive: true, force: true });
  }
}
