import type { ChainMatch } from '../../../device/api/chain-schemas.ts';
import type { Filter, Match, MatchAnswer } from '../../../device/api/match-schemas.ts';
import type { Model } from '../../../device/api/model-schemas.ts';
import type { Asked, Question } from '../../../ui/lib/api.ts';
import type { Picture } from '../../../ui/lib/dial-answer.ts';

export const RANGE = 5;
const toZ = (dials: readonly number[]): number[] => dials.map(u => 0.5 + 0.1 * u);

/** A picture that tells which point it is of: its first pixel's red is z's first number, times a hundred. */
const pictureOf = (z: readonly number[]): Picture => ({
  width: 2,
  height: 1,
  rgba: Uint8Array.of(Math.round(z[0]! * 100), 90, 80, 255, 0, 0, 0, 255),
});

/** What a garment found is told by, of this store or of another. */
export const found = (sku: string) => ({
  sku,
  title: sku,
  category: null,
  colour: null,
  price: null,
  currency: null,
  logLikelihood: 0,
  mahalanobisSquared: 0,
});

const match = (sku: string): Match => ({
  ...found(sku),
  sizes: null,
  location: null,
  image: `/${sku}`,
  share: 1,
  nearness: 'in-stock-like',
});

/** A daemon in memory: the first match of a point is named after z's first number. Each call can be held or made to fail. */
export class FakeAsked implements Asked {
  readonly questions: Question[] = [];
  edition = 'one';
  latentDim = 3;
  /** Thrown by the next calls of `dial`, one each. */
  readonly failures: Error[] = [];
  /** While set, answers of `dial` and `surprise` wait for `release`. */
  held = false;
  readonly #waiting: (() => void)[] = [];
  /** Garments that are not among the matches any more. */
  readonly sold = new Set<string>();
  /** mu of every garment. */
  mu: readonly number[] = [0.5, 0.5, 0.5];
  conditions: Model['conditions'] = null;
  dials: readonly Model['dials'][number][] = [];
  /** What the other stores have; undefined where there is no chain. An error is thrown. */
  chain: readonly ChainMatch[] | Error | undefined;
  readonly chainQuestions: Question[] = [];
  /** Of every garment. */
  category: string | null = null;

  release(): void {
    this.held = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #turn(): Promise<void> {
    if (this.held) await new Promise<void>(go => this.#waiting.push(go));
  }

  async model(): Promise<Model> {
    return {
      // Another number of dials is another model.
      bundle: { id: 'fake', version: `1.0.${this.latentDim}`, title: '' },
      edition: this.edition,
      provider: 'cpu',
      encoder: `${this.latentDim}`.repeat(64),
      chain: this.chain !== undefined,
      latentDim: this.latentDim,
      range: RANGE,
      tolerance: 0,
      shareTolerance: 0,
      parametrisation: 'sigma',
      picture: { width: 2, height: 1, sharpen: 1 },
      dials: [...this.dials],
      conditions: this.conditions,
      store: {
        name: 'Fake',
        demonstration: false,
        garments: 1,
        encoded: 1,
        currency: null,
        categories: [],
        sizes: [],
        colours: [],
      },
    };
  }

  locate = async (dials: readonly number[]): Promise<number[]> => toZ(dials);

  match = async (question: Question): Promise<MatchAnswer> => {
    await this.#turn();
    return this.#answer(question);
  };

  #answer({ z, filter }: Question): MatchAnswer {
    const kind = filter?.categories?.[0] ?? '';
    return {
      matches: [match(`${kind}${z[0]!.toFixed(2)}`)].filter(({ sku }) => !this.sold.has(sku)),
      typicality: { centile: 50, verdict: 'in-stock-like' },
      considered: 1,
      tolerance: 0,
      z: [...z],
      edition: this.edition,
      tookMs: 0,
    };
  }

  async dial(question: Question): ReturnType<Asked['dial']> {
    this.questions.push(question);
    await this.#turn();
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return { picture: pictureOf(question.z), answer: this.#answer(question) };
  }

  elsewhere: Asked['elsewhere'] = async question => {
    this.chainQuestions.push(question);
    const { chain, edition } = this;
    if (chain instanceof Error) throw chain;
    return { scope: 'chain', matches: [...(chain ?? [])], tolerance: 0, z: [...question.z], edition, tookMs: 0 };
  };

  hold: Asked['hold'] = async ({ sku, store, size = null }) => {
    if (this.failures.length > 0) throw this.failures.shift();
    return { code: 'A7K9', sku, title: sku, size, store, storeName: store, from: 'here', at: '2026-01-01T00:00:00Z' };
  };

  generate: Asked['generate'] = async ({ z }) => pictureOf(z);

  item: Asked['item'] = async sku => ({
    ...match(sku),
    category: this.category,
    encoded: true,
    attributes: {},
  });

  posterior: Asked['posterior'] = async () => ({
    mu: [...this.mu],
    sigma: [1, 1, 1],
    dials: [0, 0, 0],
    encoder: '',
  });

  similar: Asked['similar'] = async () => ({ matches: [], measure: 'jeffreys', tolerance: 0, edition: this.edition });

  map: Asked['map'] = async () => ({
    edition: this.edition,
    places: [],
    skus: [],
    xy: new Uint16Array(),
    place: new Uint8Array(),
    passes: new Uint8Array(),
  });

  surprise: Asked['surprise'] = async () => {
    await this.#turn();
    return { sku: 'A', z: [...this.mu], dials: [0, 0, 0], edition: this.edition };
  };

  readonly wishes: Parameters<Asked['surpriseWithin']>[0][] = [];

  /** Every garment's mu, but of what is locked the point asked with. */
  surpriseWithin: Asked['surpriseWithin'] = async wish => {
    this.wishes.push(wish);
    await this.#turn();
    const z = this.mu.map((mu, at) => (wish.locked?.includes(at) ? wish.z![at]! : mu));
    return { sku: 'A', z, dials: [0, 0, 0], edition: this.edition };
  };

  readonly counted: Filter[] = [];

  facets: Asked['facets'] = async filter => {
    this.counted.push(filter);
    return { considered: 1, categories: [], sizes: [], colours: [], prices: [], edition: this.edition };
  };

  readonly pairings: Parameters<Asked['goesWith']>[0][] = [];

  goesWith: Asked['goesWith'] = async request => {
    this.pairings.push(request);
    const { category = null } = request;
    return { matches: [match(`pair ${request.z![0]!.toFixed(2)}`)], on: [0], category, edition: this.edition };
  };
}
