/** What a named dial asks for: the garment it was turned on, with the parameter it names at the dialled percentile. */
import type { Drawable } from '../../store/atelier/draw.ts';
import { normalShare } from '../../store/atelier/garment.ts';
import { clamp } from '../../store/atelier/geometry.ts';
import { MEASURES, type MeasureName } from '../../store/atelier/kind.ts';
import { fit, type Lab } from '../../store/atelier/lab.ts';
import { sharesOf, withDye, withShare } from './parameters.ts';

const DYES: Readonly<Record<string, keyof Lab>> = { lightness: 'l', 'red-green': 'a', 'yellow-blue': 'b' };
/** Dials that are called otherwise than the measures they turn; no kind has two of them. */
const MEASURES_OF: Readonly<Record<string, readonly MeasureName[]>> = { hem: ['flare', 'leg'] };

const measuresNamed = (dial: string): readonly MeasureName[] =>
  MEASURES_OF[dial] ?? MEASURES.filter(name => name === dial);

/** Whether a dial of this name says which parameter it turns. */
export const isNamedTruly = (dial: string): boolean => dial in DYES || measuresNamed(dial).length > 0;

/** Beyond these percentiles lies nothing that could be told from them. */
const OUTERMOST = 0.005;

/** The normal score of a percentile, the inverse of `normalShare`. */
function scoreOf(share: number): number {
  let [low, high] = [-4, 4];
  for (let half = 0; half < 40; half += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const turnedShare = (share: number, turn: number): number =>
  normalShare(scoreOf(clamp(share, OUTERMOST, 1 - OUTERMOST)) + turn);

/** The value that a share of `sorted` lies below. @param sorted ascending, one at least */
function quantile(sorted: readonly number[], share: number): number {
  const at = clamp(share * sorted.length - 0.5, 0, sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * A garment as it should be after a turn; as it was where its kind has no such parameter.
 * @param dial its name
 * @param turn in spreads of the dial, which are normal scores of the percentile
 * @param rail the store's garments of its kind, which percentiles of a dye are told by
 */
export function askedFor(garment: Drawable, dial: string, turn: number, rail: readonly Drawable[]): Drawable {
  const axis = DYES[dial];
  if (axis !== undefined) {
    const { colour } = garment.fabric;
    const sorted = rail.map(one => one.fabric.colour[axis]).sort((a, b) => a - b);
    const below = sorted.filter(value => value < colour[axis]).length;
    const value = quantile(sorted, turnedShare((below + 0.5) / sorted.length, turn));
    return withDye(garment, fit({ ...colour, [axis]: value }));
  }
  const shares = sharesOf(garment);
  const name = measuresNamed(dial).find(one => shares[one] !== undefined);
  return name === undefined ? garment : withShare(garment, name, turnedShare(shares[name]!, turn));
}
