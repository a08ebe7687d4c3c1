/** Shapes of what staff call the dials. */
import { type Static, Type } from 'typebox';
import { Sha256 } from '../inference/manifest.ts';
import { Count, orNull, strict } from './schemas.ts';

/** The languages of the kiosk: dials are named in these. */
export const DIAL_LANGUAGES = ['en', 'de', 'fr', 'es', 'ja', 'ar'] as const;

/** Characters; what is longer does not fit over a dial. */
export const LONGEST_NAME = 28;
export const LONGEST_END = 20;

const languagesOf = <T extends Type.TSchema>(words: T) =>
  Type.Object(
    {
      en: Type.Optional(words),
      de: Type.Optional(words),
      fr: Type.Optional(words),
      es: Type.Optional(words),
      ja: Type.Optional(words),
      ar: Type.Optional(words),
    },
    strict,
  );

const end = orNull(Type.String({ minLength: 1, maxLength: LONGEST_END }));

export const StaffWords = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LONGEST_NAME }),
    /** Null for an end that has no word. */
    low: end,
    high: end,
  },
  { ...strict, $id: 'StaffWords', description: 'What staff call a dial in one language, and its two ends.' },
);

/** By language; of one that is left out staff have said nothing. */
export const StaffWordsByLanguage = languagesOf(Type.Unsafe<Static<typeof StaffWords>>({ $ref: 'StaffWords#' }));

export const DialWordsRequest = Type.Object(
  {
    /** The `encoder` of the model whose dial was looked at: with another the dial is another. */
    encoder: Sha256,
    /** What staff called it when it was looked at, as `GET /api/v1/model` has it: where they call it otherwise by now, nothing is changed. Left out, whatever they call it is written over. */
    was: Type.Optional(StaffWordsByLanguage),
    words: StaffWordsByLanguage,
  },
  {
    ...strict,
    $id: 'DialWordsRequest',
    description:
      'What a dial is to be called from now on; without any words, what it was called before staff named it.',
  },
);

export const DialWordsAnswer = Type.Object(
  { index: Count, encoder: Type.String(), words: StaffWordsByLanguage },
  { ...strict, $id: 'DialWordsAnswer', description: 'What staff call the dial now.' },
);

export type StaffWords = Static<typeof StaffWords>;
export type StaffWordsByLanguage = Static<typeof StaffWordsByLanguage>;
export type DialLanguage = keyof StaffWordsByLanguage;
export type DialWordsRequest = Static<typeof DialWordsRequest>;
export type DialWordsAnswer = Static<typeof DialWordsAnswer>;
