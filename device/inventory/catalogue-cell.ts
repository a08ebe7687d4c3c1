/** One cell of a catalogue: from its text to a value, or to what is wrong with it. */
import { type GarmentSize, minorDigits } from './garment.ts';

export const MAX_SKU = 128;
export const MAX_WORD = 200;
const MAX_SIZE_NAME = 40;
export const MAX_QUANTITY = 9_999_999;
/** Sizes of one garment. */
export const MAX_SIZES = 100;
export const MAX_TEXT = 2_000;
const CONTROL = /\p{Cc}/u;
const PLAIN_NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/;

/** Caught at the row: what is wrong with it, a clause. */
export class Fault extends Error {}

export const fault = (reason: string): never => {
  throw new Fault(reason);
};

export const word = (column: string, text: string, longest: number): string | null => {
  if (text === '') return null;
  if (text.length > longest) fault(`${column} has ${text.length} characters, and the most is ${longest}`);
  if (CONTROL.test(text)) fault(`${column} holds a line break or another control character`);
  return text;
};

export function priceOf(text: string, currency: string | null): number | null {
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

export function currencyOf(text: string): string | null {
  if (text === '') return null;
  const code = text.toUpperCase();
  return /^[A-Z]{3}$/.test(code) ? code : fault(`currency "${text}" is not a code of three letters such as EUR`);
}

export function sizesOf(text: string): GarmentSize[] | null {
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

/** Sizes that have a column, or an entry, each. */
export function countedSizes(counts: readonly (readonly [name: string, quantity: string])[]): GarmentSize[] | null {
  const told = counts.filter(([, quantity]) => quantity !== '');
  if (told.length === 0) return null;
  const names = new Set<string>();
  return told.map(([name, quantity]) => {
    if (name === '' || name.length > MAX_SIZE_NAME)
      fault(`the size "${name}" must have 1 to ${MAX_SIZE_NAME} characters`);
    if (CONTROL.test(name)) fault('the name of a size holds a line break or another control character');
    if (names.has(name)) fault(`the size ${name} is there twice`);
    names.add(name);
    if (!/^\d{1,7}$/.test(quantity)) fault(`size ${name}: "${quantity}" is not how many there are, a whole number`);
    return { name, quantity: Number(quantity) };
  });
}

/** true and false, plain numbers, and else text: "007" and "1e3" are texts, since they would not come back. */
export function attributeOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return PLAIN_NUMBER.test(text) ? Number(text) : text;
}

export const clean = (text: string): string => text.trim().normalize('NFC');
