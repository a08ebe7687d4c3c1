/** The daemon's part in finding, photographing and taking out garments, with two of them. */
import type { CutOut } from '../../../device/api/arrival-schemas.ts';
import type { Item } from '../../../device/api/item-schemas.ts';
import type { GarmentsAsked } from '../../../ui/state/garments.ts';

export const itemOf = (sku: string, encoded: boolean): Item => ({
  sku,
  title: `The ${sku}`,
  category: null,
  colour: null,
  price: null,
  currency: null,
  sizes: null,
  location: null,
  image: `/api/v1/items/${sku}/image`,
  encoded,
  attributes: {},
});

export const SHOWN: CutOut = {
  cutout: '5f3a',
  image: '/api/v1/cutouts/5f3a',
  expires: '2026-05-04T10:00:00Z',
  method: 'grabcut',
  doubts: ['touches-edge'],
  area: 0.23,
};

/** @param answer notes the call and answers it, or fails as the test says */
export const fakeGarmentsApi = (answer: <T>(call: string, value: T) => Promise<T>): GarmentsAsked => ({
  find: q => answer(`find ${q}`, { items: [itemOf('coat', true), itemOf('scarf', false)] }),
  cutOut: () => answer('cutOut', SHOWN),
  picture: address => answer(`picture ${address}`, new Blob(['cut'], { type: 'image/webp' })),
  take: (sku, cutout) =>
    answer(`take ${sku} ${cutout}`, {
      sku,
      encoded: true,
      image: `/api/v1/items/${sku}/image?v=2`,
      cutout: { method: SHOWN.method, doubts: SHOWN.doubts, area: SHOWN.area },
      mu: [0],
      sigma: [1],
      dials: [0],
      edition: 'own@1.2.3+0',
    }),
  remove: sku => answer(`remove ${sku}`, undefined),
});
