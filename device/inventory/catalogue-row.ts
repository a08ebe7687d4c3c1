/** One row of catalogue.csv: from texts to a garment, or to what is wrong with it. */
import { basename, extname } from 'node:path';
import { LookdialError } from '../errors.ts';
import { type Attributes, type GarmentRecord, type GarmentSize, minorDigits } from './garment.ts';

/** A garment as the catalogue describes it; its picture has not been opened. */
export interface CatalogueRow extends Omit<GarmentRecord, 'picture'> {
  /** Its picture's file, relative to the store's folder. */
  readonly image: string;
}

export interface RowFault {
  readonly sku: string | null;
  /** A clause: what is wrong, and what it should be. */
  readonly reason: string;
}

/** What every message about the columns says. */
export const COLUMNS_SENTENCE =
  'Its first line names the columns: image (the picture’s file), and where you have them sku, title, category, colour, ' +
  'price, currency, sizes (as S:3 M:0 L:12) and location; every other column is kept as an attribute.';

const KNOWN = ['image', 'sku', 'title', 'category', 'colour', 'price', 'currency', 'sizes', 'location'] as const;
type Known = (typeof KNOWN)[number];

const MAX_COLUMNS = 200;
const MAX_SKU = 128;
const MAX_WORD = 200;
const MAX_TEXT = 2_000;
const CONTROL = /\p{Cc}/u;
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/;

/** Thrown inside this file alone, and caught at the row. */
class Fault extends Error {}

const fault = (reason: string): never => {
  throw new Fault(reason);
};

const word = (column: string, text: string, longest: number): string | null => {
  if (text === '') return null;
  if (text.length > longest) fault(`${column} has ${text.length} characters, and the most is ${longest}`);
  if (CONTROL.test(text)) fault(`${column} holds a line break or another control character`);
  return text;
};

function priceOf(text: string, currency: string | null): number | null {
  if (text === '') return null;
  const digits = minorDigits(currency);
  const match = /^(\d{1,10})(?:[.,](\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  // A comma before three digits could be either mark, and a thousandfold price is worse than a message.
  if (match === null || fraction.length > digits || (text.includes(',') && fraction.length > 2)) {
    const example = digits === 0 ? '4900' : `49.${'90'.padEnd(digits, '0').slice(0, digits)}`;
    return fault(`price "${text}" is not a number such as ${example}, without a currency sign`);
  }
  return Number(match[1]) * 10 ** digits + Number(fraction.padEnd(digits, '0') || 0);
}

function currencyOf(text: string): string | null {
  if (text === '') return null;
  const code = text.toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : fault(`currency "${text}" is not a code of three letters such as EUR`);
}

function sizesOf(text: string): GarmentSize[] | null {
  if (text === '') return null;
  const sizes = new Map<string, number>();
  for (const part of text.split(/\s+/)) {
    const match = /^([^:]{1,40}):(\d{1,7})$/.exec(part);
    const [, name, quantity] = match ?? [];
    if (name === undefined || quantity === undefined) {
      return fault(`sizes "${text}": "${part}" is not a size, a colon and how many there are, as in S:3 M:0`);
    }
    if (sizes.has(name)) return fault(`sizes "${text}" has ${name} twice`);
    sizes.set(name, Number(quantity));
  }
  return Array.from(sizes, ([name, quantity]) => ({ name, quantity }));
}

/** true and false, plain numbers, and else text: "007" and "1e3" are texts, since they would not come back. */
function attributeOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return PLAIN_NUMBER.test(text) ? Number(text) : text;
}

/** Reads the rows below one header. */
export class RowReader {
  readonly #columns: readonly string[];

  /** @throws LookdialError `store-invalid` where there is no image column, or two columns have one name. */
  constructor(header: readonly string[], path: string) {
    const refuse = (message: string): never => {
      throw new LookdialError('store-invalid', `${path} ${message} ${COLUMNS_SENTENCE}`);
    };
    this.#columns = header.map(name => {
      const plain = name.trim().normalize('NFC');
      return KNOWN.find(known => known === plain.toLowerCase()) ?? plain;
    });
    const named = this.#columns.filter(name => name !== '');
    const twice = named.find((name, place) => named.indexOf(name) !== place);
    if (twice !== undefined) refuse(`has two columns named ${twice}.`);
    if (!named.includes('image')) refuse(`has no column image; it has ${named.join(', ') || 'none'}.`);
    if (named.length > MAX_COLUMNS) refuse(`has ${named.length} columns; the most is ${MAX_COLUMNS}.`);
  }

  read(fields: readonly string[]): CatalogueRow | RowFault {
    const cells = fields.map(cell => cell.trim().normalize('NFC'));
    const extra = cells.slice(this.#columns.length).filter(cell => cell !== '');
    const known = (name: Known): string => cells[this.#columns.indexOf(name)] ?? '';
    const image = known('image');
    const sku = known('sku') || basename(image, extname(image)) || null;
    try {
      if (cells.length < this.#columns.length || extra.length > 0) {
        fault(`it has ${cells.length} fields, and the header has ${this.#columns.length}`);
      }
      if (sku === null || image === '') return { sku, reason: 'image is empty: name the file of its picture' };
      word('sku', sku, MAX_SKU);
      word('image', image, MAX_TEXT);
      const category = word('category', known('category'), MAX_WORD);
      const currency = currencyOf(known('currency'));
      return {
        sku,
        image,
        title: word('title', known('title'), MAX_WORD) ?? category ?? sku,
        category,
        colour: word('colour', known('colour'), MAX_WORD),
        priceMinor: priceOf(known('price'), currency),
        currency,
        sizes: sizesOf(known('sizes')),
        location: word('location', known('location'), MAX_WORD),
        attributes: this.#attributes(cells),
      };
    } catch (error) {
      if (error instanceof Fault) return { sku, reason: error.message };
      throw error;
    }
  }

  #attributes(cells: readonly string[]): Attributes {
    const attributes: [string, string | number | boolean][] = [];
    for (const [place, name] of this.#columns.entries()) {
      const cell = cells[place] ?? '';
      if (name === '' || cell === '' || KNOWN.some(known => known === name)) continue;
      if (cell.length > MAX_TEXT) fault(`${name} has ${cell.length} characters, and the most is ${MAX_TEXT}`);
      attributes.push([name, attributeOf(cell)]);
    }
    // By definition and not by assignment: a column may be called __proto__.
    return Object.fromEntries(attributes);
  }
}
