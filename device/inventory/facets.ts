/** What the shopper's filters can offer. */
import type { DatabaseSync } from 'node:sqlite';

export interface Facet {
  readonly name: string;
  readonly garments: number;
}

/** What filters can offer: garments in stock that could be encoded, most first. */
export interface Facets {
  readonly categories: Facet[];
  /** A size counts where a garment has it in stock. */
  readonly sizes: Facet[];
  readonly colours: Facet[];
}

const IN_STOCK = `NOT EXISTS (SELECT 1 FROM problem WHERE problem.sku = garment.sku AND kind = 'not-encoded')
  AND (stock_known = 0 OR EXISTS (SELECT 1 FROM size WHERE size.sku = garment.sku AND quantity > 0))`;

export function facetsOf(database: DatabaseSync): Facets {
  const facet = (sql: string): Facet[] =>
    database
      .prepare(`${sql} GROUP BY name ORDER BY garments DESC, name`)
      .all()
      .map(row => ({ name: String(row.name), garments: Number(row.garments) }));
  const column = (name: 'category' | 'colour'): Facet[] =>
    facet(`SELECT ${name} AS name, count(*) AS garments FROM garment WHERE ${name} IS NOT NULL AND ${IN_STOCK}`);
  return {
    categories: column('category'),
    sizes: facet(`SELECT size.name AS name, count(*) AS garments FROM size JOIN garment USING (sku)
      WHERE quantity > 0 AND ${IN_STOCK}`),
    colours: column('colour'),
  };
}
