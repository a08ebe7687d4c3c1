/**
 * The engines of TensorRT's rung: found in the cache where there are valid ones, and built one after another in the background where
 * not, while another provider serves. Nothing is started on a box without TensorRT.
 */
import { rm, stat, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Bundle, ROLES, type Role, readManifest } from '../inference/bundle.ts';
import type { EngineFinding, EngineSource, EngineStanding } from '../inference/engine-source.ts';
import type { ModelFile } from '../inference/manifest.ts';
import { readMember } from '../inference/members.ts';
import type { Log } from '../inference/net-process.ts';
import { buildEngine, optionsFor } from './build-engine.ts';
import { EngineCache, type EngineRecord, keyOf, type Recipe } from './engine-cache.ts';
import { findTensorRt, type TensorRt, type WhereToLook } from './tensor-rt.ts';

/** So much must be left of the box for a build to begin, bytes. Chosen with a margin, and not measured. */
const LEAST = { memory: 2 * 2 ** 30, disk: 2 ** 30 };
const MOST_WORKSPACE = 2 ** 30;
const BUILD_MS = 3_600_000;
const RETRY_MS = 600_000;

const NOT_YET: EngineStanding = { state: 'none', reason: 'it is not built yet' };

/** Why there is no engine, as a clause; undefined where it could be built. */
const whyNone = ({ of, failed }: Pick<EngineRecord, 'of' | 'failed'>): string | undefined =>
  failed === undefined ? undefined : `the engine of ${of} could not be built: ${failed}`;

const standingOf = ({ failed }: EngineRecord): EngineStanding =>
  failed === undefined ? { state: 'ready' } : { state: 'failed', reason: failed };

const recipeFor = ({ sha256, precision }: ModelFile, { hardware, driver, version }: TensorRt): Recipe => ({
  model: sha256,
  hardware,
  driver,
  version,
  options: optionsFor(version, precision),
});

async function roomOn(folder: string): Promise<{ memory: number; disk: number }> {
  const { bavail, bsize } = await statfs(folder);
  return { memory: Math.min(process.availableMemory(), freemem()), disk: bavail * bsize };
}

export interface EnginesOptions extends WhereToLook {
  /** The state folder. */
  readonly data: string;
  readonly engines: 'on' | 'off';
  readonly providers: readonly string[];
  readonly log: Log;
  /** What is left, bytes, on the disk of a folder too. */
  readonly room?: typeof roomOn;
  /** Longest time of one build, and how long is waited for room, milliseconds. */
  readonly buildMs?: number;
  readonly retryMs?: number;
}

/** A net that a bundle has for TensorRT, and what is known of its engine. */
export interface NetEngine {
  readonly of: string;
  readonly file: ModelFile;
  readonly recipe: Recipe;
  readonly record: EngineRecord | undefined;
}

export class Engines implements EngineSource {
  /** What builds them, or why nothing does, as a clause. */
  readonly tensorRt: TensorRt | string;
  readonly cache: EngineCache;
  readonly #options: EnginesOptions;
  readonly #wanted = new Map<string, PromiseWithResolvers<string | undefined> & { readonly bundle: Bundle }>();
  readonly #closing = new AbortController();
  /** By the key of the recipe: what is known of each engine that was looked at, or is being built. */
  readonly #standing = new Map<string, EngineStanding>();
  /** The folders of bundles that may be served again; undefined before the builder may begin. */
  #bundles: (() => Promise<string[]>) | undefined;
  #work: Promise<void> | undefined;

  private constructor(tensorRt: TensorRt | string, options: EnginesOptions) {
    this.tensorRt = tensorRt;
    this.#options = options;
    this.cache = new EngineCache(join(options.data, 'engines'));
  }

  /** Looks what the box has, and builds nothing yet. */
  static async open(options: EnginesOptions): Promise<Engines> {
    if (options.engines === 'off') return new Engines('the setting engines is off', options);
    if (!options.providers.includes('tensorrt')) return new Engines('tensorrt is not among the providers', options);
    return new Engines(await findTensorRt(options), options);
  }

  /** The nets that a bundle has for TensorRT; none where nothing builds engines. */
  async look(bundle: Bundle): Promise<NetEngine[]> {
    const { tensorRt } = this;
    if (typeof tensorRt === 'string') return [];
    const files = ROLES.map(role => bundle.fileFor(role, 'tensorrt')?.file).filter(file => file !== undefined);
    const nets = files.map(async file => {
      const recipe = recipeFor(file, tensorRt);
      return { of: `${bundle.name}, ${file.path}`, file, recipe, record: await this.cache.find(recipe) };
    });
    return Promise.all(nets);
  }

  /** How the engine of a net stands, without a look at the disk. */
  standing(bundle: Bundle, role: Role): EngineStanding {
    const { tensorRt } = this;
    if (typeof tensorRt === 'string') return { state: 'none', reason: tensorRt };
    const file = bundle.fileFor(role, 'tensorrt')?.file;
    if (file === undefined) return { state: 'none', reason: `the bundle has no ${role} whose runtimes list tensorrt` };
    return this.#standing.get(keyOf(recipeFor(file, tensorRt))) ?? NOT_YET;
  }

