/** A retailer's catalogue, CSV or JSON lines, row by row: its length costs no memory, and a row that is wrong is told of. */
import { LookdialError } from '../errors.ts';
import { COLUMNS_SENTENCE, type DescribedRow, ObjectReader, type RowOptions, RowReader } from './catalogue-row.ts';
import { type CsvOptions, readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';

/** A row that could not be taken. */
export interface RowProblem {
  /** Line of the file that the row begins on; the header is line 1. */
  readonly line: number;
  readonly sku: string | null;
  /** A clause: what is wrong and what it should be. */
  readonly reason: string;
}

export type FileRow = (DescribedRow & { readonly line: number }) | RowProblem;

export type CatalogueFormat = 'csv' | 'jsonl';

export interface CatalogueFileOptions extends CsvOptions, RowOptions {
  readonly format: CatalogueFormat;
}

/** Of the later of two rows with one SKU. */
export const skuTwice = (sku: string, line: number): string =>
  `the SKU ${sku} is already on line ${line}: give this garment one of its own`;

/** By the file's ending. @throws LookdialError `store-invalid` for one that is neither */
export function formatOfCatalogue(path: string): CatalogueFormat {
  const ending = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  if (ending === 'csv') return 'csv';
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl';
  throw new LookdialError('store-invalid', `${path} is neither a .csv nor a .jsonl file: name it as what it is.`);
}

/** A file with a header. */
async function* readTable(path: string, options: CatalogueFileOptions): AsyncGenerator<FileRow> {
  let reader: RowReader | undefined;
  for await (const record of readCsv(path, options)) {
    const { line } = record;
    if (reader === undefined) {
      if ('reason' in record) {
        throw new LookdialError('store-invalid', `${path}, line ${line}: ${record.reason}. ${COLUMNS_SENTENCE}`);
      }
      reader = new RowReader(record.fields, path, options);
      continue;
    }
    const read = 'reason' in record ? { sku: null, reason: record.reason } : reader.read(record.fields);
    yield { line, ...read };
  }
  if (reader === undefined) throw new LookdialError('store-invalid', `${path} is empty. ${COLUMNS_SENTENCE}`);
}

async function* readObjects(path: string, options: CatalogueFileOptions): AsyncGenerator<FileRow> {
  const reader = new ObjectReader(options);
  for await (const one of readJsonLines(path, options)) {
    yield { line: one.line, ...('reason' in one ? { sku: null, reason: one.reason } : reader.read(one.value)) };
  }
}

/**
 * The rows of a file in its order. A SKU that comes twice is not looked for.
 * @throws LookdialError `store-invalid` where the file cannot be read as what it is said to be
 */
export function readCatalogue(path: string, options: CatalogueFileOptions): AsyncGenerator<FileRow> {
  return options.format === 'csv' ? readTable(path, options) : readObjects(path, options);
}
