/** What the chain's other stores have, and hold. */
import type { ChainAnswer, Hold, HoldRequest } from '../../device/api/chain-schemas.ts';
import type { MatchAnswer } from '../../device/api/match-schemas.ts';

/** What the shops have: of the store's own garments, the k that it ranks last. */
export function fakeElsewhere(ranked: MatchAnswer, k: number, shops: readonly string[]): ChainAnswer {
  const { matches, z, edition } = ranked;
  const others = matches
    .slice(-k)
    .map(({ sizes: _sizes, location: _location, share: _share, nearness: _nearness, ...one }, place) => ({
      ...one,
      image: place === 1 ? null : one.image,
      storeCount: shops.length + (place === 0 ? 5 : 0),
      stores: shops.map((name, at) => ({
        id: `shop-${at}`,
        name,
        sizes: ['S', 'M', 'L', 'XL'].map((size, step) => ({
          name: size,
          quantity: at === 1 ? null : (place + at + step) % 3,
        })),
      })),
    }));
  return { scope: 'chain', matches: others, tolerance: 0, z, edition, tookMs: 0 };
}

export function fakeHold(title: string, { sku, store, size }: HoldRequest, shops: readonly string[]): Hold {
  const storeName = shops[Number(store.slice('shop-'.length))] ?? store;
  return {
    code: 'H7KA',
    sku,
    title,
    size: size ?? null,
    store,
    storeName,
    from: 'here',
    at: '2026-01-01T00:00:00.000Z',
  };
}
