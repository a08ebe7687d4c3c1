/** The first half of an import: the file read against what is there. A rehearsal ends with it. */
import { basename, join } from 'node:path';
import { LookdialError } from '../errors.ts';
import { formatOf } from '../inference/pictures.ts';
import { CATALOGUE_DATABASE, type Problem } from './catalogue.ts';
import { type CatalogueFormat, formatOfCatalogue, type RowProblem, readCatalogue } from './catalogue-file.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { type Delimiter, lookAt } from './csv.ts';
import { ImportMerge, type MergeOptions } from './import-merge.ts';
import { type ImportCounts, ImportRows, type TakePicture } from './import-rows.ts';
import { ImportStage } from './import-stage.ts';
import { inLanes } from './lanes.ts';
import { AT_ONCE } from './picture-encoder.ts';
import { sha256 } from './picture-files.ts';
import { StorePictures } from './store-folder.ts';
import { detectEncoding, type TextEncoding } from './text-encoding.ts';

export interface ImportSource {
  /** The file; left out, nothing is read, and what has no encoding by this model is encoded from the pictures kept. */
  readonly catalogue?: string | undefined;
  /** The folder its pictures are in. */
  readonly pictures: string;
  /** The state folder. */
  readonly data: string;
  /** By the file's ending unless said otherwise. */
  readonly format?: CatalogueFormat | undefined;
  /** Found out unless said. */
  readonly encoding?: TextEncoding | undefined;
  readonly delimiter?: Delimiter | undefined;
  readonly mapping?: ColumnMapping | undefined;
  /** Garments that an earlier import brought and the file no longer has are taken away; they stay unless said. */
  readonly removeMissing?: boolean | undefined;
  readonly maxPictureBytes: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportReport extends ImportCounts {
  /** Garments taken away. */
  readonly removed: number;
  /** In the catalogue now, from this file and from elsewhere. */
  readonly garments: number;
  /** Rows that were left out, every one. */
  readonly problems: readonly RowProblem[];
  /** Pictures that could not be read or encoded. */
  readonly failed: readonly Problem[];
  readonly suspicious: readonly Problem[];
  /** What was found out about the file, and what was mended in the state folder: sentences. */
  readonly notices: readonly string[];
  readonly encoded: number;
  /** Zero where nothing was written. */
  readonly indexBytes: number;
}

/** What every import does first, whether it writes or not. */
interface Reading {
  readonly rows: ImportRows;
  readonly options: MergeOptions;
  readonly notices: string[];
}

/** @throws LookdialError `store-invalid` where no row can be taken; the signal's reason where it was stopped */
export async function readRows(
  source: ImportSource,
  merge: ImportMerge,
  stage: ImportStage,
  takePicture: TakePicture,
): Promise<Reading> {
  const { catalogue, mapping, removeMissing = false, signal } = source;
  // A collection that is made up gives way to a store that is not.
  const afresh = merge.store?.demonstration === true && catalogue !== undefined;
  const rows = new ImportRows({ merge, stage, takePicture, afresh });
  const notices: string[] = [];
  if (catalogue === undefined) return { rows, notices, options: { removeMissing: false, removeOthers: false } };
  const format = source.format ?? formatOfCatalogue(catalogue);
  const encoding = source.encoding ?? (await detectEncoding(catalogue, signal));
  const delimiter = format === 'csv' ? (source.delimiter ?? (await lookAt(catalogue)).delimiter) : undefined;
  const between = delimiter === undefined ? '' : `, with ${delimiter === ';' ? 'semicolons' : 'commas'}`;
  notices.push(`${basename(catalogue)} is read as ${encoding === 'utf-8' ? 'UTF-8' : 'Latin-1'}${between}.`);
  const file = { format, encoding, delimiter, mapping, needsImage: false, signal };
  let total = 0;
  for await (const _ of readCatalogue(catalogue, file)) total++;
  source.onProgress?.(0, total);
  const take = async (row: Parameters<ImportRows['take']>[0]): Promise<void> => {
    await rows.take(row);
    source.onProgress?.(rows.counts.rows, total);
  };
  await inLanes(readCatalogue(catalogue, file), AT_ONCE, take, signal);
  if (rows.counts.rows === rows.problems.length) {
    const [first] = rows.problems;
    const why = first === undefined ? 'It has none.' : `The first, on line ${first.line}: ${first.reason}.`;
    throw new LookdialError('store-invalid', `No row of ${catalogue} could be taken, so nothing was changed. ${why}`);
  }
  if (removeMissing && rows.nameless) {
    notices.push(
      'No garment was taken away: a row could not be read at all, and may be that of any garment that is missing.',
    );
  }
  return { rows, notices, options: { removeMissing: removeMissing && !rows.nameless, removeOthers: afresh } };
}

/**
 * What an import would do, without a model and without a trace: pictures are read and not decoded.
 * @throws LookdialError `store-invalid`, `config-invalid` as the import would
 */
export async function rehearseImport(source: ImportSource, catalogueExists: boolean): Promise<ImportReport> {
  const merge = new ImportMerge(catalogueExists ? join(source.data, CATALOGUE_DATABASE) : ':memory:');
  const stage = new ImportStage();
  try {
    const pictures = new StorePictures(source.pictures, source.maxPictureBytes);
    const takePicture: TakePicture = async ({ image }, before) => {
      try {
        const bytes = await pictures.read(image, source.signal);
        const [digest, format] = [sha256(bytes), formatOf(bytes)];
        if (before !== undefined && digest.equals(before)) return { kind: 'same' };
        if (format === undefined)
          return { kind: 'fault', fault: { reason: `${image}: It is neither a JPEG, a PNG nor a WebP picture.` } };
        return { kind: 'new', digest, picture: { hash: digest.toString('hex'), type: `image/${format}` } };
      } catch (error) {
        if (!(error instanceof LookdialError)) throw error;
        return { kind: 'fault', fault: { reason: `${image}: ${error.message}` } };
      }
    };
    const { rows, options, notices } = await readRows(source, merge, stage, takePicture);
    const { removed, garments } = merge.rehearse(stage, options, gone => ({ removed: gone, garments: merge.count }));
    const { problems, failed } = rows;
    const nothing = { suspicious: [], encoded: 0, indexBytes: 0 };
    return { ...rows.counts, removed, garments, problems, failed, notices, ...nothing };
  } finally {
    stage.close();
    merge.close();
  }
}
