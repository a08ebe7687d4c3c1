import type { Model } from '../../device/api/model-schemas.ts';
import { DIALS, type FakeGarment, RANGE, SHARPEN, SIDE, toDials } from './fake-garments.ts';
import type { FakeStock } from './fake-stock.ts';

const BINS = 24;

/** What the drawn store's model says of itself. @param chain whether there are other stores */
export function fakeModel({ garments: store, edition, dials }: FakeStock, chain: boolean): Model {
  const count = (name: string): number => store.filter(({ category }) => category === name).length;
  const categories = [...new Set(store.map(({ category }) => category))].map(name => ({
    name,
    garments: count(name),
  }));
  return {
    bundle: { id: 'fake', version: edition.split(/[@+]/)[1] ?? '1.0.0', title: 'Drawn garments' },
    edition,
    provider: 'cpu',
    encoder: '0'.repeat(64),
    latentDim: dials,
    range: RANGE,
    tolerance: 0,
    shareTolerance: 0.5,
    parametrisation: 'sigma',
    picture: { width: SIDE, height: SIDE, sharpen: SHARPEN },
    chain,
    dials: DIALS.slice(0, dials).map((dial, index) => ({
      index,
      ...dial,
      own: dial,
      words: {},
      activity: 1,
      kl: 2,
      density: densityOf(store, index),
      kinds: null,
    })),
    conditions: null,
    store: {
      name: 'Atelier Probe',
      demonstration: true,
      garments: store.length,
      encoded: store.length,
      currency: 'EUR',
      categories: categories.sort((a, b) => b.garments - a.garments),
      sizes: [],
      colours: [],
    },
  };
}

/** How many garments lie along a dial, the fullest bin 1. */
function densityOf(store: readonly FakeGarment[], dial: number): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const { mu } of store) {
    const bin = Math.floor(((toDials(mu)[dial]! + RANGE) / (2 * RANGE)) * BINS);
    if (bin >= 0 && bin < BINS) bins[bin]! += 1;
  }
  const most = Math.max(1, ...bins);
  return bins.map(bin => bin / most);
}
