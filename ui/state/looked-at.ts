import type { Match } from '../../device/api/match-schemas.ts';
import { ApiError, type Asked, type Garment } from '../lib/api.ts';
import { isAbout, type StoreNews } from '../lib/store-events.ts';
import { GoesWith } from './goes-with.ts';

const SIMILAR = 8;

interface LookedAtHost {
  /** A garment that hangs somewhere on the page: it is shown before the daemon has answered. */
  known(sku: string): Garment | undefined;
  failed(error: unknown): void;
}

/**
 * The garment that is looked at, with what is like it and what goes with it. An answer that comes once it has been put away, or
 * another was opened, is nobody's. Says `change` whenever something to be seen has changed.
 */
export class LookedAt extends EventTarget {
  readonly #api: Pick<Asked, 'item' | 'posterior' | 'similar'>;
  readonly #host: LookedAtHost;
  readonly #pairs: GoesWith;
  /** Grows whenever a garment is opened or put away. */
  #look = 0;
  /** Grows with each question for the garment itself: what was asked last counts. */
  #reads = 0;
  #sku: string | undefined;

  /** Undefined while none is looked at, or the daemon has not told of it yet. */
  garment: Garment | undefined;
  /** Nearest first; undefined until they are asked for. */
  similar: readonly Garment[] | undefined;

  constructor(api: Pick<Asked, 'item' | 'posterior' | 'similar' | 'goesWith'>, host: LookedAtHost) {
    super();
    this.#api = api;
    this.#host = host;
    this.#pairs = new GoesWith(api, () => this.#changed());
  }

  /** Best first. */
  get pairs(): readonly Match[] {
    return this.#pairs.matches;
  }

  /** Shows a garment at once where the page has it, else as soon as the daemon answers. */
  async open(sku: string): Promise<void> {
    const known = this.#host.known(sku) ?? [...(this.similar ?? []), ...this.pairs].find(one => one.sku === sku);
    this.#stand(sku, known);
    await this.#asks(async isStill => {
      const { category } = known ?? (await this.#read(sku));
      if (!isStill()) return;
      const { mu } = await this.#api.posterior(sku);
      if (isStill()) this.#pairs.ask({ z: mu, ...(category ? { category } : {}) });
    });
  }

  /** Shows garments like it beside it. */
  async like(): Promise<void> {
    const sku = this.#sku;
    if (sku === undefined) return;
    await this.#asks(async isStill => {
      const { matches } = await this.#api.similar(sku, SIMILAR);
      if (!isStill()) return;
      this.similar = matches;
      this.#changed();
    });
  }

  /** The store is not what it was: the garment is shown as it is now. */
  async heard(news: StoreNews): Promise<void> {
    const sku = this.#sku;
    if (sku === undefined || !isAbout(news, [{ sku }])) return;
    await this.#asks(() => this.#read(sku));
  }

  /** Puts it away; nothing of it is left in memory. */
  close(): void {
    this.#stand(undefined, undefined);
  }

  #stand(sku: string | undefined, garment: Garment | undefined): void {
    this.#look += 1;
    this.#sku = sku;
    this.garment = garment;
    this.similar = undefined;
    this.#pairs.forget();
    this.#changed();
  }

  async #read(sku: string): Promise<Garment> {
    const look = this.#look;
    const read = ++this.#reads;
    const now = await this.#api.item(sku);
    if (look === this.#look && read === this.#reads) {
      this.garment = now;
      this.#changed();
    }
    return now;
  }

  /** @param ask is told whether the garment it asks for is still the one looked at */
  async #asks(ask: (isStill: () => boolean) => Promise<unknown>): Promise<void> {
    const look = this.#look;
    const isStill = (): boolean => look === this.#look;
    try {
      await ask(isStill);
    } catch (error) {
      if (error instanceof ApiError) {
        if (!isStill()) return;
        this.close();
      }
      this.#host.failed(error);
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
