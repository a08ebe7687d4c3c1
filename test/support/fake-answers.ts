/** What a daemon over drawn garments answers, held to the API's own types: matching by distance in sigmas, one sigma for all. */

import type { ChainAnswer, Hold, HoldRequest } from '../../device/api/chain-schemas.ts';
import type { Facets, GoesWith, GoesWithRequest, SurpriseRequest } from '../../device/api/choice-schemas.ts';
import type { Posterior, Similar } from '../../device/api/item-schemas.ts';
import { writeMapFrame } from '../../device/api/map-frame.ts';
import type { Filter, MatchAnswer, MatchRequest, PointRequest, Surprise } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { LookdialError } from '../../device/errors.ts';
import { countFacets, priceBands } from '../../device/inventory/facet-counts.ts';
import type { Garment } from '../../device/inventory/garment.ts';
import { bySize } from '../../device/inventory/size-order.ts';
import { passes } from '../../device/inventory/stock-filter.ts';
import { nearnessOf, VERY_ONE } from '../../device/matching/yardstick.ts';
import { DIALS, decode, type FakeGarment, fakeStore, RANGE, SHARPEN, SIDE, toDials, toZ } from './fake-garments.ts';

const SIGMA = 0.25;
/** Distances in sigma^2 under which a point counts as one of the store's own, and beyond which nothing is close. */
const LIKE = 14;
const FAR = 90;
/** The same for one dimension. */
const YARDSTICK = { close: 8, far: FAR / DIALS.length };
const BINS = 24;

type View = Omit<MatchAnswer['matches'][number], 'logLikelihood' | 'mahalanobisSquared' | 'share' | 'nearness'>;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const COLOURS = ['blue', 'rust', 'sand'] as const;
/** Drawn garments have no colour of their own: every third is called the same. */
const colourOf = ({ sku }: FakeGarment): string => COLOURS[Number(sku.slice(1)) % COLOURS.length]!;
const garmentOf = (item: FakeGarment): Garment => ({
  ...item,
  colour: colourOf(item),
  currency: 'EUR',
  location: item.location ?? null,
  picture: null,
  attributes: {},
  problem: null,
});
const view = ({ mu: _mu, ...garment }: FakeGarment): View => ({
  ...garment,
  colour: colourOf(garment as FakeGarment),
  currency: 'EUR',
  image: `/api/v1/items/${garment.sku}/image`,
});

export class FakeAnswers {
  readonly #store: readonly FakeGarment[];
  readonly #edition: string;
  /** The chain's other stores, by name; empty where there is no chain. */
  readonly #shops: readonly string[];
  /** How many of the drawn dials the model has. */
  readonly #n: number;
  readonly #sold = new Set<string>();
  #surprises = 0;

  constructor(garments: number, edition: string, shops: readonly string[] = [], dials: number = DIALS.length) {
    this.#shops = shops;
    this.#store = fakeStore(garments);
    this.#edition = edition;
    this.#n = dials;
  }

  /** Every size of it is sold. */
  sell(sku: string): void {
    this.#sold.add(sku);
  }

  /** A garment as the stock is now. */
  #now(item: FakeGarment): FakeGarment {
    if (!this.#sold.has(item.sku)) return item;
    return { ...item, sizes: (item.sizes ?? [{ name: 'M', quantity: 1 }]).map(({ name }) => ({ name, quantity: 0 })) };
  }

