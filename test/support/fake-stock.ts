/** The drawn store as it is now: which garments there are, what is sold of them, which pass a filter, and where a point lies. */
import type { MatchAnswer, PointRequest } from '../../device/api/match-schemas.ts';
import { LookdialError } from '../../device/errors.ts';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import type { Garment } from '../../device/inventory/garment.ts';
import { passes } from '../../device/inventory/stock-filter.ts';
import { DIALS, type FakeGarment, fakeStore, RANGE, tintOf, toZ } from './fake-garments.ts';

const COLOURS = ['rust', 'green', 'blue'] as const;
/** So far apart are red, green and blue of what is no grey, of 255. */
const COLOURFUL = 30;

/** Called after the strongest of red, green and blue. */
export function colourOf({ mu }: Pick<FakeGarment, 'mu'>): string {
  const tint = tintOf(mu);
  const strongest = Math.max(...tint);
  return strongest - Math.min(...tint) < COLOURFUL ? 'grey' : COLOURS[tint.indexOf(strongest)]!;
}

export const garmentOf = (item: FakeGarment): Garment => ({
  ...item,
  colour: colourOf(item),
  currency: 'EUR',
  location: item.location ?? null,
  picture: null,
  attributes: {},
  problem: null,
});

export type View = Omit<MatchAnswer['matches'][number], 'logLikelihood' | 'mahalanobisSquared' | 'share' | 'nearness'>;

export const view = ({ mu, ...garment }: FakeGarment): View => ({
  ...garment,
  colour: colourOf({ mu }),
  currency: 'EUR',
  image: `/api/v1/items/${garment.sku}/image`,
});

export class FakeStock {
  readonly garments: readonly FakeGarment[];
  readonly edition: string;
  /** How many of the drawn dials the model has. */
  readonly dials: number;
  readonly #sold = new Set<string>();

  constructor(garments: number, edition: string, dials: number = DIALS.length) {
    this.garments = fakeStore(garments);
    this.edition = edition;
    this.dials = dials;
  }

  /** Every size of it is sold. */
  sell(sku: string): void {
    this.#sold.add(sku);
  }

  /** A garment as the stock is now. */
  now(item: FakeGarment): FakeGarment {
    if (!this.#sold.has(item.sku)) return item;
    return { ...item, sizes: (item.sizes ?? [{ name: 'M', quantity: 1 }]).map(({ name }) => ({ name, quantity: 0 })) };
  }

  isPassing(item: FakeGarment, filter: GarmentFilter = {}): boolean {
    return passes(garmentOf(this.now(item)), filter);
  }

  passing(filter: GarmentFilter = {}): FakeGarment[] {
    return this.garments.filter(item => this.isPassing(item, filter)).map(item => this.now(item));
  }

  garment(sku: string): FakeGarment {
    const garment = this.garments.find(item => item.sku === sku);
    if (garment === undefined) throw new LookdialError('item-not-found', `There is no ${sku}.`);
    return this.now(garment);
  }

  point({ z, dials }: PointRequest): number[] {
    const point = z ?? (dials === undefined ? undefined : toZ(dials));
    if (point?.length !== this.dials || dials?.some(u => Math.abs(u) > RANGE)) {
      throw new LookdialError('invalid-point', `A point has ${this.dials} numbers, dials within ${RANGE}.`);
    }
    return point;
  }

  mu({ mu }: FakeGarment): number[] {
    return mu.slice(0, this.dials);
  }
}
