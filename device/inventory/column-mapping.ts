/** Which of a retailer's columns says what: by our own names, or by a mapping file. */
import { readFile } from 'node:fs/promises';
import { LookdialError } from '../errors.ts';

/** Columns that have a meaning of their own. */
export const KNOWN = ['image', 'sku', 'title', 'category', 'colour', 'price', 'currency', 'sizes', 'location'] as const;
export type Known = (typeof KNOWN)[number];

/** What a column holds. */
export type Target =
  | { readonly to: 'known'; readonly name: Known }
  /** How many there are of one size. */
  | { readonly to: 'size'; readonly name: string }
  | { readonly to: 'attribute'; readonly name: string }
  | { readonly to: 'nothing' };

const NOTHING: Target = { to: 'nothing' };
const ATTRIBUTES = 'attributes';

const plain = (name: string): string => name.trim().normalize('NFC');
const knownOf = (name: string): Known | undefined => KNOWN.find(known => known === name.toLowerCase());

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export class ColumnMapping {
  /** The mapping file it is from; undefined for our own names. */
  readonly path: string | undefined;
  readonly #targets = new Map<string, Target>();
  readonly #taken = new Set<Known>();
  #attributes: ReadonlySet<string> | undefined;

  /** @throws LookdialError `config-invalid` naming the entry that is wrong */
  constructor(written: unknown = {}, path?: string) {
    this.path = path;
    if (!isObject(written)) this.#refuse('must hold one JSON object: our column to theirs');
    for (const [ours, theirs] of Object.entries(written as Record<string, unknown>)) this.#put(plain(ours), theirs);
  }

  /** Their columns that the mapping names. */
  get columns(): string[] {
    return [...this.#targets.keys()];
  }

  targetOf(column: string): Target {
    const name = plain(column);
    if (name === '') return NOTHING;
    const mapped = this.#targets.get(name);
    if (mapped !== undefined) return mapped;
    const known = knownOf(name);
    if (known !== undefined) return this.#taken.has(known) ? NOTHING : { to: 'known', name: known };
    return (this.#attributes?.has(name) ?? true) ? { to: 'attribute', name } : NOTHING;
  }

  #refuse(what: string): never {
    throw new LookdialError('config-invalid', `The mapping ${this.path ?? ''} ${what}. docs/stores.md shows one.`);
  }

  #put(ours: string, theirs: unknown): void {
    if (ours === ATTRIBUTES) {
      if (!Array.isArray(theirs) || !theirs.every(isText))
        this.#refuse('has attributes that are not a list of columns');
      this.#attributes = new Set((theirs as string[]).map(plain));
      return;
    }
    const known = knownOf(ours);
    if (known === 'sizes' && isObject(theirs)) {
      this.#taken.add(known);
      for (const [size, column] of Object.entries(theirs)) this.#set(column, { to: 'size', name: plain(size) }, ours);
      return;
    }
    if (known !== undefined) this.#taken.add(known);
    this.#set(theirs, known === undefined ? { to: 'attribute', name: ours } : { to: 'known', name: known }, ours);
  }

  #set(theirs: unknown, target: Target, ours: string): void {
    if (!isText(theirs)) this.#refuse(`says for ${ours} what is not the name of a column`);
    const column = plain(theirs as string);
    if (this.#targets.has(column)) this.#refuse(`names the column ${column} twice`);
    this.#targets.set(column, target);
  }
}

/** @throws LookdialError `config-invalid` where the file is missing, not JSON, or not a mapping */
export async function readMapping(path: string): Promise<ColumnMapping> {
  const fail = (why: string, cause: unknown): never => {
    throw new LookdialError('config-invalid', `The mapping ${path} ${why}: ${(cause as Error).message}.`, { cause });
  };
  const text = await readFile(path, 'utf8').catch(cause => fail('cannot be read', cause));
  let written: unknown;
  try {
    written = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    fail('is not JSON', cause);
  }
  return new ColumnMapping(written, path);
}
