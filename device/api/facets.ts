/** `POST /api/v1/facets`: how many garments each choice of a filter would leave, as the stock is now. */
import type { Edition } from '../edition/edition.ts';
import type { Catalogue } from '../inventory/catalogue.ts';
import { countFacets, type PriceBand, priceBands } from '../inventory/facet-counts.ts';
import type { Garment } from '../inventory/garment.ts';
import { bySize } from '../inventory/size-order.ts';
import { passes } from '../inventory/stock-filter.ts';
import { centralOf } from '../matching/central.ts';
import type { Facets } from './choice-schemas.ts';
import { imagePath } from './garment-view.ts';
import type { Filter } from './match-schemas.ts';
import { bodyFailures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

/** What does not depend on the filter: the choices there are, each with a garment that shows it. */
interface Choices {
  readonly edition: Edition;
  readonly changes: number;
  readonly rows: number;
  readonly garments: readonly Garment[];
  readonly bands: readonly PriceBand[];
  readonly categories: ReadonlyMap<string, string>;
  readonly colours: ReadonlyMap<string, string>;
  readonly sizes: readonly string[];
}

/** Most garments first, then by name: the name and where the picture of a garment of its middle is. */
function shownBy(edition: Edition, garments: readonly Garment[], of: (garment: Garment) => string | null) {
  const groups = new Map<string, Garment[]>();
  for (const garment of garments) {
    const name = of(garment);
    if (name === null) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [garment]);
    else group.push(garment);
  }
  const sorted = [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const { latentDim } = edition.bundle.manifest;
  return new Map(
    sorted.map(([name, group]) => {
      const rows = group.map(({ sku }) => edition.garments.rowOf(sku));
      return [name, imagePath(group[rows.indexOf(centralOf(edition.garments, latentDim, rows))]!)];
    }),
  );
}

function choicesOf(edition: Edition, catalogue: Catalogue): Choices {
  const garments = [...catalogue.everyGarment()].filter(({ sku }) => edition.garments.rowOf(sku) >= 0);
  const inStock = garments.filter(garment => passes(garment, {}));
  const sizes = new Set(
    inStock.flatMap(garment => (garment.sizes ?? []).flatMap(({ name, quantity }) => (quantity > 0 ? [name] : []))),
  );
  return {
    edition,
    changes: catalogue.changes,
    rows: edition.garments.changes,
    garments,
    bands: priceBands(inStock.flatMap(({ price }) => price ?? [])),
    categories: shownBy(edition, inStock, ({ category }) => category),
    colours: shownBy(edition, inStock, ({ colour }) => colour),
    sizes: [...sizes].sort(bySize),
  };
}

/** What is chosen stays to be seen, and to be taken back, when the last of it is sold. */
const withChosen = (there: Iterable<string>, chosen: readonly string[] = []): string[] => [
  ...new Set([...there, ...chosen]),
];

function facetsOf(choices: Choices, filter: Filter): Facets {
  const { edition, garments, bands } = choices;
  const counts = countFacets(garments, filter, bands);
  const shown = (
    images: ReadonlyMap<string, string>,
    counted: ReadonlyMap<string, number>,
    chosen: readonly string[] | undefined,
  ) =>
    withChosen(images.keys(), chosen).map(name => ({
      name,
      garments: counted.get(name) ?? 0,
      image: images.get(name) ?? null,
    }));
  return {
    considered: counts.considered,
    categories: shown(choices.categories, counts.categories, filter.categories),
    sizes: withChosen(choices.sizes, filter.sizes).map(name => ({ name, garments: counts.sizes.get(name) ?? 0 })),
    colours: shown(choices.colours, counts.colours, filter.colours),
    prices: counts.prices.map(band => ({ ...band })),
    edition: edition.id,
  };
}

export function facetRoutes(app: Api, { editions, catalogue }: Services): void {
  let kept: Choices | undefined;
  app.post(
    '/api/v1/facets',
    {
      schema: {
        operationId: 'facets',
        summary: 'How many garments each choice of a filter would leave',
        body: named('FacetsRequest'),
        response: { 200: named('Facets'), ...bodyFailures('not-ready') },
      },
    },
    async ({ body }) =>
      await editions.use(edition => {
        const { changes } = catalogue;
        if (kept?.edition !== edition || kept.changes !== changes || kept.rows !== edition.garments.changes) {
          kept = choicesOf(edition, catalogue);
        }
        return facetsOf(kept, body.filter ?? {});
      }),
  );
}
