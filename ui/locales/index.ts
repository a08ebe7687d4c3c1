import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { ja } from './ja.ts';
import type { Texts } from './texts.ts';

/** Every language of the kiosk, in the order in which it offers them. */
export const LOCALES = { en, de, fr, es, ja, ar } as const satisfies Record<string, Texts>;

export type Language = keyof typeof LOCALES;
export const LANGUAGES = Object.keys(LOCALES) as Language[];
export const isLanguage = (written: string): written is Language => Object.hasOwn(LOCALES, written);
