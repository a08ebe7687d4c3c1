/**
 * Matches judged by truth: how far the best matches of a dialled point agree with the garment that was dialled, in the parameters
 * it was drawn from. Only over a store whose catalogue has them: the atelier's collection.
 */
import type { Bundle } from '../../../device/inference/bundle.ts';
import type { Inference } from '../../../device/inference/inference.ts';
import type { FlatSearch } from '../../../device/matching/flat-search.ts';
import { Random } from '../../../device/matching/random.ts';
import type { Drawable } from '../../store/atelier/draw.ts';
import { MEASURES } from '../../store/atelier/kind.ts';
import { rgbaOf } from '../../store/atelier/render.ts';
import type { Garments } from '../garments.ts';
import { type Rule, rulesFor } from '../matching-table.ts';
import { type PointSource, type Points, queryOf } from '../queries.ts';
import type { Studio } from '../studio.ts';
import { type Agreement, agreement, meanAgreement } from './agreement.ts';
import { askedFor, isNamedTruly } from './asked-for.ts';
import { ClosestDrawing, COMPARED, compared, type Found } from './closest-drawing.ts';
import { drawableFrom, sharesOf, withDye, withShare } from './parameters.ts';
import { References } from './references.ts';

/** Matches that are judged, of each point. */
export const JUDGED = 5;
/** Points whose truth is what was asked for, to one whose truth is looked for: they cost no drawing. */
const ASKED_A_POINT = 5;

export interface TruthRow {
  readonly name: string;
  readonly points: number;
  /** By rule, then what the store could have answered at best, and what a random garment has. */
  readonly rules: Readonly<Record<string, Agreement>>;
  readonly bestPossible: Agreement;
  readonly randomGarment: Agreement;
  /** Root of the mean squared error between the decoded garments and the drawings their truth is from; undefined where it was asked for. */
  readonly drawnError: number | undefined;
}

export interface TruthFigures {
  readonly rows: readonly TruthRow[];
  /** What the search for the closest drawing finds, given drawings of known parameters. */
  readonly finder: Pick<Agreement, 'cut' | 'deltaE'>;
}

export interface TruthOptions {
  readonly bundle: Pick<Bundle, 'manifest'>;
  readonly inference: Pick<Inference, 'decode'>;
  readonly search: FlatSearch;
  readonly garments: Garments;
  readonly sources: PointSource;
  readonly studio: Studio;
  /** Points of each row; each takes about a hundred drawings. */
  readonly points: number;
  readonly seed: number;
  /** The calibrated tau. */
  readonly tolerance: number;
}

/** The store as the drawer knows it, by rows; undefined where the catalogue lacks what was drawn of any garment. */
export function drawnStore(garments: Garments, count: number): Drawable[] | undefined {
  const all = Array.from({ length: count }, (_, row) => drawableFrom(garments.category(row), garments.attributes(row)));
  return all.every(one => one !== undefined) ? all : undefined;
}

/** Judges what each rule answers. @param wanted what each point stands for */
export function truthRow(
  search: FlatSearch,
  store: readonly Drawable[],
  points: Points,
  wanted: readonly Drawable[],
  rules: readonly Rule[],
): Omit<TruthRow, 'drawnError'> {
  const byRule: Record<string, Agreement> = {};
  for (const { name, metric, tolerance } of rules) {
    const judged = wanted.flatMap((truth, place) => {
      const query = { ...queryOf(points, place), k: JUDGED, metric, tolerance, shareTolerance: tolerance };
      return search.search(query).hits.map(({ row }) => agreement(truth, store[row]!));
    });
    byRule[name] = meanAgreement(judged);
  }
  const [best, random]: Agreement[][] = [[], []];
  wanted.forEach((truth, place) => {
    const all = store.filter((_, row) => points.allowed[place]?.[row] !== 0).map(one => agreement(truth, one));
    random!.push(meanAgreement(all));
    best!.push(...all.sort((a, b) => b.all - a.all).slice(0, JUDGED));
  });
  return {
    name: points.name,
    points: wanted.length,
    rules: byRule,
    bestPossible: meanAgreement(best!),
    randomGarment: meanAgreement(random!),
  };
}

/** The garment with one measure and its lightness elsewhere: what the finder is tried on. */
function alteredBy(random: Random, garment: Drawable): Drawable {
  const names = MEASURES.filter(name => sharesOf(garment)[name] !== undefined);
  const moved = withShare(garment, names[random.integer(names.length)]!, random.uniform());
  const { colour } = moved.fabric;
  return withDye(moved, { ...colour, l: 20 + 70 * random.uniform() });
}

