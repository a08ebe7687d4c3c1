/** The style families of an edition: computed when first asked for, beside the event loop, and kept with the edition. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LookdialError } from '../errors.ts';
import { STYLES_SEED } from '../matching/map/store-map.ts';
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

async function compute(job: StylesJob): Promise<Family[]> {
  const worker = new Worker(new URL('./styles-worker.ts', import.meta.url), { workerData: job });
  try {
    const [families]: [Family[]] = await Promise.race([
      once(worker, 'message') as Promise<[Family[]]>,
      once(worker, 'exit').then(([code]) => {
        throw new LookdialError('internal', `The style families’ thread ended with code ${code} and no answer.`);
      }),
    ]);
    return families;
  } finally {
    await worker.terminate();
  }
}

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
