/** One change of the store that waits to be made: what it asks for, why it may not be, and what the log has of it. */
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { GarmentPicture } from '../inventory/garment.ts';
import { encodedFrom } from '../inventory/picture-digest.ts';
import type { Posterior } from '../matching/posterior.ts';
import { isInDomain } from '../matching/scan/parts.ts';
import type { Change } from './live-edition.ts';

/** A garment's new picture, and what was made of it. */
export interface Arrival {
  /** Of a garment of the catalogue. */
  readonly sku: string;
  readonly picture: GarmentPicture;
  readonly bytes: Uint8Array;
  readonly posterior: Posterior;
  /** The kind it was read as, by a conditional encoder. */
  readonly condition: string | undefined;
  /** SHA-256 in hex of the encoder that read it. */
  readonly encoderDigest: string;
}

/** The picture was encoded by a model that is not the store's any more. */
export class OtherEncoder extends LookdialError {
  constructor() {
    super('not-ready', 'The model was changed meanwhile. Send the picture again.');
  }
}

export interface Job {
  readonly sku: string;
  /** Left out where the garment is to leave. */
  readonly arrival?: Arrival;
  readonly settle: PromiseWithResolvers<void>;
}

/** Changes that wait, in the order they were asked for. */
export class WaitingJobs {
  #jobs: Job[] = [];

  get size(): number {
    return this.#jobs.length;
  }

  /** Resolves when the change has been made. */
  add(job: Omit<Job, 'settle'>): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.#jobs.push({ ...job, settle });
    return settle.promise;
  }

  /** Those that may share one flush: all that wait, up to the second change of one garment, which waits for its first. */
  take(most: number): Job[] {
    const taken = new Map<string, Job>();
    for (let next = this.#jobs[0]; next !== undefined && !taken.has(next.sku); next = this.#jobs[0]) {
      if (taken.size === most) break;
      taken.set(next.sku, next);
      this.#jobs.shift();
    }
    return [...taken.values()];
  }
}

export const notThere = (sku: string): LookdialError =>
  new LookdialError('item-not-found', `There is no garment with the SKU ${JSON.stringify(sku)}.`, { field: 'sku' });

/** Why a change cannot be made, as things are; undefined where it can. */
export function refusalOf(
  { sku, arrival }: Job,
  { catalogue, bundle }: { readonly catalogue: Catalogue; readonly bundle: Bundle },
): LookdialError | undefined {
  if (catalogue.item(sku) === undefined) return notThere(sku);
  if (arrival === undefined) return undefined;
  const { posterior, encoderDigest } = arrival;
  if (encoderDigest !== bundle.encoderDigest) return new OtherEncoder();
  if (isInDomain(Float32Array.from(posterior.mu), Float32Array.from(posterior.sigma))) return undefined;
  return new LookdialError(
    'inference-failed',
    `The encoder’s answer to the picture of ${sku} has numbers that no search takes. Take another picture.`,
  );
}

export function changeOf({ sku, arrival }: Job): Change {
  if (arrival === undefined) return { kind: 'delete', sku };
  const { picture, condition, posterior } = arrival;
  return { kind: 'put', sku, pictureSha256: encodedFrom(Buffer.from(picture.hash, 'hex'), condition), ...posterior };
}
