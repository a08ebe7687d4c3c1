/** What is shown in words: everything that joins the daemon's answers with the texts of a language. */
import type { ChainMatch, ChainStore } from '../../device/api/chain-schemas.ts';
import type { Match } from '../../device/api/match-schemas.ts';
import type { Dial } from '../../device/api/model-schemas.ts';
import type { Texts } from '../locales/texts.ts';
import type { Garment } from './api.ts';
import { placeOf } from './dial-maths.ts';
import { money } from './money.ts';
import { nearnessOf } from './nearness.ts';
import { inWords } from './words.ts';

type Size = NonNullable<Match['sizes']>[number];

/** One dial, in words of the language chosen. */
export interface DialWords {
  readonly name: string;
  readonly low: string;
  readonly high: string;
  /** Where it stands, for those who hear it. */
  readonly place: string;
  /** Names of the two step buttons. */
  readonly toLow: string;
  readonly toHigh: string;
  /** Its answer to what matters, and to what is to stay. */
  readonly matters: string;
  readonly stays: string;
}

/** What a shopper said of a dial. */
export interface SaidOfDial {
  readonly matters: boolean;
  readonly locked: boolean;
}

/** What a garment's tag says, in the language chosen. */
export interface TagWords {
  readonly title: string;
  /** Empty where it is not known: then the tag says the title. */
  readonly price: string;
  readonly nearness: string;
  readonly sizes: string;
  /** Everything above and more, for those who hear it. */
  readonly spoken: string;
}

/** From this many neighbouring sizes on, the first and the last stand for all: a tag is narrow. */
const RUN = 3;

/** The sizes left, neighbours joined (XS–L), or that there are none; empty where the catalogue does not say. */
export function sizesLeft(sizes: readonly Size[] | null, texts: Texts): string {
  if (sizes === null) return '';
  const runs: string[][] = [[]];
  for (const { name, quantity } of sizes) {
    if (quantity > 0) runs.at(-1)!.push(inWords(name, texts.words));
    else runs.push([]);
  }
  const parts = runs.flatMap(run => (run.length < RUN ? run : [`${run[0]}–${run.at(-1)}`]));
  return parts.length === 0 ? texts.soldOut : parts.join(' · ');
}

/** A name and two end words; null where there is none. */
export type DialNames = Dial['own'];

/** Whether anybody has a name for it. */
export const isNamed = ({ own, words }: Pick<Dial, 'own' | 'words'>): boolean =>
  own.name !== null || Object.keys(words).length > 0;

/** One with a name says what it does: those come first, each sort in the model's own order. */
export const inWindowOrder = (dials: readonly Dial[]): Dial[] =>
  dials.toSorted((a, b) => Number(isNamed(b)) - Number(isNamed(a)));

/**
 * What a dial is called in this language: by staff first, then by the model or the catalogue. What nobody has named in it is
 * called as staff have it in another language: as it was written, like every word from outside.
 */
export function namesOf({ own, words }: Pick<Dial, 'own' | 'words'>, texts: Texts): DialNames {
  const said: Readonly<Record<string, DialNames | undefined>> = words;
  const here = said[texts.locale.slice(0, 2)];
  if (here !== undefined) return here;
  const [elsewhere] = Object.values(words);
  if (own.name === null && elsewhere !== undefined) return elsewhere;
  // The ends of a dial that the catalogue named are called so by the box.
  const ends: Readonly<Record<string, string | undefined>> = { less: texts.less, more: texts.more };
  const inTexts = (word: string | null): string | null =>
    word === null ? null : (ends[word] ?? inWords(word, texts.words));
  return { name: inTexts(own.name), low: inTexts(own.low), high: inTexts(own.high) };
}

/** @param position Where the dial stands among those shown, from 1. */
export function dialWords(
  dial: Pick<Dial, 'own' | 'words'>,
  position: number,
  { value, range, matters, locked }: SaidOfDial & { readonly value: number; readonly range: number },
  texts: Texts,
): DialWords {
  const { name: known, low: lowWord, high: highWord } = namesOf(dial, texts);
  const [name, low, high] = [known ?? texts.unnamedDial(position), lowWord ?? texts.less, highWord ?? texts.more];
  return {
    name,
    low,
    high,
    place: [
      texts.place(placeOf(value, range), low, high),
      ...(matters ? [texts.design.spokenMatters] : []),
      ...(locked ? [texts.design.spokenStays] : []),
    ].join(', '),
    toLow: texts.towards(name, low),
    toHigh: texts.towards(name, high),
    matters: matters ? texts.design.matters : texts.design.mattersNot,
    stays: locked ? texts.design.stays : texts.design.staysNot,
  };
}

