/** One row of a catalogue: from what a file says to a garment, or to what is wrong with it. */
import { basename, extname } from 'node:path';
import { LookdialError } from '../errors.ts';
import {
  attributeOf,
  clean,
  countedSizes,
  currencyOf,
  Fault,
  fault,
  MAX_SIZES,
  MAX_SKU,
  MAX_TEXT,
  MAX_WORD,
  priceOf,
  sizesOf,
  word,
} from './catalogue-cell.ts';
import { ColumnMapping, type Known } from './column-mapping.ts';
import type { Attributes, GarmentRecord } from './garment.ts';

/** A garment as the catalogue describes it; its picture has not been opened. */
export interface CatalogueRow extends Omit<GarmentRecord, 'picture'> {
  /** Its picture's file, relative to the store's folder; empty where none is named. */
  readonly image: string;
}

/** What a row can speak of beside its SKU and its picture. */
export type Part = Exclude<Known, 'sku' | 'image'> | 'attributes';

export interface DescribedRow {
  readonly garment: CatalogueRow;
  /** What the file has a column for: of anything else the row says nothing, not even that it is empty. */
  readonly parts: ReadonlySet<Part>;
}

export interface RowFault {
  readonly sku: string | null;
  /** A clause: what is wrong, and what it should be. */
  readonly reason: string;
}

export interface RowOptions {
  /** Our own names unless said otherwise. */
  readonly mapping?: ColumnMapping | undefined;
  /** Whether a row without a picture is a fault; else it needs a SKU. True unless said otherwise. */
  readonly needsImage?: boolean | undefined;
}

/** What every message about the columns says. */
export const COLUMNS_SENTENCE =
  'Its first line names the columns: image (the picture’s file), and where you have them sku, title, category, colour, ' +
  'price, currency, sizes (as S:3 M:0 L:12) and location; every other column is kept as an attribute.';

const MAX_COLUMNS = 200;
/** What one row says, gathered column by column. */
class Said {
  readonly parts = new Set<Part>();
  readonly #known = new Map<Known, string>();
  readonly #counts: [name: string, quantity: string][] = [];
  readonly #attributes: [string, string | number | boolean][] = [];

  get(name: Known): string {
    return this.#known.get(name) ?? '';
  }

  /** The SKU, or the picture's name without its ending. */
  get sku(): string | null {
    const image = this.get('image');
    return this.get('sku') || basename(image, extname(image)) || null;
  }

  put(name: Known, text: string): void {
    this.#known.set(name, text);
    if (name !== 'sku' && name !== 'image') this.parts.add(name);
  }

  count(size: string, quantity: string): void {
    this.#counts.push([size, quantity]);
    this.parts.add('sizes');
  }

  describe(name: string, value: string | number | boolean): void {
    this.parts.add('attributes');
    if (value === '') return;
    if (typeof value === 'string' && value.length > MAX_TEXT) {
      fault(`${name} has ${value.length} characters, and the most is ${MAX_TEXT}`);
    }
    this.#attributes.push([name, value]);
  }

  row(needsImage: boolean): DescribedRow {
    const { sku } = this;
    const image = this.get('image');
    if (sku === null || (image === '' && needsImage)) {
      return fault(needsImage ? 'image is empty: name the file of its picture' : 'sku is empty, and image is too');
    }
    word('sku', sku, MAX_SKU);
    word('image', image, MAX_TEXT);
    const category = word('category', this.get('category'), MAX_WORD);
    const currency = currencyOf(this.get('currency'));
    const garment = {
      sku,
      image,
      title: word('title', this.get('title'), MAX_WORD) ?? category ?? sku,
      category,
      colour: word('colour', this.get('colour'), MAX_WORD),
      priceMinor: priceOf(this.get('price'), currency),
      currency,
      sizes: this.#counts.length > 0 ? countedSizes(this.#counts) : sizesOf(this.get('sizes')),
      location: word('location', this.get('location'), MAX_WORD),
      // By definition and not by assignment: a column may be called __proto__.
      attributes: Object.fromEntries(this.#attributes) as Attributes,
    };
    if ((garment.sizes?.length ?? 0) > MAX_SIZES)
      fault(`it has ${garment.sizes?.length} sizes, and the most is ${MAX_SIZES}`);
    return { garment, parts: this.parts };
  }
}

/** Runs what may find a fault. */
function read(said: Said, gather: () => void, needsImage: boolean): DescribedRow | RowFault {
  try {
    gather();
    return said.row(needsImage);
  } catch (error) {
    if (error instanceof Fault) return { sku: said.sku, reason: error.message };
    throw error;
  }
}

/** Reads the rows below one header. */
export class RowReader {
  readonly #targets: readonly ReturnType<ColumnMapping['targetOf']>[];
  readonly #needsImage: boolean;

