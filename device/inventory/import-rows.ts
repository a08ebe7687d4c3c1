/** Reads a retailer's file against what the last import read: what is new goes to the stage, the rest is counted. */
import { createHash } from 'node:crypto';
import type { FileRow, RowProblem } from './catalogue-file.ts';
import { skuTwice } from './catalogue-file.ts';
import type { CatalogueRow, DescribedRow, Part } from './catalogue-row.ts';
import type { Garment, GarmentPicture } from './garment.ts';
import type { ImportMerge } from './import-merge.ts';
import type { ImportStage, RowDigests } from './import-stage.ts';
import type { Fault, Problem } from './problem-table.ts';

export interface ImportCounts {
  /** Rows of the file so far, good and bad. */
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Rows whose stock was read anew. */
  readonly restocked: number;
}

/** What became of a row's picture. */
export type TakenPicture =
  /** Of the digest it had at the last import. */
  | { readonly kind: 'same' }
  | { readonly kind: 'new'; readonly digest: Uint8Array; readonly picture: GarmentPicture }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Looks at a row's picture. @param before its digest at the last import */
export type TakePicture = (row: CatalogueRow, before: Uint8Array | undefined) => Promise<TakenPicture>;

export interface RowsOptions {
  readonly merge: ImportMerge;
  readonly stage: ImportStage;
  readonly takePicture: TakePicture;
  /** What is in the catalogue counts for nothing: a collection that is made up gives way. */
  readonly afresh: boolean;
}

const NONE = new Uint8Array();

const digestOf = (value: unknown): Uint8Array => createHash('sha256').update(JSON.stringify(value)).digest();
const same = (one: Uint8Array | undefined, other: Uint8Array): boolean =>
  one !== undefined && Buffer.compare(one, other) === 0;

/** What a row says beside its stock and its picture. */
function describedDigest({ garment, parts }: DescribedRow): Uint8Array {
  const { sizes: _sizes, image: _image, ...described } = garment;
  return digestOf([[...parts].filter(part => part !== 'sizes').sort(), described]);
}

export class ImportRows {
  readonly #options: RowsOptions;
  #rows = 0;
  #added = 0;
  #changed = 0;
  #unchanged = 0;
  #restocked = 0;
  /** Rows that were left out. */
  readonly problems: RowProblem[] = [];
  /** Pictures that could not be taken. */
  readonly failed: Problem[] = [];

  constructor(options: RowsOptions) {
    this.#options = options;
  }

  get counts(): ImportCounts {
    const [rows, added, changed] = [this.#rows, this.#added, this.#changed];
    return { rows, added, changed, unchanged: this.#unchanged, restocked: this.#restocked };
  }

  /** Whether a row's SKU could not be read: then nobody knows what is missing from the file. */
  get nameless(): boolean {
    return this.problems.some(({ sku }) => sku === null);
  }

  async take(row: FileRow): Promise<void> {
    this.#rows++;
    if ('reason' in row) {
      // A garment whose row is wrong is not missing.
      if (row.sku !== null) this.#options.stage.see(row.sku, row.line);
      this.problems.push(row);
      return;
    }
    const { sku } = row.garment;
    const before = this.#options.stage.see(sku, row.line);
    if (before === undefined) await this.#settle(row);
    else this.problems.push({ line: row.line, sku, reason: skuTwice(sku, before) });
  }

  async #settle(row: DescribedRow): Promise<void> {
    const { garment, parts } = row;
    const { merge, afresh } = this.#options;
    const there = afresh ? undefined : merge.item(garment.sku);
    const known = there === undefined ? undefined : merge.digests(garment.sku);
    // A file of stock alone says nothing of the rest, and so nothing new.
    const describes = parts.size > (parts.has('sizes') ? 1 : 0);
    const described = describes || known === undefined ? describedDigest(row) : known.described;
    const stock = parts.has('sizes') ? digestOf(garment.sizes) : (known?.stock ?? NONE);
    const says = (part: Part): boolean =>
      part === 'sizes' ? !same(known?.stock, stock) : !same(known?.described, described);
    const told = [...parts].filter(says);
    const taken = garment.image === '' ? undefined : await this.#options.takePicture(garment, known?.picture);
    if (taken?.kind === 'fault') this.failed.push({ sku: garment.sku, kind: 'not-encoded', ...taken.fault });
    if (there === undefined) this.#added++;
    else if (told.length > 0 || taken?.kind === 'new') this.#changed++;
    else this.#unchanged++;
    if (told.includes('sizes') && there !== undefined) this.#restocked++;
    this.#put(garment, told, taken, there, { described, stock, picture: known?.picture ?? NONE });
  }

  #put(
    row: CatalogueRow,
    parts: readonly Part[],
    taken: TakenPicture | undefined,
    there: Garment | undefined,
    digests: RowDigests,
  ): void {
    const { image: _image, ...garment } = row;
    const stage = (more: object, picture = digests.picture): void =>
      this.#options.stage.put({ garment, parts, ...more, digests: { ...digests, picture } });
    if (taken?.kind === 'new') {
      stage({ picture: taken.picture, problem: null }, taken.digest);
    } else if (taken?.kind === 'fault') {
      // The picture that is there stays, and is looked for again by the next run.
      const lacking = (there?.picture ?? null) === null;
      if (lacking || parts.length > 0) stage(lacking ? { problem: taken.fault } : {}, NONE);
    } else if (there === undefined || parts.length > 0) {
      stage({});
    }
  }
}
