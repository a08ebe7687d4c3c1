import type { Texts } from '../locales/texts.ts';

/** The letters a script has beside the Latin ones; their fonts come in slices, of which each is fetched when it is needed. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'ja-JP': ['Noto Sans JP Variable', 'Noto Serif JP Variable'],
  'ar-AE': ['Noto Kufi Arabic Variable', 'Noto Naskh Arabic Variable'],
};
/** A language is not waited for longer than this, milliseconds: its letters come a moment after it. */
const LONGEST_MS = 1_500;

/** What of a language is written out. */
const written = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : value !== null && typeof value === 'object'
      ? Object.values(value).map(written).join('')
      : '';

/** Fetches the letters of a language, so that it is there as a whole when it is spoken. */
export async function lettersOf({ staff: _staff, errors: _errors, ...texts }: Texts): Promise<void> {
  const families = FAMILIES[texts.locale] ?? [];
  const letters = [...new Set(written(texts))].join('');
  const late = new Promise<void>(go => setTimeout(go, LONGEST_MS));
  const loading = Promise.allSettled(families.map(family => document.fonts.load(`1rem "${family}"`, letters)));
  if (families.length > 0) await Promise.race([loading, late]);
}
