/** A walk between what was dialled and a garment. */
export interface Blend {
  readonly sku: string;
  /** Settings of all dials: as they were dialled, and where the garment lies. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** 0: as it was dialled; 1: the garment. */
  readonly at: number;
}

/** How far towards the garment a blend begins: as much of one as of the other. */
export const BLEND_BEGINS = 0.5;

/**
 * The mean of the 2-Wasserstein barycentre of the dialled point, which is a Gaussian of no width, and the garment's posterior,
 * weighed 1 - t and t: (1 - t) z + t mu (Agueh & Carlier 2011). The dials are z up to scale, so that it is the same on them.
 */
export const blended = ({ from, to }: Pick<Blend, 'from' | 'to'>, at: number): number[] =>
  from.map((value, index) => value + (to[index]! - value) * at);
