/** Whether the daemon can answer a shopper, found out by doing so: a canary is decoded, and the index is searched at it. */
import type { Edition } from '../edition/edition.ts';
import type { EditionHolder } from '../edition/holder.ts';

/** Of an edition what a check needs. */
export type Checked = Pick<Edition, 'id' | 'bundle' | 'inference' | 'search'>;

/** The canary: the middle of the latent space, where every model has something to show. */
const canary = ({ bundle }: Checked): Float64Array => new Float64Array(bundle.manifest.latentDim);

/** @throws Error what is not as it should be, as a sentence */
async function decodes(edition: Checked): Promise<void> {
  const { width, height, rgba } = await edition.inference.decode(canary(edition));
  const expected = width * height * 4;
  if (rgba.length !== expected) throw new Error(`The canary's picture has ${rgba.length} bytes, expected ${expected}.`);
}

/** @throws Error likewise */
async function searches(edition: Checked): Promise<void> {
  const { tolerance, shareTolerance } = edition.bundle.manifest;
  const query = { z: canary(edition), k: 1, metric: 'log-likelihood' as const, tolerance, shareTolerance };
  const { hits } = await edition.search.search(query);
  // A store may be empty.
  const wrong = hits.find(({ logLikelihood }) => !Number.isFinite(logLikelihood));
  if (wrong) throw new Error(`The search gave ${wrong.sku} a likelihood of ${wrong.logLikelihood} for the canary.`);
}

export interface SelfCheckOptions {
  readonly editions: Pick<EditionHolder<Checked>, 'edition'>;
  /** Longest time both may take, milliseconds. */
  readonly withinMs: number;
}

/**
 * Looks once. That it comes to an end at all says that the event loop turns. The edition is looked at and not leased: a check is no
 * shopper, and work that waits for a quiet moment need not wait for it.
 * @throws Error the first thing that is wrong, as a sentence
 */
export async function checkSelf(options: SelfCheckOptions): Promise<void> {
  const { editions, withinMs } = options;
  const { edition } = editions;
  if (edition === undefined) throw new Error('No model is serving.');
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`The canary was not answered within ${withinMs} ms.`)),
    withinMs,
  );
  try {
    await Promise.race([Promise.all([decodes(edition), searches(edition)]), late.promise]);
  } catch (error) {
    // Left for another in the middle of it, and closed: the one that came is asked.
    if (editions.edition === edition) throw error;
    await checkSelf(options);
  } finally {
    clearTimeout(timer);
  }
}