  #passing(filter: Filter = {}): FakeGarment[] {
    return this.#store.map(item => this.#now(item)).filter(item => passes(garmentOf(item), filter));
  }

  #point({ z, dials }: PointRequest): number[] {
    const point = z ?? (dials === undefined ? undefined : toZ(dials));
    if (point?.length !== this.#n || dials?.some(u => Math.abs(u) > RANGE)) {
      throw new LookdialError('invalid-point', `A point has ${this.#n} numbers, dials within ${RANGE}.`);
    }
    return point;
  }

  #mu({ mu }: FakeGarment): number[] {
    return mu.slice(0, this.#n);
  }

  /** A garment's picture needs all drawn dials: what the model has not stays in the middle. */
  drawn(z: readonly number[]): number[] {
    return toZ(DIALS.map(() => 0)).map((middle, at) => z[at] ?? middle);
  }

  garment(sku: string): FakeGarment {
    const garment = this.#store.find(item => item.sku === sku);
    if (garment === undefined) throw new LookdialError('item-not-found', `There is no ${sku}.`);
    return this.#now(garment);
  }

  match({ k = 24, filter, on, ...point }: MatchRequest): MatchAnswer {
    const z = this.#point(point);
    const dimensions = on ?? z.map((_, at) => at);
    const near = this.#passing(filter)
      .map(item => ({ item, distance: sum(dimensions.map(at => ((z[at]! - item.mu[at]!) / SIGMA) ** 2)) }))
      .sort((a, b) => a.distance - b.distance);
    const nearest = near[0]?.distance ?? 0;
    const weights = near.map(({ distance }) => Math.exp((nearest - distance) / 8));
    const verdict = nearest < LIKE ? 'in-stock-like' : nearest < FAR ? 'nearest-we-have' : 'nothing-close';
    return {
      matches: near.slice(0, k).map(({ item, distance }, at) => ({
        ...view(item),
        logLikelihood: -distance / 2 - dimensions.length * Math.log(SIGMA * Math.sqrt(2 * Math.PI)),
        mahalanobisSquared: distance,
        share: weights[at]! / sum(weights),
        nearness: nearnessOf(Math.max(distance / dimensions.length, on === undefined ? 0 : VERY_ONE + 1e-9), YARDSTICK),
      })),
      typicality: { centile: { 'in-stock-like': 60, 'nearest-we-have': 8, 'nothing-close': 0 }[verdict], verdict },
      considered: near.length,
      tolerance: 0,
      z,
      edition: this.#edition,
      tookMs: 0,
    };
  }

  facets(filter: Filter = {}): Facets {
    const garments = this.#store.map(item => garmentOf(this.#now(item)));
    const inStock = garments.filter(garment => passes(garment, {}));
    const counts = countFacets(garments, filter, priceBands(inStock.flatMap(({ price }) => price ?? [])));
    const names = (of: (garment: Garment) => string | readonly string[]): string[] => [...new Set(inStock.flatMap(of))];
    const image = (of: (garment: Garment) => boolean): string =>
      `/api/v1/items/${inStock.find(of)?.sku ?? 'F000'}/image`;
    return {
      considered: counts.considered,
      categories: names(({ category }) => category ?? []).map(name => ({
        name,
        garments: counts.categories.get(name) ?? 0,
        image: image(({ category }) => category === name),
      })),
      sizes: names(({ sizes }) => (sizes ?? []).map(({ name }) => name))
        .sort(bySize)
        .map(name => ({ name, garments: counts.sizes.get(name) ?? 0 })),
      colours: names(({ colour }) => colour ?? []).map(name => ({
        name,
        garments: counts.colours.get(name) ?? 0,
        image: image(({ colour }) => colour === name),
      })),
      prices: counts.prices.map(band => ({ ...band })),
      edition: this.#edition,
    };
  }

  /** By the three dials of the colour. */
  goesWith({ k = 8, category, ...point }: GoesWithRequest): GoesWith {
    const z = this.#point(point);
    const kind = category ?? this.match({ z, k: 1 }).matches[0]?.category ?? null;
    const on = [0, 2, 4].filter(at => at < this.#n);
    const { matches } = this.match({ z, on, k: 200 });
    return {
      matches: matches.filter(match => match.category !== kind).slice(0, k),
      on,
      category: kind,
      edition: this.#edition,
    };
  }

  /** RGBA of the garment at a point. */
  picture(point: PointRequest): Uint8Array {
    return decode(this.drawn(this.#point(point))).rgba;
  }

  /** One garment in stock after the other; what is locked stays as it is. */
  surprise({ filter, locked = [], ...point }: SurpriseRequest): Surprise {
    const passing = this.#passing(filter);
    const item = passing[this.#surprises++ % Math.max(1, passing.length)];
    if (item === undefined) throw new LookdialError('no-match-allowed', 'Nothing passes the filters.');
    const held = locked.length === 0 ? undefined : this.#point(point);
    const z = this.#mu(item).map((mu, at) => (locked.includes(at) ? held![at]! : mu));
    return { sku: item.sku, z, dials: toDials(z), edition: this.#edition };
  }

  /** The store by its first two dials; each kind is a place. */
  map(kind: string | null): Buffer {
    const kinds = [...new Set(this.#store.map(({ category }) => category))];
    const spread = (value: number): number => Math.round(32_768 + 26_000 * Math.tanh(value / 2));
    const passing = this.#store.map(item =>
      passes(garmentOf(this.#now(item)), kind === null ? {} : { categories: [kind] }),
    );
    const places = kinds.map((name, place) => {
      const own = this.#store.filter(({ category }, at) => category === name && passing[at]);
      const [x, y] = [18_000 + 28_000 * (place % 2), 12_000 + 18_000 * Math.floor(place / 2)];
      return {
        x,
        y,
        garments: own.length,
        sku: own[0]?.sku ?? null,
        words: [{ attribute: 'category', values: [name] }],
      };
    });
    return writeMapFrame({
      json: JSON.stringify({ edition: this.#edition, places }),
      skus: this.#store.map(({ sku }) => sku),
      xy: Uint16Array.from(
        this.#store.flatMap(({ mu, category }) => {
          const place = places[kinds.indexOf(category)]!;
          return [0.6 * place.x + 0.4 * spread(mu[0]!), 0.6 * place.y + 0.4 * spread(mu[1]!)];
        }),
      ),
      place: Uint8Array.from(this.#store, ({ category }) => kinds.indexOf(category)),
      passes: Uint8Array.from(passing, Number),
    });
  }

  /** What the shops have: of the store's own kinds, those that it ranks last. */
  elsewhere(request: MatchRequest): ChainAnswer {
    const { matches, z, edition } = this.match({ ...request, k: this.#store.length });
    const others = matches
      .slice(-(request.k ?? 24))
      .map(({ sizes: _sizes, location: _location, share: _share, nearness: _nearness, ...one }, place) => ({
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
    const mu = this.#mu(this.garment(sku));
    return { mu, sigma: mu.map(() => SIGMA), dials: toDials(mu), encoder: '0'.repeat(64) };
  }

  similar(sku: string, k: number): Similar {
    const { matches } = this.match({ z: this.#mu(this.garment(sku)), k: k + 1 });
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
      bundle: { id: 'fake', version: this.#edition.split(/[@+]/)[1] ?? '1.0.0', title: 'Drawn garments' },
      edition: this.#edition,
      provider: 'cpu',
      encoder: '0'.repeat(64),
      latentDim: this.#n,
      range: RANGE,
      tolerance: 0,
      shareTolerance: 0.5,
      parametrisation: 'sigma',
      picture: { width: SIDE, height: SIDE, sharpen: SHARPEN },
      chain: this.#shops.length > 0,
      dials: DIALS.slice(0, this.#n).map((dial, index) => ({
        index,
        ...dial,
        own: dial,
        words: {},
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