  async find(bundle: Bundle): Promise<EngineFinding | undefined> {
    const nets = await this.look(bundle);
    for (const { recipe, record } of nets) if (record !== undefined) this.#stands(recipe, standingOf(record));
    if (nets.length < ROLES.length) return undefined;
    const reason = nets.map(({ record }) => record && whyNone(record)).find(why => why !== undefined);
    if (reason !== undefined) return { reason };
    const [encoder, decoder] = nets.map(
      ({ recipe, record }) =>
        record?.built && { ...record.built, folder: this.cache.folder, path: `${keyOf(recipe)}.onnx` },
    );
    if (encoder && decoder) return { encoder, decoder };
    return { reason: 'its engines are not built yet for this driver', built: this.#want(bundle) };
  }

  /** What is wanted is built from now on. @param bundles the folders of those that may be served again, whose engines are kept */
  begin(bundles: () => Promise<string[]>): void {
    this.#bundles = bundles;
    this.#go();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the daemon is stopping'));
    await this.#work;
    for (const { resolve } of this.#wanted.values()) resolve('the daemon is stopping');
  }

  #stands(recipe: Recipe, standing: EngineStanding): void {
    this.#standing.set(keyOf(recipe), standing);
  }

  #want(bundle: Bundle): Promise<string | undefined> {
    const wanted = this.#wanted.get(bundle.folder) ?? { bundle, ...Promise.withResolvers<string | undefined>() };
    this.#wanted.set(bundle.folder, wanted);
    this.#go();
    return wanted.promise;
  }

  #go(): void {
    if (this.#bundles === undefined || typeof this.tensorRt === 'string' || this.#closing.signal.aborted) return;
    this.#work ??= this.#build(this.tensorRt, this.#bundles).finally(() => {
      this.#work = undefined;
      if (this.#wanted.size > 0) this.#go();
    });
  }

  async #build(tensorRt: TensorRt, bundles: () => Promise<string[]>): Promise<void> {
    await this.#clear(tensorRt, bundles);
    for (const [folder, { bundle, resolve }] of this.#wanted) {
      let why: string | undefined;
      for (const net of await this.look(bundle)) {
        why ??= net.record === undefined ? await this.#buildOne(tensorRt, bundle, net) : whyNone(net.record);
      }
      this.#wanted.delete(folder);
      resolve(why);
    }
  }

  /** @returns why it was not built; undefined where it was */
  async #buildOne(tensorRt: TensorRt, bundle: Bundle, { of, file, recipe }: NetEngine): Promise<string | undefined> {
    const { log, room = roomOn, buildMs = BUILD_MS } = this.#options;
    const { cache } = this;
    const { signal } = this.#closing;
    let folder: string | undefined;
    try {
      const workspace = Math.min(MOST_WORKSPACE, (await this.#roomFor(file)) / 4);
      folder = await cache.workFolder();
      const plan = join(folder, 'engine.plan');
      log.info(`The engine of ${of} is being built: TensorRT ${recipe.version}, ${recipe.hardware}, ${recipe.driver}.`);
      const net = await readMember(bundle.folder, file);
      const began = performance.now();
      const { options } = recipe;
      this.#stands(recipe, { state: 'building' });
      const path = join(bundle.folder, file.path);
      const why = await buildEngine({ tensorRt, net: path, plan, options, workspace, limitMs: buildMs, signal });
      const seconds = Math.round((performance.now() - began) / 1000);
      const { size } = await stat(plan).catch(() => ({ size: 0 }));
      if (why === undefined && size > 0) {
        await cache.keep(recipe, of, { net, plan, seconds });
        this.#stands(recipe, { state: 'ready' });
        log.info(`The engine of ${of} is built, in ${seconds} s.`);
        return undefined;
      }
      if ((await room(folder)).disk < LEAST.disk) throw new Error('the disk is full');
      const failed = why ?? 'it wrote none';
      await cache.remember(recipe, of, failed);
      this.#stands(recipe, { state: 'failed', reason: failed });
      log.warn(`The engine of ${of} could not be built, and is not tried again: ${failed}.`);
      return whyNone({ of, failed });
    } catch (error) {
      // Not the net's fault: it is tried again at the next start.
      const reason = `the engine of ${of} was not built this time: ${(error as Error).message}`;
      this.#stands(recipe, { state: 'failed', reason: (error as Error).message });
      if (!signal.aborted) log.warn(`${reason}.`);
      return reason;
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Waits until there is room for a build. @returns the memory that is left, bytes @throws the signal's reason */
  async #roomFor(file: ModelFile): Promise<number> {
    const { log, data, room = roomOn, retryMs = RETRY_MS } = this.#options;
    for (let told: string | undefined; ; ) {
      const left = await room(data);
      // An engine is about as large as its net, and is written twice.
      const least = { ...LEAST, disk: LEAST.disk + 4 * file.bytes };
      const short = (['memory', 'disk'] as const).find(kind => left[kind] < least[kind]);
      if (short === undefined) return left.memory;
      const [has, needs] = [left, least].map(one => Math.round(one[short] / 2 ** 20));
      if (told !== short) log.warn(`Engines are built later: ${has} MB of ${short} are left, and ${needs} MB must be.`);
      told = short;
      await wait(retryMs, undefined, { signal: this.#closing.signal });
    }
  }

  /** Removes what is not of this driver, and of no bundle that may be served again. */
  async #clear({ hardware, driver, version }: TensorRt, bundles: () => Promise<string[]>): Promise<void> {
    const models = new Set<string>();
    try {
      for (const folder of await bundles()) {
        for (const { sha256 } of (await readManifest(folder)).files) models.add(sha256);
      }
      await this.cache.clear(
        ({ recipe }) =>
          models.has(recipe.model) &&
          recipe.hardware === hardware &&
          recipe.driver === driver &&
          recipe.version === version,
      );
    } catch (error) {
      // Whose manifest cannot be read now may be served again.
      this.#options.log.warn(`Old engines are kept for now: ${(error as Error).message}.`);
    }
  }
}
