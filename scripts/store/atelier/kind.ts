/** What a kind of garment is: measures with ranges, styles to choose from, cloths it is made of, and how it is cut. */
import type { Drawing } from './drawing.ts';
import type { Weave } from './fabrics.ts';

/** Every continuous measure there is; a kind has some of them. Centimetres, halves where the word says so. */
export const MEASURES = ['length', 'width', 'shoulder', 'sleeve', 'neck', 'waist', 'flare', 'rise', 'leg'] as const;
export type MeasureName = (typeof MEASURES)[number];

/** Smallest and largest. Values between are equally likely, so that a store has the whole range. */
export type Range = readonly [low: number, high: number];

export type Season = 'spring' | 'summer' | 'autumn' | 'winter' | 'all year';

type Ranges = Readonly<Partial<Record<MeasureName, Range>>>;
type Styles = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Kind {
  /** The category as it stands in the catalogue: `T-shirt`. */
  readonly category: string;
  /** What a label calls such a piece; the last word of its name. */
  readonly nouns: readonly string[];
  /** px of the 512 px picture for a centimetre: the largest of the kind just fits. */
  readonly scale: number;
  /** Share of a collection. */
  readonly share: number;
  /** Sizes it is sold in. */
  readonly sizes: 'letters' | 'waists' | 'chests';
  /** Aisle of the shop where it hangs. */
  readonly aisle: number;
  readonly seasons: readonly Season[];
  /** Price, smallest to largest, in whole units of the currency. */
  readonly price: Range;
  readonly measures: Ranges;
  readonly styles: Styles;
  readonly weaves: Readonly<Partial<Record<Weave, number>>>;
  readonly draw: (
    drawing: Drawing,
    measures: Readonly<Record<string, number>>,
    style: Readonly<Record<string, string>>,
  ) => void;
}

type Spec<M extends Ranges, S extends Styles> = Omit<Kind, 'measures' | 'styles' | 'draw'> & {
  readonly measures: M;
  readonly styles: S;
  readonly draw: (
    drawing: Drawing,
    measures: Readonly<Record<keyof M, number>>,
    style: { readonly [K in keyof S]: keyof S[K] },
  ) => void;
};

/** Declares a kind; within `draw`, only the measures and styles that it declares exist. */
export function kind<const M extends Ranges, const S extends Styles>(spec: Spec<M, S>): Kind {
  return spec as unknown as Kind;
}
