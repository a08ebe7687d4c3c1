/** What a shopper can choose, and has chosen, in words. */
import type { Texts } from '../locales/texts.ts';
import { type Filters, isChosen, type PriceBand, ROOMS, type Room } from './filters.ts';
import { money } from './money.ts';
import { inWords } from './words.ts';

/** What is shown alone, as a word of the row. */
export interface FilterWord {
  readonly name: string;
  /** What it is about. */
  readonly about: string;
  /** What is wanted there. */
  readonly words: string;
  /** Whether anything is wanted. */
  readonly chosen: boolean;
}

/** A band's end lies a coin below where the next begins: it is said by the round price. */
export function bandWords({ min, max }: PriceBand, currency: string | null, texts: Texts): string {
  const price = (value: number): string => money(value, currency, texts.locale);
  const round = (value: number): number => Math.round(value * 10) / 10;
  if (max === undefined) return texts.design.from(price(min ?? 0));
  return min === undefined ? texts.design.upTo(price(round(max))) : texts.design.between(price(min), price(round(max)));
}

function wanted(room: Room, filters: Filters, currency: string | null, texts: Texts): string {
  if (!isChosen(filters, room)) return texts.design.any[room];
  if (room === 'price') return bandWords(filters.price ?? {}, currency, texts);
  return filters[room].map(name => inWords(name, texts.words)).join(', ');
}

/** The row of what is shown alone: the kind first, where there is more than one. */
export function filterWords(
  { kind, kinds, filters }: { kind: string | undefined; kinds: number; filters: Filters },
  currency: string | null,
  texts: Texts,
): FilterWord[] {
  const { design } = texts;
  const words = kind === undefined ? texts.everything : inWords(kind, texts.words);
  const rooms = ROOMS.map(room => ({
    name: room,
    about: design.rooms[room],
    words: wanted(room, filters, currency, texts),
    chosen: isChosen(filters, room),
  }));
  if (kinds < 2) return rooms;
  return [{ name: 'kind', about: texts.kinds, words, chosen: kind !== undefined }, ...rooms];
}
