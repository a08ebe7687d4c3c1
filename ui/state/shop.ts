import type { Model } from '../../device/api/model-schemas.ts';
import { ApiError, type Asked, DaemonGone } from '../lib/api.ts';
import { pauseBefore } from '../lib/backoff.ts';
import { PointMap } from '../lib/point-map.ts';
import type { Clock } from '../lib/rest.ts';

/** What the daemon says to a point of a model that it has no more. */
export const OF_ANOTHER_MODEL: ReadonlySet<string> = new Set(['invalid-point', 'invalid-request']);

/** The daemon behind the screen: its model, the dials' scale, and whether it is there. */
export class Shop {
  readonly #api: Pick<Asked, 'model' | 'locate'>;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #refreshing = false;

  model: Model | undefined;
  map: PointMap | undefined;
  connection: 'starting' | 'here' | 'gone' = 'starting';

  constructor(api: Pick<Asked, 'model' | 'locate'>, clock: Clock, changed: () => void) {
    this.#api = api;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Tries until the model is there and `first` has succeeded, however long it takes. Call once at a time. */
  async reach(first: () => Promise<void>): Promise<void> {
    if (this.connection === 'here') this.connection = 'gone';
    this.#changed();
    for (let attempt = 0; this.connection !== 'here'; attempt++) {
      try {
        if (this.connection === 'gone') {
          await new Promise<void>(go => this.#clock.after(pauseBefore(attempt), go));
        }
        await this.#load();
        await first();
        this.connection = 'here';
      } catch (error) {
        if (!(error instanceof DaemonGone) && !(error instanceof ApiError)) throw error;
        this.connection = 'gone';
      }
      this.#changed();
    }
  }

  /**
   * Another edition has answered: its dials, densities and kinds may be others. Fails as the API does.
   * @param edition which one; undefined to look in any case
   */
  async refresh(edition: string | undefined): Promise<void> {
    if (this.#refreshing || (edition !== undefined && edition === this.model?.edition)) return;
    this.#refreshing = true;
    try {
      await this.#load();
      this.#changed();
    } finally {
      this.#refreshing = false;
    }
  }

  async #load(): Promise<void> {
    const model = await this.#api.model();
    if (model.edition !== this.model?.edition) this.map = await this.#learn(model);
    this.model = model;
  }

  async #learn(model: Model): Promise<PointMap> {
    const all = (value: number): number[] => new Array<number>(model.latentDim).fill(value);
    const atZero = await this.#api.locate(all(0));
    return new PointMap(atZero, await this.#api.locate(all(model.range)), model.range);
  }
}
