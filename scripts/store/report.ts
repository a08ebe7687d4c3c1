/** What an indexing run did and found, for a person to read. */
import type { IndexReport } from '../../device/inventory/index-store.ts';
import { counted, duration } from './progress.ts';

/** So many of one kind are listed; the catalogue has them all. */
const LISTED = 50;

export const bytes = (count: number): string =>
  count < 1_000_000 ? `${(count / 1_000).toFixed(1)} kB` : `${(count / 1_000_000).toFixed(1)} MB`;

/** @param most how many are listed; of the others there is a count */
export function list(heading: string, lines: readonly string[], most = LISTED): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - most;
  const shown = lines.slice(0, most).map(line => `  ${line}`);
  return ['', heading, ...shown, ...(more > 0 ? [`  and ${counted(more)} more`] : [])];
}

export interface RunFacts {
  readonly name: string;
  readonly folder: string;
  readonly index: string;
  readonly milliseconds: number;
}

/** The summary, line by line. */
export function summary(report: IndexReport, { name, folder, index, milliseconds }: RunFacts): string[] {
  const { garments, encoded, reused, failed, suspicious, rows, notices, indexBytes } = report;
  const rate = encoded === 0 ? '' : `, ${counted(Math.round((encoded * 1_000) / milliseconds))} garments/s`;
  const problems = [...failed].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  return [
    ...notices.map(notice => `Note: ${notice}`),
    `The store “${name}” is indexed: ${counted(garments)} garments of ${folder}.`,
    `  encoded now ${counted(encoded)}, known from before ${counted(reused)}, not encoded ${counted(failed.length)}`,
    `  ${index}, ${bytes(indexBytes)}`,
    `  in ${duration(milliseconds)}${rate}`,
    ...list(
      `${counted(rows.length)} rows of catalogue.csv were left out. Mend them and run it again:`,
      rows.map(({ line, sku, reason }) => `line ${line}${sku === null ? '' : ` (${sku})`}: ${reason}`),
    ),
    ...list(
      `${counted(failed.length)} garments could not be encoded; they are listed, and never matched:`,
      problems.map(({ sku, reason }) => `${sku}: ${reason}`),
    ),
    ...list(
      `${counted(suspicious.length)} garments have an unusual encoding; they are matched all the same:`,
      suspicious.map(({ sku, reason }) => `${sku}: ${reason}`),
    ),
  ];
}
