/** Which garments a shopper wants to see: of this store, or of the chain’s others. */
export interface GarmentFilter {
  readonly categories?: readonly string[] | undefined;
  readonly sizes?: readonly string[] | undefined;
  readonly colours?: readonly string[] | undefined;
  /** In units of the garment's own currency; a garment without a price does not pass a bound on it. */
  readonly priceMin?: number | undefined;
  readonly priceMax?: number | undefined;
  /** Only garments with stock; true unless said otherwise. A garment whose stock is not known counts as in stock. */
  readonly inStock?: boolean | undefined;
}

/** A filter as an address has it: a word of each sort at most. */
interface Written {
  readonly category?: string | undefined;
  readonly size?: string | undefined;
  readonly colour?: string | undefined;
  readonly priceMin?: number | undefined;
  readonly priceMax?: number | undefined;
}

const only = (word: string | undefined): string[] | undefined => (word === undefined ? undefined : [word]);

export const filterOf = ({ category, size, colour, priceMin, priceMax }: Written): GarmentFilter => ({
  categories: only(category),
  sizes: only(size),
  colours: only(colour),
  priceMin,
  priceMax,
});