class TruthFinder {
  readonly #options: TruthOptions;
  readonly #store: readonly Drawable[];
  readonly #references: References;
  readonly #withAlpha: boolean;

  private constructor(options: TruthOptions, store: readonly Drawable[], references: References, withAlpha: boolean) {
    this.#options = options;
    this.#store = store;
    this.#references = references;
    this.#withAlpha = withAlpha;
  }

  static async start(options: TruthOptions, store: readonly Drawable[]): Promise<TruthFinder> {
    const { alpha, colour } = options.bundle.manifest.decoder.outputs;
    const withAlpha = alpha !== undefined || colour.channels === 'rgba';
    const references = await References.draw(options.studio, options.seed, withAlpha);
    return new TruthFinder(options, store, references, withAlpha);
  }

  #closest(picture: Uint8Array, source: Drawable, condition: string | undefined): Promise<Found> {
    const starts = [source, this.#references.nearest(picture, condition)];
    return new ClosestDrawing(picture, this.#withAlpha).find(starts);
  }

  /** What was decoded, as the drawer would draw it. */
  async closest({ name, z, sources, conditions }: Points): Promise<Found[]> {
    const { studio, inference } = this.#options;
    return studio.each(`Finding the truth: ${name}`, 'points', z.length, async place => {
      const condition = conditions[place];
      const picture = await compared(await inference.decode(z[place]!, condition));
      return this.#closest(picture, this.#store[sources![place]!]!, condition);
    });
  }

  /** How well it finds what is known. */
  async judged(count: number): Promise<Pick<Agreement, 'cut' | 'deltaE'>> {
    const random = new Random(this.#options.seed + 7);
    const trials = Array.from({ length: count }, () => {
      const source = this.#store[random.integer(this.#store.length)]!;
      return { source, truth: alteredBy(random, source) };
    });
    const found = await this.#options.studio.each('Finding what is known', 'drawings', count, async place => {
      const { source, truth } = trials[place]!;
      const picture = await rgbaOf(truth, COMPARED);
      return agreement(truth, (await this.#closest(picture, source, undefined)).garment);
    });
    const { cut, deltaE } = meanAgreement(found);
    return { cut, deltaE };
  }
}

/** The truth of points of which one named dial was turned. */
function asked(options: TruthOptions, store: readonly Drawable[], points: Points): Drawable[] {
  const { bundle, search } = options;
  const { dials = [] } = bundle.manifest;
  return points.z.map((z, place) => {
    const row = points.sources![place]!;
    const { mu } = search.index.posterior(row);
    const d = z.findIndex((value, dimension) => value !== mu[dimension]);
    const rail = store.filter(({ kind }) => kind === store[row]!.kind);
    const dial = dials[d]!;
    return askedFor(store[row]!, dial.name!.toLowerCase(), (z[d]! - mu[d]!) / dial.spread, rail);
  });
}

/** @returns undefined over a store that does not tell its true parameters */
export async function truthFigures(options: TruthOptions): Promise<TruthFigures | undefined> {
  const { bundle, search, garments, sources, points: count, tolerance } = options;
  const store = drawnStore(garments, search.index.count);
  if (store === undefined || count === 0) return undefined;
  const rules = rulesFor(tolerance);
  const finder = await TruthFinder.start(options, store);
  const rows: TruthRow[] = [];
  for (const dials of [1, 2] as const) {
    const points = sources.turned(count, dials);
    const found = await finder.closest(points);
    const wanted = found.map(({ garment }) => garment);
    const error = found.reduce((sum, one) => sum + one.error, 0) / count;
    rows.push({ ...truthRow(search, store, points, wanted, rules), drawnError: Math.sqrt(error) });
  }
  const named = (bundle.manifest.dials ?? []).flatMap(({ name = '' }, d) =>
    isNamedTruly(name.toLowerCase()) ? [d] : [],
  );
  if (named.length > 0) {
    const points = {
      ...sources.turned(ASKED_A_POINT * count, 1, named),
      name: 'a named dial turned by 1.5, as asked for',
    };
    const row = truthRow(search, store, points, asked(options, store, points), rules);
    rows.push({ ...row, drawnError: undefined });
  }
  return { rows, finder: await finder.judged(count) };
}
