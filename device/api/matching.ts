/** What `match` and `dial` have in common: the garments nearest to a point, as the store has them now. */
import type { Edition } from '../edition/edition.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { viewOf } from './garment-view.ts';
import { checkDimensions } from './points.ts';
import type { Match, MatchAnswer, MatchRequest } from './schemas.ts';

const DEFAULT_MATCHES = 24;

/**
 * The best matches among the garments that pass the filters; none where none passes.
 * @param z the point, n numbers
 * @param since when the request began, milliseconds of `performance.now()`
 * @throws LookdialError `invalid-request` for a dimension the model has not
 */
export async function answerMatch(
  edition: Edition,
  catalogue: Catalogue,
  z: Float64Array,
  request: MatchRequest,
  since: number,
): Promise<MatchAnswer> {
  checkDimensions(edition, request.on);
  const { manifest } = edition.bundle;
  const tolerance = request.tolerance ?? manifest.tolerance;
  const { k = DEFAULT_MATCHES, metric = 'log-likelihood', on, filter = {} } = request;
  const { hits, typicality, considered } = await edition.search.search({
    z,
    k,
    metric,
    tolerance,
    shareTolerance: manifest.shareTolerance,
    allowed: catalogue.allowed(filter, edition.garments).mask,
    ...(on === undefined ? {} : { on }),
  });
  const matches: Match[] = [];
  for (const { sku, logLikelihood, mahalanobisSquared, share } of hits) {
    const garment = catalogue.item(sku);
    if (garment !== undefined) matches.push({ ...viewOf(garment), logLikelihood, mahalanobisSquared, share });
  }
  return {
    matches,
    typicality: { centile: typicality.centile, verdict: typicality.verdict },
    considered,
    tolerance,
    z: Array.from(z),
    edition: edition.id,
    tookMs: Math.round((performance.now() - since) * 1000) / 1000,
  };
}
