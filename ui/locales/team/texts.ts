import type { UnencodedItem } from '../../../device/api/unencoded-schemas.ts';
import type { Field } from '../../lib/dial-draft.ts';
import type { BoxState } from '../../lib/staff-api.ts';

/** What the team sees of the box, of garments that no dial finds, and where it names the dials. */
export interface TeamTexts {
  readonly glance: GlanceTexts;
  readonly unfound: UnfoundTexts;
  readonly openNaming: string;
  readonly naming: NamingTexts;
}

/** How all is, in a few lines. */
export interface GlanceTexts {
  readonly title: string;
  readonly heat: Readonly<Record<BoxState['heat']['state'], string>>;
  /** Gigabytes that are free, written out. */
  readonly disk: (room: string) => string;
  readonly diskLittle: (room: string) => string;
  readonly allFound: string;
  readonly unfound: (garments: number) => string;
  /** On the way to them. */
  readonly look: string;
}

/** Garments that no dial finds. */
export interface UnfoundTexts {
  readonly title: string;
  readonly hint: string;
  readonly none: string;
  /** Garments beyond those that are listed. */
  readonly more: (garments: number) => string;
  /** What is wrong, and what to do about it. */
  readonly reasons: Readonly<Record<UnencodedItem['reason'], string>>;
  readonly steps: Readonly<Record<UnencodedItem['reason'], string>>;
  readonly photograph: string;
  readonly again: string;
  readonly trying: string;
  readonly letBe: string;
  /** A garment that a second try has helped. */
  readonly found: (title: string) => string;
}

/** Where dials are named. */
export interface NamingTexts {
  readonly title: string;
  readonly hint: string;
  readonly byYou: string;
  readonly byModel: string;
  readonly unnamed: string;
  readonly preview: string;
  readonly otherGarment: string;
  readonly inLanguage: string;
  readonly fieldsLabel: string;
  readonly field: Readonly<Record<Field, string>>;
  /** Keys of a screen that has no keyboard, in order: the small letters of this language. */
  readonly letters: string;
  /** On the key to the other form of each letter; null where letters have one. */
  readonly otherForm: string | null;
  /** In a language there are words for the ends, and no name. */
  readonly nameFirst: (language: string) => string;
  readonly save: string;
  readonly saving: string;
  readonly saved: string;
  readonly undo: string;
  readonly ownWords: string;
}
