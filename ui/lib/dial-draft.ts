/** Words of a dial while they are being written: every language has its three, empty or not. */
import type { StaffWordsByLanguage } from '../../device/api/dial-word-schemas.ts';
import { LANGUAGES, type Language } from '../locales/index.ts';

/** As they stand on the dial: an end, the name, the other end. */
export const FIELDS = ['low', 'name', 'high'] as const;
export type Field = (typeof FIELDS)[number];

/** Characters that the box takes of each. */
export const LONGEST: Readonly<Record<Field, number>> = { name: 28, low: 20, high: 20 };

type Written = Readonly<Record<Field, string>>;
export type DialDraft = Readonly<Record<Language, Written>>;

const NOTHING: Written = { name: '', low: '', high: '' };

export function draftOf(words: StaffWordsByLanguage): DialDraft {
  const written = (language: Language): Written => {
    const said = words[language];
    return said === undefined ? NOTHING : { name: said.name, low: said.low ?? '', high: said.high ?? '' };
  };
  return Object.fromEntries(LANGUAGES.map(language => [language, written(language)])) as DialDraft;
}

export const withText = (draft: DialDraft, language: Language, field: Field, text: string): DialDraft => ({
  ...draft,
  [language]: { ...draft[language], [field]: [...text].slice(0, LONGEST[field]).join('') },
});

/** As the box takes them: of a language without a name nothing. */
export function wordsOf(draft: DialDraft): StaffWordsByLanguage {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return Object.fromEntries(
    LANGUAGES.flatMap(language => {
      const { name, low, high } = draft[language];
      return name.trim() === '' ? [] : [[language, { name: name.trim(), low: orNull(low), high: orNull(high) }]];
    }),
  );
}

/** Languages that have words for the ends, and no name. */
export const nameless = (draft: DialDraft): Language[] =>
  LANGUAGES.filter(language => {
    const { name, low, high } = draft[language];
    return name.trim() === '' && (low.trim() !== '' || high.trim() !== '');
  });

export const sameWords = (one: StaffWordsByLanguage, other: StaffWordsByLanguage): boolean =>
  LANGUAGES.every(language => JSON.stringify(one[language]) === JSON.stringify(other[language]));
