/** The style families of an edition: computed when first asked for, beside the event loop, and kept with the edition. */
import { STYLES_SEED } from '../matching/map/store-map.ts';
import { oneJob } from '../one-job-thread.ts';
import type { Edition } from './edition.ts';

export interface Family {
  /** How many garments are in it. */
  readonly garments: number;
  /** The row of the garment that stands for it. */
  readonly medoid: number;
  readonly mu: readonly number[];
  readonly sigma: readonly number[];
}

export interface StylesJob {
  readonly bytes: Uint8Array;
  readonly encoderDigest: string;
  readonly latentDim: number;
  readonly families: number | undefined;
  readonly rows: readonly number[];
  readonly seed: number;
}

const compute = (job: StylesJob): Promise<Family[]> =>
  oneJob(new URL('./styles-worker.ts', import.meta.url), job, 'the style families');

export class StyleFamilies {
  readonly #kept = new WeakMap<Edition, Map<number | undefined, Promise<readonly Family[]>>>();

  /**
   * @param families how many; chosen by the data where left out
   * @param rows asked for the rows to cluster when they are needed: those that the catalogue has
   */
  of(edition: Edition, families: number | undefined, rows: () => number[]): Promise<readonly Family[]> {
    let kept = this.#kept.get(edition);
    if (kept === undefined) {
      kept = new Map();
      this.#kept.set(edition, kept);
    }
    const known = kept.get(families);
    if (known !== undefined) return known;
    const { indexBytes: bytes, index } = edition;
    const { encoderDigest, latentDim } = index;
    const made = compute({ bytes, encoderDigest, latentDim, families, rows: rows(), seed: STYLES_SEED });
    kept.set(families, made);
    // A failure is not kept: the next one to ask tries again.
    made.catch(() => kept.delete(families));
    return made;
  }

  /** Forgets an edition's families, as when a garment that stood for one has left the catalogue. */
  forget(edition: Edition): void {
    this.#kept.delete(edition);
  }
}
