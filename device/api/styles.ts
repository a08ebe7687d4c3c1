/** `GET /api/v1/styles`: the store's style families, each shown by the garment that stands for it. */
import type { Edition } from '../edition/edition.ts';
import { type Family, StyleFamilies } from '../edition/styles.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { whenGone } from './client-gone.ts';
import { viewOf } from './garment-view.ts';
import { type Styles, StylesQuery } from './match-schemas.ts';
import { dialsOf } from './points.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';
import { Turns } from './turns.ts';

/** Clusterings that may wait for the one that runs. */
const MAY_WAIT = 8;

/** Rows of the garments the catalogue has, in stock or not: a sale does not change the store's styles. */
function rowsOf(catalogue: Catalogue, { garments, index }: Edition): number[] {
  const { mask } = catalogue.allowed({ inStock: false }, garments);
  // What has come since the index was built joins the families when it is in the next one, a minute later.
  return Array.from(mask.keys()).filter(row => mask[row] !== 0 && row < index.count);
}

/** Undefined where a garment that stands for a family has left the catalogue. */
function show(catalogue: Catalogue, edition: Edition, families: readonly Family[]): Styles['families'] | undefined {
  const shown: Styles['families'] = [];
  for (const { garments, medoid, mu, sigma } of families) {
    const garment = catalogue.item(edition.index.sku(medoid));
    if (garment === undefined) return undefined;
    shown.push({ garments, medoid: viewOf(garment), mu: [...mu], sigma: [...sigma], dials: dialsOf(edition, mu) });
  }
  return shown;
}

export function stylesRoutes(app: Api, { editions, catalogue }: Services): void {
  const styles = new StyleFamilies();
  const turns = new Turns('clusterings', 1, MAY_WAIT);
  app.get(
    '/api/v1/styles',
    {
      schema: {
        operationId: 'styles',
        summary: 'The style families of the store, largest first',
        querystring: StylesQuery,
        response: { 200: named('Styles'), ...failures('busy', 'not-ready') },
      },
    },
    async (request, reply) =>
      await editions.use(async edition => {
        const compute = (): Promise<readonly Family[]> =>
          turns.run(
            () => styles.of(edition, request.query.families, () => rowsOf(catalogue, edition)),
            whenGone(reply),
          );
        const known = show(catalogue, edition, await compute());
        if (known !== undefined) return { families: known, edition: edition.id };
        styles.forget(edition);
        return { families: show(catalogue, edition, await compute()) ?? [], edition: edition.id };
      }),
  );
}
