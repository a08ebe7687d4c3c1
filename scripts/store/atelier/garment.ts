/** One garment: its kind, measures, style and cloth, thrown from a seed. */
import type { Dice } from './dice.ts';
import { companion, type Fabric, isPatterned, repeatsOf } from './fabrics.ts';
import { clamp, lerp } from './geometry.ts';
import type { Kind, MeasureName } from './kind.ts';
import { KIND_NAMES, KINDS, type KindName } from './kinds/index.ts';
import { anyDye, dye } from './palette.ts';

export interface Garment {
  readonly kind: KindName;
  /** Normal score of each measure: 0 is the middle of its range, +-1.28 the outer tenths. */
  readonly scores: Readonly<Partial<Record<MeasureName, number>>>;
  /** The same in centimetres. */
  readonly measures: Readonly<Partial<Record<MeasureName, number>>>;
  readonly style: Readonly<Record<string, string>>;
  readonly fabric: Fabric;
  /** Contrast of the pattern, 0..1; 0 where there is none. */
  readonly contrast: number;
}

/** Scores end here: beyond lie 2 % of a range, which nobody could tell from its end. */
export const SCORE_LIMIT = 2.4;

/** Standard normal distribution function (Abramowitz and Stegun 26.2.17; error below 1e-7). */
export function normalShare(score: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(score));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804014327 * Math.exp((-score * score) / 2) * series;
  return score >= 0 ? 1 - tail : tail;
}

/** A measure of `kind` at a normal score, cm. */
export function measureAt(kind: Kind, name: MeasureName, score: number): number {
  const range = kind.measures[name];
  if (range === undefined) throw new RangeError(`A ${kind.category} has no measure ${name}.`);
  return lerp(range[0], range[1], normalShare(score));
}

export interface Wishes {
  readonly kind?: KindName;
  /** `card` for the label's palette, `any` for training, where every colour must have been seen. */
  readonly colours?: 'card' | 'any';
  /** Throws what is no measure and no dye: garments with equal `look` differ in nothing else. */
  readonly look?: Dice;
}

/** Throws one garment. */
export function throwGarment(dice: Dice, { kind, colours = 'card', look = dice }: Wishes = {}): Garment {
  const shares = Object.fromEntries(KIND_NAMES.map(name => [name, KINDS[name].share])) as Record<KindName, number>;
  const name = kind ?? look.for('kind').pick(shares);
  const cut: Kind = KINDS[name];
  const scores: Partial<Record<MeasureName, number>> = {};
  const measures: Partial<Record<MeasureName, number>> = {};
  for (const measure of Object.keys(cut.measures) as MeasureName[]) {
    scores[measure] = clamp(dice.for(measure).normal(), -SCORE_LIMIT, SCORE_LIMIT);
    measures[measure] = measureAt(cut, measure, scores[measure]);
  }
  const choices = Object.entries(cut.styles).map(([key, weights]) => [key, look.for(key).pick(weights)]);
  const weave = look.for('weave').pick(cut.weaves);
  const patterned = isPatterned(weave);
  const colour = (colours === 'card' ? dye : anyDye)(dice.for('colour'), weave === 'denim');
  const contrast = patterned ? look.for('contrast').uniform() : 0;
  const repeats = repeatsOf(weave);
  const repeat = patterned ? repeats[look.for('repeat').integer(repeats.length)]! / cut.scale : 0;
  const second = patterned ? companion(colour, contrast) : colour;
  return {
    kind: name,
    scores,
    measures,
    style: Object.fromEntries(choices),
    contrast,
    fabric: { weave, repeat, colour, second },
  };
}
