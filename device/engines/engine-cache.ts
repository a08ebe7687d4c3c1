/**
 * Engines on the disk: `KEY.onnx`, and beside it `KEY.json`, which says what it was built of and what its digest is. The record is
 * written last, and a file without one is no engine: a power cut leaves a whole one or none.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { canonicalJson } from '../inference/canonical-json.ts';
import { Sha256 } from '../inference/manifest.ts';
import { makeFolderDurably, replaceDurably } from '../inventory/durable.ts';
import { wrapEngine } from './ep-context.ts';

/** What an engine is built of: where one of these is another, so must the engine be. */
const Recipe = Type.Object({
  hardware: Type.String(),
  driver: Type.String(),
  /** Of TensorRT. */
  version: Type.String(),
  /** SHA-256 of the bundle's file, whose shapes are static. */
  model: Sha256,
  /** What of the builder's options decides what comes out: the precision. */
  options: Type.Array(Type.String()),
});
export type Recipe = Static<typeof Recipe>;

const EngineRecord = Type.Object({
  recipe: Recipe,
  /** For a person: the bundle and its file. */
  of: Type.String(),
  /** The file that wraps the engine. */
  built: Type.Optional(Type.Object({ sha256: Sha256, bytes: Type.Integer(), seconds: Type.Number() })),
  /** Why it could not be built; it is not tried again. */
  failed: Type.Optional(Type.String()),
});
export type EngineRecord = Static<typeof EngineRecord>;
const validator = Compile(EngineRecord);

export const keyOf = (recipe: Recipe): string => createHash('sha256').update(canonicalJson(recipe)).digest('hex');

export class EngineCache {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(key: string, kind: 'onnx' | 'json'): string {
    return join(this.folder, `${key}.${kind}`);
  }

  /** What is known of a recipe: undefined where it was never tried, or its engine is not what was written. */
  async find(recipe: Recipe): Promise<EngineRecord | undefined> {
    const key = keyOf(recipe);
    const record = await this.#read(key);
    if (record?.built === undefined) return record;
    const digest = await digestOf(this.path(key, 'onnx')).catch(() => undefined);
    return digest === record.built.sha256 ? record : undefined;
  }

  /** A new folder to build in: what a builder that was left behind still writes comes into none that is there. */
  async workFolder(): Promise<string> {
    await makeFolderDurably(this.folder);
    return mkdtemp(join(this.folder, 'building-'));
  }

  /** Keeps an engine. @param net the ONNX file it was built from @param plan the engine, in a work folder */
  async keep(recipe: Recipe, of: string, { net, plan, seconds }: { net: Uint8Array; plan: string; seconds: number }) {
    const aside = `${plan}.onnx`;
    await writeWrapped(net, plan, aside);
    const built = { sha256: await digestOf(aside), bytes: (await stat(aside)).size, seconds };
    await rename(aside, this.path(keyOf(recipe), 'onnx'));
    await this.#write({ recipe, of, built });
  }

  async remember(recipe: Recipe, of: string, failed: string): Promise<void> {
    await this.#write({ recipe, of, failed });
  }

  /** Removes what is unfinished, and every record and engine that is not of these. */
  async clear(keeps: (record: EngineRecord) => boolean): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const record = await this.#read(name.slice(0, 64));
      const kept = record !== undefined && keeps(record) && (record.built || !name.endsWith('.onnx'));
      if (!kept) await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  async #read(key: string): Promise<EngineRecord | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(this.path(key, 'json'), 'utf8'));
      return validator.Check(value) && keyOf(value.recipe) === key ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /** The folder is flushed with it, and the engine's new name too. */
  async #write(record: EngineRecord): Promise<void> {
    await replaceDurably(this.path(keyOf(record.recipe), 'json'), Buffer.from(JSON.stringify(record, undefined, 1)));
  }
}

/** A piece at a time: it is done beside serving. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/** Writes the file that wraps an engine, a piece at a time, and flushes it. */
async function writeWrapped(net: Uint8Array, plan: string, path: string): Promise<void> {
  const { head, tail } = await wrapEngine(net, (await stat(plan)).size);
  const file = await open(path, 'wx');
  try {
    await file.writeFile(head);
    await file.writeFile(createReadStream(plan));
    await file.writeFile(tail);
    await file.sync();
  } finally {
    await file.close();
  }
}
