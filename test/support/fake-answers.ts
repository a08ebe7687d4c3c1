/** What a daemon over drawn garments answers, held to the API's own types: matching by distance in sigmas, one sigma for all. */
import type { ChainAnswer, Hold, HoldRequest } from '../../device/api/chain-schemas.ts';
import type { Posterior, Similar } from '../../device/api/item-schemas.ts';
import type { MatchAnswer, MatchRequest, PointRequest, Surprise } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { LookdialError } from '../../device/errors.ts';
import { DIALS, decode, type FakeGarment, fakeStore, RANGE, SHARPEN, SIDE, toDials, toZ } from './fake-garments.ts';

const SIGMA = 0.25;
/** sigma^2-distances under which a point counts as one of the store's own, and beyond which nothing is close. */
const LIKE = 14;
const FAR = 90;
const BINS = 24;
const N = DIALS.length;

type View = Omit<MatchAnswer['matches'][number], 'logLikelihood' | 'mahalanobisSquared' | 'share'>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const hasStock = ({ sizes }: FakeGarment): boolean => sizes === null || sizes.some(({ quantity }) => quantity > 0);
const view = ({ mu: _mu, ...garment }: FakeGarment): View => ({
  ...garment,
  colour: null,
  currency: 'EUR',
  image: `/api/v1/items/${garment.sku}/image`,
});

function pointOf({ z, dials }: PointRequest): number[] {
  const point = z ?? (dials === undefined ? undefined : toZ(dials));
  if (point?.length !== N || dials?.some(u => Math.abs(u) > RANGE)) {
    throw new LookdialError('invalid-point', `A point has ${N} numbers, dials within ${RANGE}.`);
  }
  return point;
}

export class FakeAnswers {
  readonly #store: readonly FakeGarment[];
  readonly #edition: string;
  /** The chain's other stores, by name; empty where there is no chain. */
  readonly #shops: readonly string[];
  #surprises = 0;

  constructor(garments: number, edition: string, shops: readonly string[] = []) {
    this.#shops = shops;
    this.#store = fakeStore(garments);
    this.#edition = edition;
  }

  garment(sku: string): FakeGarment {
    const garment = this.#store.find(item => item.sku === sku);
    if (garment === undefined) throw new LookdialError('item-not-found', `There is no ${sku}.`);
    return garment;
  }

  match({ k = 24, filter, ...point }: MatchRequest): MatchAnswer {
    const z = pointOf(point);
    const near = this.#store
      .filter(item => hasStock(item) && (filter?.categories?.includes(item.category) ?? true))
      .map(item => ({ item, distance: sum(item.mu.map((mu, at) => ((z[at]! - mu) / SIGMA) ** 2)) }))
      .sort((a, b) => a.distance - b.distance);
    const nearest = near[0]?.distance ?? 0;
    const weights = near.map(({ distance }) => Math.exp((nearest - distance) / 8));
    const verdict = nearest < LIKE ? 'in-stock-like' : nearest < FAR ? 'nearest-we-have' : 'nothing-close';
    return {
      matches: near.slice(0, k).map(({ item, distance }, at) => ({
        ...view(item),
        logLikelihood: -distance / 2 - N * Math.log(SIGMA * Math.sqrt(2 * Math.PI)),
        mahalanobisSquared: distance,
        share: weights[at]! / sum(weights),
      })),
      typicality: { centile: { 'in-stock-like': 60, 'nearest-we-have': 8, 'nothing-close': 0 }[verdict], verdict },
      considered: near.length,
      tolerance: 0,
      z,
      edition: this.#edition,
      tookMs: 0,
    };
  }

  /** RGBA of the garment at a point. */
  picture(point: PointRequest): Uint8Array {
    return decode(pointOf(point)).rgba;
  }

  /** One garment in stock after the other. */
  surprise(kind: string | null): Surprise {
    const drawn = this.#store.filter(item => hasStock(item) && (kind === null || item.category === kind));
    const item = drawn[this.#surprises++ % Math.max(1, drawn.length)];
    if (item === undefined) throw new LookdialError('no-match-allowed', 'Nothing passes the filters.');
    return { sku: item.sku, z: [...item.mu], dials: toDials(item.mu), edition: this.#edition };
  }

  /** What the shops have: of the store's own kinds, those that it ranks last. */
  elsewhere(request: MatchRequest): ChainAnswer {
    const { matches, z, edition } = this.match({ ...request, k: this.#store.length });
    const others = matches
      .slice(-(request.k ?? 24))
      .map(({ sizes: _sizes, location: _location, share: _share, ...one }, place) => ({
        ...one,
        image: place === 1 ? null : one.image,
        storeCount: this.#shops.length + (place === 0 ? 5 : 0),
        stores: this.#shops.map((name, at) => ({
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

  hold({ sku, store, size }: HoldRequest): Hold {
    const { title } = this.garment(sku);
    const storeName = this.#shops[Number(store.slice('shop-'.length))] ?? store;
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

  item(sku: string): View & { encoded: boolean; attributes: Record<string, string> } {
    return { ...view(this.garment(sku)), encoded: true, attributes: {} };
  }

  posterior(sku: string): Posterior {
    const { mu } = this.garment(sku);
    return { mu: [...mu], sigma: mu.map(() => SIGMA), dials: toDials(mu), encoder: '0'.repeat(64) };
  }

  similar(sku: string, k: number): Similar {
    const { matches } = this.match({ z: [...this.garment(sku).mu], k: k + 1 });
    const others = matches.filter(other => other.sku !== sku).slice(0, k);
    return {
      matches: others.map(({ mahalanobisSquared, ...item }) => ({
        ...view(this.garment(item.sku)),
        value: mahalanobisSquared,
      })),
      measure: 'jeffreys',
      tolerance: 0,
      edition: this.#edition,
    };
  }

  model(): Model {
    const store = this.#store;
    const count = (name: string): number => store.filter(({ category }) => category === name).length;
    const categories = [...new Set(store.map(({ category }) => category))].map(name => ({
      name,
      garments: count(name),
    }));
    return {
      bundle: { id: 'fake', version: '1.0.0', title: 'Drawn garments' },
      edition: this.#edition,
      provider: 'cpu',
      latentDim: N,
      range: RANGE,
      tolerance: 0,
      shareTolerance: 0.5,
      parametrisation: 'sigma',
      picture: { width: SIDE, height: SIDE, sharpen: SHARPEN },
      chain: this.#shops.length > 0,
      dials: DIALS.map((dial, index) => ({
        index,
        ...dial,
        activity: 1,
        kl: 2,
        density: this.#density(index),
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

  #density(dial: number): number[] {
    const bins = new Array<number>(BINS).fill(0);
    for (const { mu } of this.#store) {
      const bin = Math.floor(((toDials(mu)[dial]! + RANGE) / (2 * RANGE)) * BINS);
      if (bin >= 0 && bin < BINS) bins[bin]! += 1;
    }
    const most = Math.max(1, ...bins);
    return bins.map(bin => bin / most);
  }
}
