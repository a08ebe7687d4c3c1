/** One thread's view of a shared store: posteriors by row, the tail's behind the index's. */
import type { Posterior } from '../posterior.ts';
import type { Gaussians } from '../score-tables.ts';
import { STATE, type StoreLayout } from './layout.ts';

export class StoreView {
  readonly #layout: StoreLayout;
  readonly #state: Int32Array;
  readonly #tailMu: Float32Array;
  readonly #tailSigma: Float32Array;
  readonly #tailOrder: Float64Array;
  readonly index: Gaussians;

  constructor({ buffer }: WebAssembly.Memory, layout: StoreLayout) {
    const { count, latentDim, tailCapacity } = layout;
    this.#layout = layout;
    this.#state = new Int32Array(buffer, layout.state, STATE.length);
    this.index = {
      count,
      latentDim,
      mu: new Float32Array(buffer, layout.mu, count * latentDim),
      sigma: new Float32Array(buffer, layout.sigma, count * latentDim),
    };
    this.#tailMu = new Float32Array(buffer, layout.tailMu, tailCapacity * latentDim);
    this.#tailSigma = new Float32Array(buffer, layout.tailSigma, tailCapacity * latentDim);
    this.#tailOrder = new Float64Array(buffer, layout.tailOrder, tailCapacity);
  }

  /** The tail as it is now. */
  get tail(): Gaussians {
    const count = this.#state[STATE.tail]!;
    return { count, latentDim: this.#layout.latentDim, mu: this.#tailMu, sigma: this.#tailSigma };
  }

  posterior(row: number): Posterior {
    const { count, latentDim } = this.#layout;
    const [{ mu, sigma }, place] = row < count ? [this.index, row] : [this.tail, row - count];
    const [start, end] = [place * latentDim, (place + 1) * latentDim];
    return { mu: mu.subarray(start, end), sigma: sigma.subarray(start, end) };
  }

  /** Where the row's SKU stands in the order that breaks ties. */
  order(row: number): number {
    const { count } = this.#layout;
    return row < count ? row : this.#tailOrder[row - count]!;
  }
}
