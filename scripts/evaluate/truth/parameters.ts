/** The true parameters of a drawn garment, as the catalogue of the atelier's collection has them (docs/atelier.md). */
import type { Attributes } from '../../../device/inventory/garment.ts';
import type { Drawable } from '../../store/atelier/draw.ts';
import { companion, isPatterned, WEAVES } from '../../store/atelier/fabrics.ts';
import { clamp, lerp } from '../../store/atelier/geometry.ts';
import { type Kind, MEASURES, type MeasureName } from '../../store/atelier/kind.ts';
import { KIND_NAMES, KINDS } from '../../store/atelier/kinds/index.ts';
import type { Lab } from '../../store/atelier/lab.ts';

/** Where each measure of the garment's kind lies in the kind's range, 0 to 1: its percentile, for all are equally likely. */
export type Shares = Readonly<Partial<Record<MeasureName, number>>>;

export const kindOf = ({ kind }: Pick<Drawable, 'kind'>): Kind => KINDS[kind];

export const measuresOf = (garment: Pick<Drawable, 'kind'>): MeasureName[] =>
  MEASURES.filter(name => kindOf(garment).measures[name] !== undefined);

export function sharesOf(garment: Drawable): Shares {
  const { measures } = kindOf(garment);
  const share = (name: MeasureName): number => {
    const [low, high] = measures[name]!;
    return clamp((garment.measures[name]! - low) / (high - low), 0, 1);
  };
  return Object.fromEntries(measuresOf(garment).map(name => [name, share(name)]));
}

/** The garment with one measure elsewhere in its range. @param share 0 to 1 */
export function withShare(garment: Drawable, name: MeasureName, share: number): Drawable {
  const [low, high] = kindOf(garment).measures[name]!;
  return { ...garment, measures: { ...garment.measures, [name]: lerp(low, high, clamp(share, 0, 1)) } };
}

/** The garment in another dye; its pattern goes along. */
export function withDye(garment: Drawable, colour: Lab): Drawable {
  const second = garment.fabric.repeat > 0 ? companion(colour, garment.contrast) : colour;
  return { ...garment, fabric: { ...garment.fabric, colour, second } };
}

/** `neckline v, pocket none`, as the catalogue writes it. */
const styleFrom = (details: string): Record<string, string> =>
  Object.fromEntries(
    details
      .split(', ')
      .filter(detail => detail !== '')
      .map(detail => [detail.slice(0, detail.indexOf(' ')), detail.slice(detail.indexOf(' ') + 1)] as const),
  );

/**
 * A garment of the atelier's collection, from what the catalogue says of it.
 * @returns undefined where it does not say all that the drawer has to know
 */
export function drawableFrom(category: string | null, attributes: Attributes): Drawable | undefined {
  const kind = KIND_NAMES.find(name => KINDS[name].category === category);
  const weave = WEAVES.find(name => name === attributes.pattern);
  if (kind === undefined || weave === undefined) return undefined;
  const number = (name: string): number => Number(attributes[name] ?? Number.NaN);
  const cut: Kind = KINDS[kind];
  const measures = Object.fromEntries(measuresOf({ kind }).map(name => [name, number(name)]));
  const style = styleFrom(String(attributes.details ?? ''));
  const colour = { l: number('lightness'), a: number('red-green'), b: number('yellow-blue') };
  const patterned = isPatterned(weave);
  const [contrast, repeat] = patterned ? [number('contrast'), number('repeat')] : [0, 0];
  const numbers = [...Object.values(measures), ...Object.values(colour), contrast, repeat];
  const isWhole = numbers.every(Number.isFinite);
  const isStyled = Object.entries(cut.styles).every(([name, choices]) => Object.hasOwn(choices, style[name] ?? ''));
  if (!isWhole || !isStyled) return undefined;
  const plain = { kind, measures, style, contrast, fabric: { weave, repeat, colour, second: colour } };
  return withDye(plain, colour);
}
