/** How far one garment's true parameters agree with another's: kind, cut, dye and pattern, a quarter each. */
import type { Drawable } from '../../store/atelier/draw.ts';
import { MEASURES, type MeasureName } from '../../store/atelier/kind.ts';
import { distance } from '../../store/atelier/lab.ts';
import { measuresOf, sharesOf } from './parameters.ts';

/** Dyes this far apart in Lab (CIE 1976) have nothing in common. */
const DYES_APART = 50;

export interface Agreement {
  /** The mean of the four, 0 to 1. */
  readonly all: number;
  /** 1 where the kind is the same, else 0. */
  readonly kind: number;
  /** The mean over the wanted garment's measures of 1 less the percentiles between them; 0 where the kind is another. */
  readonly cut: number;
  /** 1 less the distance of the dyes over DYES_APART, 0 at least. */
  readonly dye: number;
  /** 1 where the cloth is woven alike, else 0. */
  readonly pattern: number;
  /** Distance of the dyes in Lab. */
  readonly deltaE: number;
  /** Percentiles between the measures that both have, within one kind, as parts of 1. */
  readonly apart: Readonly<Partial<Record<MeasureName, number>>>;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** @param wanted what is looked for; @param found what came */
export function agreement(wanted: Drawable, found: Drawable): Agreement {
  const isSame = wanted.kind === found.kind;
  const [shares, others] = [sharesOf(wanted), sharesOf(found)];
  const names = isSame ? measuresOf(wanted) : [];
  const apart = Object.fromEntries(names.map(name => [name, Math.abs(shares[name]! - others[name]!)]));
  const deltaE = distance(wanted.fabric.colour, found.fabric.colour);
  const parts = {
    kind: isSame ? 1 : 0,
    cut: isSame ? 1 - mean(Object.values(apart)) : 0,
    dye: Math.max(0, 1 - deltaE / DYES_APART),
    pattern: wanted.fabric.weave === found.fabric.weave ? 1 : 0,
  };
  return { all: mean(Object.values(parts)), ...parts, deltaE, apart };
}

/** The mean of some agreements; of a measure over those that have it. */
export function meanAgreement(all: readonly Agreement[]): Agreement {
  const of = (read: (one: Agreement) => number): number => mean(all.map(read));
  const apart = MEASURES.flatMap(name => {
    const known = all.flatMap(one => one.apart[name] ?? []);
    return known.length === 0 ? [] : [[name, mean(known)] as const];
  });
  return {
    all: of(one => one.all),
    kind: of(one => one.kind),
    cut: of(one => one.cut),
    dye: of(one => one.dye),
    pattern: of(one => one.pattern),
    deltaE: of(one => one.deltaE),
    apart: Object.fromEntries(apart),
  };
}
