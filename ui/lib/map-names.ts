import type { Texts } from '../locales/texts.ts';
import type { MapPlace } from './map-answer.ts';
import { inWords } from './words.ts';

const SIGN = ' · ';

/**
 * A place in words of the language chosen: what its garments have in common, joined. Empty where they have nothing in common:
 * then it has no name, for none is made up.
 */
export function placeName({ words }: Pick<MapPlace, 'words'>, texts: Texts): string {
  const list = new Intl.ListFormat(texts.locale, { type: 'conjunction', style: 'short' });
  const wordOf = (attribute: string, value: string): string =>
    attribute === 'pattern' && value.toLowerCase() === 'plain' ? texts.map.plain : inWords(value, texts.words);
  return words
    .map(({ attribute, values }) => capital(list.format(values.map(value => wordOf(attribute, value))), texts.locale))
    .join(SIGN);
}

/** A long name stands on two lines, parted where it is joined. */
export function linesOf(name: string): string[] {
  const joint = name.indexOf(SIGN);
  return joint < 0 || name.length < 16 ? [name] : [name.slice(0, joint), name.slice(joint + SIGN.length)];
}

const capital = (words: string, locale: string): string => words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
