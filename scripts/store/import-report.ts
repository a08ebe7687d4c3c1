/** What an import did and found, for a person to read. */
import type { ImportReport } from '../../device/inventory/import-read.ts';
import { counted, duration } from './progress.ts';
import { bytes, list } from './report.ts';

export interface ImportFacts {
  readonly catalogue: string;
  readonly index: string;
  readonly dryRun: boolean;
  readonly milliseconds: number;
}

/** The summary, line by line. Rows that were left out are all there: whoever mends the file needs every one. */
export function importSummary(report: ImportReport, facts: ImportFacts): string[] {
  const { added, changed, unchanged, removed, restocked, garments, problems, failed, suspicious, encoded } = report;
  const { catalogue, index, dryRun, milliseconds } = facts;
  const rows = [...problems].sort((a, b) => a.line - b.line);
  const pictures = [...failed].sort((a, b) => (a.sku < b.sku ? -1 : 1));
  return [
    ...report.notices.map(notice => `Note: ${notice}`),
    dryRun ? `${catalogue} would be imported; nothing was written.` : `${catalogue} is imported.`,
    `  added ${counted(added)}, changed ${counted(changed)}, unchanged ${counted(unchanged)}, failed ${counted(problems.length)}, removed ${counted(removed)}`,
    `  stock written for ${counted(restocked)} garments that were there; ${counted(garments)} garments in the store ${dryRun ? 'then' : 'now'}`,
    ...(dryRun ? [] : [`  pictures encoded now ${counted(encoded)}`, `  ${index}, ${bytes(report.indexBytes)}`]),
    `  in ${duration(milliseconds)}`,
    ...list(
      `${counted(rows.length)} rows ${dryRun ? 'would be' : 'were'} left out. Mend them and import again:`,
      rows.map(({ line, sku, reason }) => `line ${line}${sku === null ? '' : ` (${sku})`}: ${reason}`),
      Number.POSITIVE_INFINITY,
    ),
    ...list(
      `${counted(pictures.length)} pictures could not be taken; a garment without one is listed, and never matched:`,
      pictures.map(({ sku, reason }) => `${sku}: ${reason}`),
      Number.POSITIVE_INFINITY,
    ),
    ...list(
      `${counted(suspicious.length)} garments have an unusual encoding; they are matched all the same:`,
      suspicious.map(({ sku, reason }) => `${sku}: ${reason}`),
    ),
  ];
}