/** What every garment is told by, of this store or of another. */
export type Described = Pick<Garment, 'title' | 'category' | 'colour' | 'price' | 'currency'>;

/** Its kind and its colour; the kind is left out where it is the title. */
export function kindLine({ title, category, colour }: Described, texts: Texts): string {
  const words = [category === title ? null : category, colour];
  return words.flatMap(word => (word === null ? [] : [inWords(word, texts.words)])).join(' · ');
}

/** A garment that a catalogue calls by its kind alone is called so in this language. */
export const titleOf = ({ title, category }: Omit<Described, 'colour'>, texts: Texts): string =>
  title === category ? inWords(title, texts.words) : title;

export const priceOf = (garment: Omit<Described, 'colour'>, currency: string | null, texts: Texts): string =>
  money(garment.price, garment.currency ?? currency, texts.locale);

interface Ranked {
  readonly match: Match;
  readonly rank: number;
}

export function tagWords(ranked: Ranked, currency: string | null, texts: Texts): TagWords {
  const { match, rank } = ranked;
  const price = priceOf(match, currency, texts);
  const nearness = texts.nearness[nearnessOf(match, rank)];
  const sizes = sizesLeft(match.sizes, texts);
  const likeness = texts.likeness(Math.round(match.share * 100));
  const title = titleOf(match, texts);
  const spoken = [title, price, nearness, sizes, likeness].filter(part => part !== '').join(', ');
  return { title, price, nearness, sizes, spoken };
}

/** A garment of another store, in words. */
export interface ChainCard {
  readonly sku: string;
  /** Null where there is no picture. */
  readonly image: string | null;
  /** The store that has most of it, and how many others do. */
  readonly shop: string;
  /** How many it has, and the price. */
  readonly there: string;
  readonly spoken: string;
}

/** How many pieces another store has, all sizes together; undefined where it does not say. */
const piecesOf = ({ sizes }: ChainStore): number | undefined =>
  sizes.some(({ quantity }) => quantity === null)
    ? undefined
    : sizes.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);

/** What another store has of a garment: how many, and in which sizes. */
export function sizesThere(store: ChainStore, texts: Texts): string {
  const pieces = piecesOf(store);
  if (pieces === undefined) return texts.sizesUnknown;
  const sizes = sizesLeft(
    store.sizes.map(({ name, quantity }) => ({ name, quantity: quantity ?? 0 })),
    texts,
  );
  return `${texts.chain.pieces(pieces)} · ${sizes}`;
}

/** The sizes that another store can hold: those it has, and those of which it does not say how many. */
export const sizesToHold = ({ sizes }: ChainStore): string[] =>
  sizes.flatMap(({ name, quantity }) => (name === '' || quantity === 0 ? [] : [name]));

/** A garment that goes with another, as a card says it. */
export function pairCard(garment: Garment, currency: string | null, texts: Texts): ChainCard {
  const price = priceOf(garment, currency, texts);
  const title = titleOf(garment, texts);
  const sizes = sizesLeft(garment.sizes, texts);
  const there = [price, sizes].filter(part => part !== '').join(' · ');
  const spoken = there === '' ? title : `${title}, ${there}`;
  return { sku: garment.sku, image: garment.image, shop: title, there, spoken };
}

/** Behind Arabic letters a plus would go to the other side of its number: the mark keeps the two as they are written. */
const plus = (others: number, behind: string): string =>
  `${/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(behind) ? '\u200e' : ''}+${others}`;

/** A garment of other stores as a card says it. */
export function chainCard(match: ChainMatch, currency: string | null, texts: Texts): ChainCard {
  const [first] = match.stores;
  const pieces = first === undefined ? undefined : piecesOf(first);
  const others = match.storeCount - 1;
  const name = first?.name ?? '';
  const shop = others > 0 ? `${name} ${plus(others, name)}` : name;
  const price = priceOf(match, currency, texts);
  const told = [pieces === undefined ? '' : texts.chain.pieces(pieces), price].filter(part => part !== '');
  const there = told.join(' · ');
  const more = others > 0 ? texts.chain.more(others) : '';
  // What is seen is said as it is seen: whoever speaks to the screen names what they see.
  const spoken = `${titleOf(match, texts)}: ${shop} ${there}. ${more}`.trim();
  return { sku: match.sku, image: match.image, shop, there, spoken };
}
