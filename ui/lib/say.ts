/** What is shown in words: everything that joins the daemon's answers with the texts of a language. */
import type { Dial, Match, Typicality } from '../../device/api/schemas.ts';
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

/** @param position Where the dial stands among those shown, from 1. */
export function dialWords(dial: Dial, position: number, value: number, range: number, texts: Texts): DialWords {
  const name = dial.name === null ? texts.unnamedDial(position) : inWords(dial.name, texts.words);
  const low = dial.low === null ? texts.less : inWords(dial.low, texts.words);
  const high = dial.high === null ? texts.more : inWords(dial.high, texts.words);
  return {
    name,
    low,
    high,
    place: texts.place(placeOf(value, range), low, high),
    toLow: texts.towards(name, low),
    toHigh: texts.towards(name, high),
  };
}

/** A garment that a catalogue calls by its kind alone is called so in this language. */
export const titleOf = ({ title, category }: Garment, texts: Texts): string =>
  title === category ? inWords(title, texts.words) : title;

export const priceOf = (garment: Garment, currency: string | null, texts: Texts): string =>
  money(garment.price, garment.currency ?? currency, texts.locale);

interface Ranked {
  readonly match: Match;
  readonly rank: number;
  readonly dimensions: number;
  readonly verdict: Typicality['verdict'];
}

export function tagWords(ranked: Ranked, currency: string | null, texts: Texts): TagWords {
  const { match, rank, dimensions, verdict } = ranked;
  const price = priceOf(match, currency, texts);
  const nearness = texts.nearness[nearnessOf(match, rank, dimensions, verdict)];
  const sizes = sizesLeft(match.sizes, texts);
  const likeness = texts.likeness(Math.round(match.share * 100));
  const title = titleOf(match, texts);
  const spoken = [title, price, nearness, sizes, likeness].filter(part => part !== '').join(', ');
  return { title, price, nearness, sizes, spoken };
}

/** Pixels of a picture on a hanger, of those sizes that the daemon keeps. */
const HANGER_PIXELS = 320;

/** Where a garment's picture is, small enough for a hanger. */
export const hangerImage = (image: string): string => `${image}${image.includes('?') ? '&' : '?'}size=${HANGER_PIXELS}`;
