/** What a daemon over drawn garments answers, held to the API's own types: matching by distance in sigmas, one sigma for all. */

import type { ChainAnswer, Hold, HoldRequest } from '../../device/api/chain-schemas.ts';
import type { Facets, GoesWith, GoesWithRequest, SurpriseRequest } from '../../device/api/choice-schemas.ts';
import type { Posterior, Similar } from '../../device/api/item-schemas.ts';
import type { MatchAnswer, MatchRequest, PointRequest, Surprise } from '../../device/api/match-schemas.ts';
import type { Model } from '../../device/api/model-schemas.ts';
import { LookdialError } from '../../device/errors.ts';
import type { GarmentFilter } from '../../device/garment-filter.ts';
import { nearnessOf, VERY_ONE } from '../../device/matching/yardstick.ts';
import { fakeElsewhere, fakeHold } from './fake-chain.ts';
import { fakeFacets } from './fake-facets.ts';
import { DIALS, decode, type FakeGarment, toDials, toZ } from './fake-garments.ts';
import { fakeMap } from './fake-map.ts';
import { fakeModel } from './fake-model.ts';
import { FakeStock, type View, view } from './fake-stock.ts';

const SIGMA = 0.25;
/** Distances in sigma^2 under which a point counts as one of the store's own, and beyond which nothing is close. */
const LIKE = 14;
const FAR = 90;
/** The same for one dimension. */
const YARDSTICK = { close: 8, far: FAR / DIALS.length };

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export class FakeAnswers {
  readonly #stock: FakeStock;
  /** The chain's other stores, by name; empty where there is no chain. */
  readonly #shops: readonly string[];
  #surprises = 0;

  constructor(garments: number, edition: string, shops: readonly string[] = [], dials: number = DIALS.length) {
    this.#stock = new FakeStock(garments, edition, dials);
    this.#shops = shops;
  }

  sell(sku: string): void {
    this.#stock.sell(sku);
  }

  garment(sku: string): FakeGarment {
    return this.#stock.garment(sku);
  }

  /** A garment's picture needs all drawn dials: what the model has not stays in the middle. */
  drawn(z: readonly number[]): number[] {
    return toZ(DIALS.map(() => 0)).map((middle, at) => z[at] ?? middle);
  }

  match({ k = 24, filter, on, ...point }: MatchRequest): MatchAnswer {
    const z = this.#stock.point(point);
    const dimensions = on ?? z.map((_, at) => at);
    const near = this.#stock
      .passing(filter)
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
      edition: this.#stock.edition,
      tookMs: 0,
    };
  }

  facets(filter: GarmentFilter = {}): Facets {
    return fakeFacets(this.#stock, filter);
  }

  /** By the three dials of the colour. */
  goesWith({ k = 8, category, ...point }: GoesWithRequest): GoesWith {
    const z = this.#stock.point(point);
    const kind = category ?? this.match({ z, k: 1 }).matches[0]?.category ?? null;
    const on = [0, 2, 4].filter(at => at < this.#stock.dials);
    const { matches } = this.match({ z, on, k: 200 });
    return {
      matches: matches.filter(match => match.category !== kind).slice(0, k),
      on,
      category: kind,
      edition: this.#stock.edition,
    };
  }

  /** RGBA of the garment at a point. */
  picture(point: PointRequest): Uint8Array {
    return decode(this.drawn(this.#stock.point(point))).rgba;
  }

  /** One garment in stock after the other; what is locked stays as it is. */
  surprise({ filter, locked = [], ...point }: SurpriseRequest): Surprise {
    const passing = this.#stock.passing(filter);
    const item = passing[this.#surprises++ % Math.max(1, passing.length)];
    if (item === undefined) throw new LookdialError('no-match-allowed', 'Nothing passes the filters.');
    const held = locked.length === 0 ? undefined : this.#stock.point(point);
    const z = this.#stock.mu(item).map((mu, at) => (locked.includes(at) ? held![at]! : mu));
    return { sku: item.sku, z, dials: toDials(z), edition: this.#stock.edition };
  }

  map(filter: GarmentFilter): Buffer {
    return fakeMap(this.#stock, filter);
  }

  elsewhere({ k = 24, ...request }: MatchRequest): ChainAnswer {
    return fakeElsewhere(this.match({ ...request, k: this.#stock.garments.length }), k, this.#shops);
  }

  hold(request: HoldRequest): Hold {
    return fakeHold(this.garment(request.sku).title, request, this.#shops);
  }

  item(sku: string): View & { encoded: boolean; attributes: Record<string, string> } {
    return { ...view(this.garment(sku)), encoded: true, attributes: {} };
  }

  posterior(sku: string): Posterior {
    const mu = this.#stock.mu(this.garment(sku));
    return { mu, sigma: mu.map(() => SIGMA), dials: toDials(mu), encoder: '0'.repeat(64) };
  }

  similar(sku: string, k: number): Similar {
    const { matches } = this.match({ z: this.#stock.mu(this.garment(sku)), k: k + 1 });
    const others = matches.filter(other => other.sku !== sku).slice(0, k);
    return {
      matches: others.map(({ mahalanobisSquared, ...item }) => ({
        ...view(this.garment(item.sku)),
        value: mahalanobisSquared,
      })),
      measure: 'jeffreys',
      tolerance: 0,
      edition: this.#stock.edition,
    };
  }

  model(): Model {
    return fakeModel(this.#stock, this.#shops.length > 0);
  }
}
