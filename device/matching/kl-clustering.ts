/**
 * k-means over Gaussians under KL(q_i || c): one clustering and its steps (Davis & Dhillon 2006, the diagonal case;
 * matching.md, section 5). No step raises the objective, the sum of KL(q_i || its centre).
 */
import type { EncodingIndex } from './index-file.ts';
import type { Random } from './random.ts';

/** mu_c = mean(mu_i), sigma_c^2 = mean(sigma_i^2 + (mu_i - mu_c)^2): the centre with the least sum of KL(q_i || c). */
export function momentMatch(index: EncodingIndex, rows: readonly number[]): { mu: Float64Array; sigma: Float64Array } {
  const n = index.latentDim;
  const mu = new Float64Array(n);
  const variance = new Float64Array(n);
  for (const row of rows) for (let d = 0; d < n; d += 1) mu[d] = mu[d]! + index.mu[row * n + d]! / rows.length;
  for (const row of rows) {
    for (let d = 0; d < n; d += 1) {
      const difference = index.mu[row * n + d]! - mu[d]!;
      variance[d] = variance[d]! + (index.sigma[row * n + d]! ** 2 + difference * difference) / rows.length;
    }
  }
  return { mu, sigma: variance.map(Math.sqrt) };
}

/** One clustering of some rows: `place` p stands for the p-th of them. */
export class KlClustering {
  readonly #index: EncodingIndex;
  readonly #rows: readonly number[];
  readonly #n: number;
  /** sum_d log sigma^2 of each place: all of its KL that no centre changes. */
  readonly #logs: Float64Array;
  /** Of each centre: n means, n numbers 1 / sigma^2, and sum_d log sigma^2. */
  readonly #mu: Float64Array;
  readonly #precision: Float64Array;
  readonly #centreLogs: Float64Array;
  /** The family of each place. */
  readonly family: Int32Array;
  /** KL(q || centre of its family) of each place, nats. */
  readonly loss: Float64Array;

  /** Seeded in the manner of k-means++. @param families 1 to the number of rows */
  constructor(index: EncodingIndex, rows: readonly number[], families: number, random: Random) {
    const n = index.latentDim;
    this.#index = index;
    this.#rows = rows;
    this.#n = n;
    this.#logs = Float64Array.from(rows, row => {
      let logs = 0;
      for (let d = 0; d < n; d += 1) logs += 2 * Math.log(index.sigma[row * n + d]!);
      return logs;
    });
    this.#mu = new Float64Array(families * n);
    this.#precision = new Float64Array(families * n);
    this.#centreLogs = new Float64Array(families);
    this.family = new Int32Array(rows.length);
    this.loss = new Float64Array(rows.length).fill(Number.POSITIVE_INFINITY);
    this.#seed(random);
    this.#repair();
  }

  get families(): number {
    return this.#centreLogs.length;
  }

  get objective(): number {
    return this.loss.reduce((sum, value) => sum + value, 0);
  }

  /** Places by family; none is empty. */
  members(): number[][] {
    const members: number[][] = Array.from({ length: this.families }, () => []);
    this.family.forEach((family, place) => {
      members[family]!.push(place);
    });
    return members;
  }

  /** Moves each centre to the moment match of its members, then each garment to the nearest centre. Did any move? */
  step(): boolean {
    this.members().forEach((places, centre) => {
      const match = momentMatch(
        this.#index,
        places.map(place => this.#rows[place]!),
      );
      this.#place(centre, match.mu, match.sigma);
    });
    const before = this.family.slice();
    this.loss.fill(Number.POSITIVE_INFINITY);
    this.#assign(0, this.families);
    this.#repair();
    return this.family.some((family, place) => family !== before[place]);
  }

  /** The first centre is any garment; each next is drawn in proportion to what the garments lose so far. */
  #seed(random: Random): void {
    let place = random.integer(this.#rows.length);
    for (let centre = 0; centre < this.families; centre += 1) {
      this.#placeOn(centre, place);
      this.#assign(centre, centre + 1);
      let left = random.uniform() * this.objective;
      place = this.loss.findIndex(loss => {
        left -= loss;
        return loss > 0 && left <= 0;
      });
      // Where all garments stand on centres already, any will do: the repair spreads them.
      if (place === -1) place = random.integer(this.#rows.length);
    }
  }

  #place(centre: number, mu: ArrayLike<number>, sigma: ArrayLike<number>): void {
    let logs = 0;
    for (let d = 0; d < this.#n; d += 1) {
      this.#mu[centre * this.#n + d] = mu[d]!;
      this.#precision[centre * this.#n + d] = 1 / (sigma[d]! * sigma[d]!);
      logs += 2 * Math.log(sigma[d]!);
    }
    this.#centreLogs[centre] = logs;
  }

  /** Puts a centre on one garment's posterior. */
  #placeOn(centre: number, place: number): void {
    const { mu, sigma } = this.#index.posterior(this.#rows[place]!);
    this.#place(centre, mu, sigma);
  }

  /** Gives each garment to the nearest of centres `from` to `to` - 1, where that is nearer than its own. */
  #assign(from: number, to: number): void {
    const { mu, sigma } = this.#index;
    const [n, means, precisions] = [this.#n, this.#mu, this.#precision];
    for (let place = 0; place < this.#rows.length; place += 1) {
      const start = this.#rows[place]! * n;
      let least = this.loss[place]!;
      let nearest = this.family[place]!;
      for (let centre = from; centre < to; centre += 1) {
        const at = centre * n;
        let scaled = 0;
        for (let d = 0; d < n; d += 1) {
          const difference = mu[start + d]! - means[at + d]!;
          const spread = sigma[start + d]!;
          scaled += (spread * spread + difference * difference) * precisions[at + d]!;
        }
        const loss = 0.5 * (this.#centreLogs[centre]! - this.#logs[place]! + scaled - n);
        if (loss < least) {
          least = Math.max(0, loss);
          nearest = centre;
        }
      }
      this.loss[place] = least;
      this.family[place] = nearest;
    }
  }

  /** Gives each emptied family the garment that fits its own the worst. */
  #repair(): void {
    const sizes = new Int32Array(this.families);
    for (const family of this.family) sizes[family] = sizes[family]! + 1;
    sizes.forEach((size, empty) => {
      if (size > 0) return;
      let worst = -1;
      this.loss.forEach((loss, place) => {
        if (sizes[this.family[place]!]! > 1 && (worst === -1 || loss > this.loss[worst]!)) worst = place;
      });
      const donor = this.family[worst]!;
      sizes[donor] = sizes[donor]! - 1;
      sizes[empty] = 1;
      this.#placeOn(empty, worst);
      this.family[worst] = empty;
      this.loss[worst] = 0;
    });
  }
}
