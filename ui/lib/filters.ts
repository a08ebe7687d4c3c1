import type { Filter } from '../../device/api/match-schemas.ts';

/** The rooms of the filter beside the kind. */
export const ROOMS = ['sizes', 'colours', 'price'] as const;
export type Room = (typeof ROOMS)[number];

/** Both ends belong to it; an open end is left out. */
export interface PriceBand {
  readonly min?: number;
  readonly max?: number;
}

/** What a shopper wants beside the kind; an empty room wants nothing. */
export interface Filters {
  readonly sizes: readonly string[];
  readonly colours: readonly string[];
  readonly price: PriceBand | undefined;
}

export const NO_FILTERS: Filters = { sizes: [], colours: [], price: undefined };

export const isChosen = (filters: Filters, room: Room): boolean =>
  room === 'price' ? filters.price !== undefined : filters[room].length > 0;

export const roomsChosen = (filters: Filters): Room[] => ROOMS.filter(room => isChosen(filters, room));

/** The same with a room emptied. */
export const without = (filters: Filters, room: Room): Filters => ({ ...filters, [room]: NO_FILTERS[room] });

/** With the one where it was not there, without it where it was; in the order in which they were chosen. */
export const toggled = <One>(list: readonly One[], one: One): One[] =>
  list.includes(one) ? list.filter(other => other !== one) : [...list, one];

export const sameBand = (one: PriceBand | undefined, other: PriceBand | undefined): boolean =>
  one?.min === other?.min && one?.max === other?.max;

/** As the API takes it; empty where nothing is wanted. */
export function filterOf(kind: string | undefined, { sizes, colours, price }: Filters): Filter {
  return {
    ...(kind === undefined ? {} : { categories: [kind] }),
    ...(sizes.length === 0 ? {} : { sizes: [...sizes] }),
    ...(colours.length === 0 ? {} : { colours: [...colours] }),
    ...(price?.min === undefined ? {} : { priceMin: price.min }),
    ...(price?.max === undefined ? {} : { priceMax: price.max }),
  };
}
