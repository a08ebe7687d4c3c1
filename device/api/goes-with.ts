/** `POST /api/v1/goes-with`: garments of other kinds whose colour goes with what is dialled (matching.md, section 7). */
import { colourDialsOf } from '../edition/colour-sense.ts';
import type { Edition } from '../edition/edition.ts';
import { yardstickFor } from '../edition/yardsticks.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import type { GoesWith, GoesWithRequest } from './choice-schemas.ts';
import { whenGone } from './client-gone.ts';
import type { Match } from './match-schemas.ts';
import { matchesOf, throwCancelled } from './matching.ts';
import { readPoint } from './points.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const DEFAULT_MATCHES = 8;
/** So that what goes with a shirt is not six pairs of the same trousers. */
const OF_A_KIND = 2;

/** The kind of the garment nearest to z; null where it has none, or nothing hangs here. */
async function kindAt(edition: Edition, catalogue: Catalogue, z: Float64Array): Promise<string | null> {
  const { mask } = catalogue.allowed({}, edition.garments);
  const { hits } = await edition.search.search({ z, k: 1, allowed: mask });
  return hits[0] === undefined ? null : (catalogue.item(hits[0].sku)?.category ?? null);
}

interface Asked {
  readonly catalogue: Catalogue;
  /** Kinds in stock. */
  readonly kinds: readonly string[];
  readonly gone: AbortSignal;
}

async function goesWith(
  edition: Edition,
  { catalogue, kinds, gone }: Asked,
  request: GoesWithRequest,
): Promise<GoesWith> {
  const z = readPoint(edition, request);
  const { k = DEFAULT_MATCHES } = request;
  const category = request.category ?? (await kindAt(edition, catalogue, z));
  const on = [...colourDialsOf(edition, catalogue)];
  const answer = { on, category, edition: edition.id };
  if (on.length === 0) return { matches: [], ...answer };
  const { tolerance } = edition.bundle.manifest;
  const found: Match[] = [];
  for (const name of kinds) {
    if (name === category) continue;
    const categories = [name];
    const { mask } = catalogue.allowed({ categories }, edition.garments);
    const asked = edition.search.search({ z, k: OF_A_KIND, on, tolerance, allowed: mask }, { signal: gone });
    const { hits } = await asked.catch(error => throwCancelled(error, gone));
    const yardstick = yardstickFor(edition, catalogue, { categories, on, tolerance });
    found.push(...matchesOf(hits, catalogue, { yardstick, dimensions: on.length, latentDim: z.length }));
  }
  found.sort((a, b) => b.logLikelihood - a.logLikelihood || (a.sku < b.sku ? -1 : 1));
  return { matches: found.slice(0, k), ...answer };
}

export function goesWithRoutes(app: Api, { editions, catalogue }: Services): void {
  let kept = { changes: -1, kinds: [] as string[] };
  const kindsInStock = (): string[] => {
    const { changes } = catalogue;
    if (kept.changes !== changes) kept = { changes, kinds: catalogue.facets().categories.map(({ name }) => name) };
    return kept.kinds;
  };

  app.post(
    '/api/v1/goes-with',
    {
      schema: {
        operationId: 'goesWith',
        summary: 'Garments of other kinds that go with a point, by colour alone',
        description: 'Exactly one of `dials` and `z`. `share` is among the garments of the match’s own kind.',
        body: named('GoesWithRequest'),
        response: { 200: named('GoesWith'), ...bodyFailures('invalid-point', 'superseded', 'not-ready') },
      },
    },
    async ({ body }, reply) => {
      const gone = whenGone(reply);
      return await editions.use(edition => goesWith(edition, { catalogue, kinds: kindsInStock(), gone }, body));
    },
  );
}
