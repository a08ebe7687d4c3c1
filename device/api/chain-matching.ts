/** What `match` answers with `scope: "chain"`: garments that other stores have, and that do not hang here. */
import type { ChainLink, ChainMatch as Found } from '../chain/chain-link.ts';
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { passes } from '../inventory/stock-filter.ts';
import type { ChainAnswer, ChainMatch } from './chain-schemas.ts';
import type { MatchRequest } from './match-schemas.ts';

const DEFAULT_MATCHES = 24;

/** Where a chain's picture is on this box: an address that changes with the picture. */
const chainImagePath = (sku: string, hash: string): string =>
  `/api/v1/chain/items/${encodeURIComponent(sku)}/image?v=${hash.slice(0, 16)}`;

const viewOf = ({ sku, logLikelihood, mahalanobisSquared, garment }: Found): ChainMatch => {
  const { title, category, colour, price, currency, picture, stores, stock } = garment;
  return {
    sku,
    title,
    category,
    colour,
    price,
    currency,
    image: picture === null ? null : chainImagePath(sku, picture),
    logLikelihood,
    mahalanobisSquared,
    storeCount: stores,
    stores: stock,
  };
};

/** @throws LookdialError `chain-unset` */
export function chainOf({ chain }: { readonly chain?: ChainLink | undefined }): ChainLink {
  if (chain !== undefined) return chain;
  throw new LookdialError('chain-unset', 'The setting chainConnection says where its catalogue is: docs/chain.md.', {
    field: 'scope',
  });
}

/** The chain's index holds one measure, over all dimensions, with one tolerance. */
function refuseOther({ metric, on, tolerance }: MatchRequest, known: number): void {
  const refuse = (field: string, detail: string): never => {
    throw new LookdialError('invalid-request', `${detail}, for scope chain.`, { field });
  };
  if (metric !== undefined && metric !== 'log-likelihood') refuse('metric', 'metric must be log-likelihood');
  if (on !== undefined) refuse('on', 'on must be left out');
  if (tolerance !== undefined && tolerance !== known)
    refuse('tolerance', `tolerance must be the model’s own, ${known}`);
}

/**
 * @param since when the request began, milliseconds of `performance.now()`
 * @throws LookdialError `invalid-request` for what the chain cannot be asked; `chain-unavailable`
 */
export async function answerChainMatch(
  edition: Edition,
  catalogue: Catalogue,
  chain: ChainLink,
  z: Float64Array,
  request: MatchRequest,
  { since, gone }: { readonly since: number; readonly gone: AbortSignal },
): Promise<ChainAnswer> {
  const { manifest, encoderDigest: encoder } = edition.bundle;
  const { tolerance, latentDim } = manifest;
  refuseOther(request, tolerance);
  const { k = DEFAULT_MATCHES, filter = {} } = request;
  const isHere = (sku: string): boolean => {
    const garment = catalogue.item(sku);
    return garment !== undefined && passes(garment, filter);
  };
  const found = await chain.match({ encoder, latentDim, tolerance, z, filter, k, isHere }, gone);
  return {
    scope: 'chain',
    matches: found.map(viewOf),
    tolerance,
    z: Array.from(z),
    edition: edition.id,
    tookMs: Math.round((performance.now() - since) * 1000) / 1000,
  };
}