  /** @throws LookdialError `store-invalid` where a column that is needed is missing, or two columns have one name. */
  constructor(
    header: readonly string[],
    path: string,
    { mapping = new ColumnMapping(), needsImage = true }: RowOptions = {},
  ) {
    const refuse = (message: string): never => {
      throw new LookdialError('store-invalid', `${path} ${message} ${COLUMNS_SENTENCE}`);
    };
    const names = header.map(clean);
    this.#needsImage = needsImage;
    this.#targets = names.map(name => mapping.targetOf(name));
    const named = names.filter(name => name !== '');
    const told = this.#targets.filter(target => target.to !== 'nothing');
    const twice = told.find((one, place) =>
      told.slice(0, place).some(({ to, name }) => to === one.to && name === one.name),
    )?.name;
    const meant = told.flatMap(({ to, name }) => (to === 'known' ? [name] : []));
    if (twice !== undefined) refuse(`has two columns named ${twice}.`);
    const missing = mapping.columns.find(column => !named.includes(column));
    const has = named.join(', ') || 'none';
    if (missing !== undefined) {
      throw new LookdialError(
        'store-invalid',
        `${path} has no column ${missing}, which the mapping ${mapping.path ?? ''} names; it has ${has}.`,
      );
    }
    if (needsImage && !meant.includes('image')) refuse(`has no column image; it has ${has}.`);
    if (!meant.includes('image') && !meant.includes('sku'))
      refuse(`has neither a column sku nor image; it has ${has}.`);
    if (named.length > MAX_COLUMNS) refuse(`has ${named.length} columns; the most is ${MAX_COLUMNS}.`);
  }

  read(fields: readonly string[]): DescribedRow | RowFault {
    const cells = fields.map(clean);
    const said = new Said();
    const gather = (): void => {
      for (const [place, target] of this.#targets.entries()) {
        const cell = cells[place] ?? '';
        if (target.to === 'known') said.put(target.name, cell);
      }
      if (cells.length < this.#targets.length || cells.slice(this.#targets.length).some(cell => cell !== '')) {
        fault(`it has ${cells.length} fields, and the header has ${this.#targets.length}`);
      }
      for (const [place, target] of this.#targets.entries()) {
        const cell = cells[place] ?? '';
        if (target.to === 'size') said.count(target.name, cell);
        if (target.to === 'attribute') said.describe(target.name, attributeOf(cell));
      }
    };
    return read(said, gather, this.#needsImage);
  }
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Sizes as JSON has them: `{"S": 3}`, `[{"name": "S", "quantity": 3}]`, or the text of a CSV cell. */
function putSizes(said: Said, value: unknown): void {
  said.put('sizes', '');
  if (typeof value === 'string') {
    said.put('sizes', clean(value));
    return;
  }
  const wrong = (): never => fault('sizes is neither {"S": 3} nor [{"name": "S", "quantity": 3}]');
  if (value === null || typeof value !== 'object') wrong();
  const entries = Array.isArray(value)
    ? value.map((one: unknown) => {
        const { name, quantity } = (one ?? {}) as { name?: unknown; quantity?: unknown };
        return [name, quantity] as const;
      })
    : Object.entries(value as object);
  for (const [name, quantity] of entries) {
    if (!isScalar(name) || typeof quantity !== 'number') wrong();
    said.count(clean(String(name)), String(quantity));
  }
}

/** Reads the objects of a file of JSON lines, each with keys of its own. */
export class ObjectReader {
  readonly #mapping: ColumnMapping;
  readonly #needsImage: boolean;

  constructor({ mapping = new ColumnMapping(), needsImage = true }: RowOptions = {}) {
    this.#mapping = mapping;
    this.#needsImage = needsImage;
  }

  read(value: unknown): DescribedRow | RowFault {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return { sku: null, reason: 'it is not a JSON object' };
    }
    const said = new Said();
    const entries = Object.entries(value).map(([key, one]) => [this.#mapping.targetOf(key), key, one] as const);
    const gather = (): void => {
      if (entries.length > MAX_COLUMNS) fault(`it has ${entries.length} fields, and the most is ${MAX_COLUMNS}`);
      // What it is called comes first, so that whatever is wrong is told under its name.
      for (const name of ['sku', 'image'] as const) {
        const found = entries.find(([target]) => target.to === 'known' && target.name === name);
        if (found !== undefined && isScalar(found[2])) said.put(name, clean(String(found[2])));
      }
      for (const [target, key, one] of entries) this.#put(said, target, key, one);
    };
    return read(said, gather, this.#needsImage);
  }

  #put(said: Said, target: ReturnType<ColumnMapping['targetOf']>, key: string, value: unknown): void {
    if (target.to === 'nothing') return;
    if (target.to === 'known' && target.name === 'sizes' && value !== null) {
      putSizes(said, value);
      return;
    }
    const told = value ?? '';
    if (!isScalar(told)) fault(`${key} is neither text nor a number`);
    if (target.to === 'known') said.put(target.name, clean(String(told)));
    else if (target.to === 'size') said.count(target.name, clean(String(told)));
    else said.describe(target.name, typeof told === 'string' ? clean(told) : (told as number | boolean));
  }
}
