/** A publisher of model updates with three root key holders and an office, whose keys cost little to open; and a box's view of what is published. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import type { TestContext } from 'node:test';
import { Updater } from 'tuf-js';
import { parseRelease, type Release } from '../../device/updates/release.ts';
import { init } from '../../scripts/bundle/init.ts';
import { makeKey } from '../../scripts/bundle/key-files.ts';
import { LIFETIME_DAYS } from '../../scripts/bundle/lifetimes.ts';
import { type MakeOptions, make } from '../../scripts/bundle/make.ts';
import { type PublishOptions, publish } from '../../scripts/bundle/publish.ts';
import { refresh } from '../../scripts/bundle/refresh.ts';
import type { Decisions } from '../../scripts/bundle/release-document.ts';
import { type RotateOptions, rotate } from '../../scripts/bundle/rotate.ts';
import type { Setting } from '../../scripts/bundle/setting.ts';
import { sign } from '../../scripts/bundle/sign.ts';
import { afterwards } from './afterwards.ts';
import { bundleOf, withMember, writeBundle } from './bundle.ts';
import { torchModel } from './bundles.ts';
import { SCRATCH } from './scratch.ts';
import { temporaryFolder } from './store.ts';

/** Trying a passphrase is to cost nothing here. */
export const CHEAP = { N: 2, r: 1, p: 1 } as const;
export const PEOPLE = ['anna', 'ben', 'cem'] as const;
export const OFFICE = 'office';
export const NEXT = 'next';
const DAY_MS = 86_400_000;

export const passphraseOf = (name: string): string => `the passphrase of ${name}`;

/** Small bundles that differ in one file; the nets are the same bytes. */
export function smallBundle(which: number, folder?: string): string {
  const parts = bundleOf(torchModel());
  const path = 'golden/encoder-0.f32';
  const bytes = Buffer.from(parts.members.get(path) ?? []);
  bytes.writeFloatLE(which / 100, 0);
  return writeBundle(withMember(parts, path, bytes), folder);
}

export class Publisher {
  readonly folder: string;
  readonly repository: string;
  readonly staged: string;
  readonly said: string[] = [];
  /** Days since the test began. */
  day = 0;
  readonly #began = Date.now();

  constructor(folder: string) {
    this.folder = folder;
    this.repository = join(folder, 'updates');
    this.staged = join(folder, 'updates.staged');
  }

  /** Keys made and the first root staged. */
  static async start(t: TestContext): Promise<Publisher> {
    const folder = await mkdtemp(join(SCRATCH, 'lookdial-publisher-'));
    afterwards(t, () => rm(folder, { recursive: true, force: true }));
    const publisher = new Publisher(folder);
    for (const person of PEOPLE) await publisher.key(person, `root-${person}`);
    for (const role of ['targets', 'snapshot', 'timestamp']) await publisher.key(OFFICE, role);
    await init(
      publisher.setting([]),
      {
        root: PEOPLE.map(person => publisher.publicPath(person, `root-${person}`)),
        targets: [publisher.publicPath(OFFICE, 'targets')],
        snapshot: [publisher.publicPath(OFFICE, 'snapshot')],
        timestamp: [publisher.publicPath(OFFICE, 'timestamp')],
      },
      2,
    );
    return publisher;
  }

  /** The same with a first release in place. */
  static async withRelease(t: TestContext, bundle = smallBundle(1)): Promise<Publisher> {
    const publisher = await Publisher.start(t);
    await publisher.sign('anna');
    await publisher.sign('ben');
    await publisher.release(bundle);
    return publisher;
  }

  keysOf = (person: string): string => join(this.folder, person);
  publicPath = (person: string, name: string): string => join(this.keysOf(person), `${name}.pub.pem`);
  key = (person: string, name: string): Promise<unknown> =>
    makeKey(this.keysOf(person), name, passphraseOf(name), CHEAP);

