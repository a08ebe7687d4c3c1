/** What `match` and `dial` have in common: the garments nearest to a point, as the store has them now. */
import { type Static, Type } from 'typebox';
import type { Edition } from '../edition/edition.ts';
import { yardstickFor } from '../edition/yardsticks.ts';
import { LookdialError } from '../errors.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { Hit } from '../matching/flat-search.ts';
import { SearchCancelled } from '../matching/scan/scan-part.ts';
import { nearnessOf, type Yardstick } from '../matching/yardstick.ts';
import { viewOf } from './garment-view.ts';
import type { Match, MatchAnswer, MatchRequest } from './match-schemas.ts';
import { checkDimensions } from './points.ts';
import type { StepTimes } from './step-times.ts';

const DEFAULT_MATCHES = 24;

/** The header by which a screen says which one it is. */
export const ScreenHeaders = Type.Object({
  'x-screen': Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9._-]{1,64}$',
      description: 'Names the screen: its newer question takes the place of one that has no answer yet (`superseded`).',
    }),
  ),
});

/** Who waits for an answer. */
export interface Asker {
  /** When the request began, milliseconds of `performance.now()`. */
  readonly since: number;
  /** Aborts when nobody waits any more. */
  readonly gone: AbortSignal;
  /** Of one stream only the newest question is answered. */
  readonly stream: string | undefined;
  /** Told how long the search took. */
  readonly times: StepTimes;
}

/** @param call a screen's calls are streams of their own: what it compares beside a drag does not end the drag */
export const askerOf = (
  call: string,
  headers: Static<typeof ScreenHeaders>,
  gone: AbortSignal,
  times: StepTimes,
): Asker => {
  const screen = headers['x-screen'];
  return { since: performance.now(), gone, stream: screen === undefined ? undefined : `${call} ${screen}`, times };
};

/**
 * The best matches among the garments that pass the filters; none where none passes.
 * @param z the point, n numbers
 * @throws LookdialError `invalid-request` for a dimension the model has not, `superseded` where a newer question came; the
 * signal's reason where nobody waits any more
 */
export async function answerMatch(
  edition: Edition,
  catalogue: Catalogue,
  z: Float64Array,
  request: MatchRequest,
  { since, gone, stream, times }: Asker,
): Promise<MatchAnswer> {
  checkDimensions(edition, request.on);
  const { manifest } = edition.bundle;
  const tolerance = request.tolerance ?? manifest.tolerance;
  const { k = DEFAULT_MATCHES, metric = 'log-likelihood', on, filter = {} } = request;
  const query = {
    z,
    k,
    metric,
    tolerance,
    shareTolerance: manifest.shareTolerance,
    allowed: catalogue.allowed(filter, edition.garments).mask,
    ...(on === undefined ? {} : { on }),
  };
  const how = { signal: gone, ...(stream === undefined ? {} : { stream }) };
  const asked = times.of('search', () => edition.search.search(query, how));
  const { hits, typicality, considered } = await asked.catch(error => throwCancelled(error, gone));
  const yardstick = yardstickFor(edition, catalogue, { categories: filter.categories, on, tolerance });
  const dimensions = on?.length ?? z.length;
  return {
    matches: matchesOf(hits, catalogue, { yardstick, dimensions, latentDim: z.length }),
    typicality: { centile: typicality.centile, verdict: typicality.verdict },
    considered,
    tolerance,
    z: Array.from(z),
    edition: edition.id,
    tookMs: Math.round((performance.now() - since) * 1000) / 1000,
  };
}

/** How near a hit is judged to be. */
interface Judged {
  readonly yardstick: Yardstick;
  /** How many dimensions were matched on, and how many the model has. */
  readonly dimensions: number;
  readonly latentDim: number;
}

/** What was found, as the API shows it. */
export function matchesOf(
  hits: readonly Hit[],
  catalogue: Catalogue,
  { yardstick, dimensions, latentDim }: Judged,
): Match[] {
  return hits.flatMap(({ sku, logLikelihood, mahalanobisSquared, share }) => {
    const garment = catalogue.item(sku);
    if (garment === undefined) return [];
    const judged = nearnessOf(mahalanobisSquared / dimensions, yardstick);
    // Whoever looks at some dials alone cannot see that it is the very one.
    const nearness = judged === 'very-one' && dimensions < latentDim ? 'in-stock-like' : judged;
    return [{ ...viewOf(garment), logLikelihood, mahalanobisSquared, share, nearness }];
  });
}

/** What came of a search that was given up. */
export function throwCancelled(error: unknown, gone: AbortSignal): never {
  if (!(error instanceof SearchCancelled)) throw error;
  gone.throwIfAborted();
  throw new LookdialError('superseded', 'The same screen has asked again since. Show the answer to that.', {
    cause: error,
  });
}
