import { de } from './de.ts';
import { en } from './en.ts';
import type { Texts } from './texts.ts';

/** Every language of the kiosk, in the order in which it offers them. */
export const LOCALES = { en, de } as const satisfies Record<string, Texts>;

export type Language = keyof typeof LOCALES;
export const LANGUAGES = Object.keys(LOCALES) as Language[];
export const isLanguage = (written: string): written is Language => Object.hasOwn(LOCALES, written);