  setting(people: readonly string[], more: Partial<Setting> = {}): Setting {
    return {
      repository: this.repository,
      staged: this.staged,
      keys: people.map(this.keysOf),
      passphrases: {
        of: async name => passphraseOf(name),
        forNew: async name => passphraseOf(name),
        close: () => undefined,
      },
      lifetimes: LIFETIME_DAYS,
      now: new Date(this.#began + this.day * DAY_MS),
      say: line => this.said.push(line),
      terminal: { write: () => undefined },
      patienceMs: 0,
      ...more,
    };
  }

  make = (bundle: string | undefined, decisions: Decisions = {}, more: Partial<MakeOptions> = {}): Promise<void> =>
    make(this.setting([]), { bundle, decisions, ...more });
  sign = (person: string, more: Partial<Setting> = {}): Promise<number> => sign(this.setting([person], more));
  publish = (options: PublishOptions & Partial<Setting> = {}): Promise<void> =>
    publish(this.setting(this.#online, options), options);
  rotate = (options: RotateOptions): Promise<void> => rotate(this.setting([]), options);
  refresh = (more: Partial<Setting> = {}): Promise<string[]> => refresh(this.setting(this.#online, more));

  /** Whose keys are on the machine that publishes: the office's, and those that are to take their place. */
  get #online(): string[] {
    return [OFFICE, NEXT].filter(folder => existsSync(this.keysOf(folder)));
  }

  /** A bundle, or the last one with other decisions, all the way. */
  async release(bundle: string | undefined, decisions: Decisions = {}): Promise<void> {
    await this.make(bundle, decisions);
    await this.sign(OFFICE);
    await this.publish();
  }
}

/** A folder served as any static web server does. */
export interface Served {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** Waited for before a request is answered. */
  before: (path: string) => Promise<void> | void;
}

export async function serve(t: TestContext, folder: string): Promise<Served> {
  const server: Server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://box').pathname));
    served.asked.push(path);
    await served.before(path);
    const file = join(folder, path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': found.size });
    createReadStream(file).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(t, () => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const served: Served = { url, asked: [], before: () => undefined };
  return served;
}

/** A box, as far as the repository is concerned: it starts from one root, and takes what it can prove. */
export class UpdateClient {
  readonly #folder: string;
  readonly #served: Served;

  private constructor(folder: string, served: Served) {
    this.#folder = folder;
    this.#served = served;
  }

  /** @param root the file it trusts from the start */
  static async start(t: TestContext, served: Served, root: string): Promise<UpdateClient> {
    const folder = await temporaryFolder(t);
    for (const part of ['metadata', 'targets', 'blobs']) await mkdir(join(folder, part));
    await copyFile(root, join(folder, 'metadata', 'root.json'));
    return new UpdateClient(folder, served);
  }

  /** Asks once, by tuf-js's own updater. @throws whatever that refuses */
  async poll(): Promise<Release> {
    const updater = new Updater({
      metadataDir: join(this.#folder, 'metadata'),
      metadataBaseUrl: `${this.#served.url}/metadata`,
      targetDir: join(this.#folder, 'targets'),
      targetBaseUrl: `${this.#served.url}/targets`,
      config: { fetchRetries: 0, fetchRetry: 0 },
    });
    await updater.refresh();
    const target = await updater.getTargetInfo('bundle.json');
    if (target === undefined) throw new Error('The repository lists no bundle.json.');
    const path = await updater.downloadTarget(target);
    return parseRelease(await readFile(path), path);
  }

  /** Polls, and fetches every file that the release lists. @throws Error where one is not what it is listed as */
  async update(): Promise<Release> {
    const release = await this.poll();
    for (const { path, sha256, bytes } of release.members) {
      const answer = await fetch(`${this.#served.url}/blobs/sha256/${sha256}`);
      const body = Buffer.from(await answer.arrayBuffer());
      const digest = createHash('sha256').update(body).digest('hex');
      if (answer.status !== 200 || body.length !== bytes || digest !== sha256) {
        throw new Error(`${path} came as ${answer.status}, ${body.length} bytes, ${digest}.`);
      }
    }
    return release;
  }

  /** The version of a signed file that it holds. */
  async version(role: string): Promise<number> {
    return JSON.parse(await readFile(join(this.#folder, 'metadata', `${role}.json`), 'utf8')).signed.version;
  }
}
