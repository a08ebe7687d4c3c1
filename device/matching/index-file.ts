/**
 * The index over one buffer: a store's encodings as typed-array views, read where they lie.
 * Opening checks everything models/INDEX.md asks a reader to check, in its order; each failure is one sentence.
 */
import { IndexError } from './errors.ts';
import {
  ALIGNMENT,
  align,
  CENTILES,
  DIGEST_BYTES,
  ENTRY,
  HEADER,
  headerChecksum,
  INDEX_MAGIC,
  INDEX_VERSION,
  IS_LITTLE_ENDIAN,
  MAX_LATENT_DIM,
  MAX_SECTIONS,
  OPTIONAL_BIT,
  SECTION,
  sha256,
  toHex,
} from './index-format.ts';
import type { Posterior } from './posterior.ts';
import type { ScanParts } from './scan/parts.ts';
import { readScan } from './scan/sections.ts';
import type { Gaussians } from './score-tables.ts';
import { SkuTable } from './sku-table.ts';

export { buildIndex, type IndexEntry, type IndexSink, type IndexSource, writeIndex } from './index-writer.ts';

export interface IndexExpectation {
  /** SHA-256 in hex of the encoder in use. */
  readonly encoderDigest: string;
  readonly latentDim: number;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const isZero = (bytes: Uint8Array): boolean => bytes.every(byte => byte === 0);

/** Checks what stands before the section table, and gives the number of sections. */
function checkHeader(bytes: Uint8Array, view: DataView, expected: IndexExpectation): number {
  const refuse = (reason: ConstructorParameters<typeof IndexError>[0], text: string): never => {
    throw new IndexError(reason, `The index file ${text}.`);
  };
  if (bytes.length < HEADER.bytes) {
    refuse('truncated', `has ${bytes.length} bytes; expected a header of ${HEADER.bytes} at least`);
  }
  const magic = Buffer.from(bytes.subarray(0, INDEX_MAGIC.length)).toString('latin1');
  if (magic !== INDEX_MAGIC) refuse('magic', `begins with ${JSON.stringify(magic)}; expected "${INDEX_MAGIC}"`);
  const version = view.getUint32(HEADER.version, true);
  if (version !== INDEX_VERSION) {
    refuse('version', `is of version ${version}; expected version ${INDEX_VERSION}: index the store again`);
  }
  const sections = view.getUint32(HEADER.sections, true);
  const known = Object.keys(SECTION).length;
  if (sections < known || sections > MAX_SECTIONS) {
    refuse('layout', `names ${sections} sections; expected ${known} to ${MAX_SECTIONS}`);
  }
  const tableEnd = HEADER.bytes + ENTRY.bytes * sections;
  if (bytes.length < tableEnd) {
    refuse('truncated', `has ${bytes.length} bytes; expected ${tableEnd} for its header and section table alone`);
  }
  const checksum = bytes.subarray(HEADER.checksum, HEADER.checksum + DIGEST_BYTES);
  const actual = headerChecksum(bytes, sections);
  if (!same(checksum, actual)) {
    refuse('checksum', `has a header with SHA-256 ${toHex(actual)}; expected ${toHex(checksum)}`);
  }
  const length = view.getBigUint64(HEADER.fileBytes, true);
  if (BigInt(bytes.length) !== length) {
    const reason = BigInt(bytes.length) < length ? 'truncated' : 'length';
    refuse(reason, `has ${bytes.length} bytes; expected ${length}, as its header says`);
  }
  const encoder = toHex(bytes.subarray(HEADER.encoder, HEADER.encoder + DIGEST_BYTES));
  if (encoder !== expected.encoderDigest) {
    refuse('encoder', `was made by encoder ${encoder}; expected ${expected.encoderDigest}: index the store again`);
  }
  const latentDim = view.getUint32(HEADER.latentDim, true);
  if (latentDim !== expected.latentDim || latentDim < 1 || latentDim > MAX_LATENT_DIM) {
    refuse('latent-dim', `has ${latentDim} dimensions; expected ${expected.latentDim}`);
  }
  const tolerance = view.getFloat64(HEADER.tolerance, true);
  if (!Number.isFinite(tolerance) || tolerance < 0) {
    refuse('content', `has tolerance ${tolerance}; expected a finite number, 0 or more`);
  }
  if (!isZero(bytes.subarray(HEADER.reserved, HEADER.encoder))) {
    refuse('layout', 'has reserved bytes in its header that are not zero; expected zeros');
  }
  return sections;
}

/** Walks the section table, checking places, padding and checksums; gives the bytes of each section by id. */
function readSections(bytes: Uint8Array, view: DataView, sections: number): Map<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  const known: readonly number[] = Object.values(SECTION);
  let end = HEADER.bytes + ENTRY.bytes * sections;
  for (let place = 0; place < sections; place += 1) {
    const entry = HEADER.bytes + ENTRY.bytes * place;
    const id = view.getUint32(entry + ENTRY.id, true);
    const start = Number(view.getBigUint64(entry + ENTRY.start, true));
    const length = Number(view.getBigUint64(entry + ENTRY.length, true));
    const refuse = (reason: ConstructorParameters<typeof IndexError>[0], text: string): never => {
      throw new IndexError(reason, `Section ${id} of the index file ${text}.`);
    };
    if (found.has(id)) refuse('layout', 'stands twice; expected it once');
    if (!known.includes(id) && id < OPTIONAL_BIT) refuse('layout', `is not known; expected ids ${known.join(', ')}`);
    if (start !== align(end)) refuse('layout', `begins at byte ${start}; expected ${align(end)}`);
    if (start + length > bytes.length) refuse('layout', `ends at ${start + length}; expected ${bytes.length} at most`);
    const reserved = [
      bytes.subarray(entry + ENTRY.reserved, entry + ENTRY.start),
      bytes.subarray(entry + ENTRY.reservedToo, entry + ENTRY.checksum),
      bytes.subarray(end, start),
    ];
    if (!reserved.every(isZero)) refuse('layout', 'has reserved bytes or padding that are not zero; expected zeros');
    const content = bytes.subarray(start, start + length);
    const checksum = bytes.subarray(entry + ENTRY.checksum, entry + ENTRY.checksum + DIGEST_BYTES);
    const actual = sha256(content);
    if (!same(checksum, actual)) refuse('checksum', `has SHA-256 ${toHex(actual)}; expected ${toHex(checksum)}`);
    found.set(id, content);
    end = start + length;
  }
  if (bytes.length !== align(end)) {
    throw new IndexError('layout', `The index file ends at byte ${bytes.length}; expected ${align(end)}.`);
  }
  if (!isZero(bytes.subarray(end))) {
    throw new IndexError('layout', `The index file has other bytes after byte ${end}; expected zeros to its end.`);
  }
  return found;
}

/** Checks that every mu is finite, every sigma finite and above 0, and the centiles ascend. */
function checkNumbers(mu: Float32Array, sigma: Float32Array, centiles: Float64Array, latentDim: number): void {
  for (let place = 0; place < mu.length; place += 1) {
    if (!Number.isFinite(mu[place]!) || !Number.isFinite(sigma[place]!) || !(sigma[place]! > 0)) {
      throw new IndexError(
        'content',
        `Row ${Math.floor(place / latentDim)} of the index file has mu ${mu[place]} and sigma ${sigma[place]}; expected finite numbers and a sigma above 0.`,
      );
    }
  }
  for (let centile = 0; centile < CENTILES; centile += 1) {
    const [before, value] = [centiles[Math.max(0, centile - 1)]!, centiles[centile]!];
    if (!Number.isFinite(value) || value < before) {
      throw new IndexError(
        'content',
        `Centile ${centile} of the index file is ${value}; expected a finite number, ${before} or more.`,
      );
    }
  }
}

/** How many garments a file's header says it has, before anything of it has been checked; 0 where there is no header. */
export const garmentsOf = (bytes: Uint8Array): number =>
  bytes.length < HEADER.bytes
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset, HEADER.bytes).getUint32(HEADER.count, true);

/** One store's encodings by one encoder. Rows are in ascending order of SKU, which is the order of ties. */
export class EncodingIndex implements Gaussians {
  readonly latentDim: number;
  readonly count: number;
  /** tau that the typicality was computed for, in units of z. */
  readonly tolerance: number;
  /** SHA-256 in hex. */
  readonly encoderDigest: string;
  /** N * n numbers, row after row. */
  readonly mu: Float32Array;
  readonly sigma: Float32Array;
  /** The 0th to 100th centile of T over the store's own garments. */
  readonly typicalityCentiles: Float64Array;
  /** What the scan needs, where the file has it. */
  readonly scan: ScanParts | undefined;
  readonly #skus: SkuTable;
  readonly #pictures: Uint8Array;
  /** The file, whole. */
  readonly bytes: Uint8Array;

  private constructor(bytes: Uint8Array, view: DataView, sections: Map<number, Uint8Array>) {
    this.bytes = bytes;
    this.latentDim = view.getUint32(HEADER.latentDim, true);
    this.count = view.getUint32(HEADER.count, true);
    this.tolerance = view.getFloat64(HEADER.tolerance, true);
    this.encoderDigest = toHex(bytes.subarray(HEADER.encoder, HEADER.encoder + DIGEST_BYTES));
    const numbers = this.count * this.latentDim;
    const take = (
      id: number,
      length: number | undefined,
    ): { buffer: ArrayBufferLike; start: number; length: number } => {
      const section = sections.get(id);
      if (section === undefined) throw new IndexError('layout', `The index file has no section ${id}; expected one.`);
      if (length !== undefined && section.length !== length) {
        throw new IndexError(
          'layout',
          `Section ${id} of the index file has ${section.length} bytes; expected ${length} for ${this.count} garments.`,
        );
      }
      return { buffer: section.buffer, start: section.byteOffset, length: section.length };
    };
    const offsets = take(SECTION.skuOffsets, 4 * (this.count + 1));
    const skus = take(SECTION.skus, undefined);
    const mu = take(SECTION.mu, 4 * numbers);
    const sigma = take(SECTION.sigma, 4 * numbers);
    const centiles = take(SECTION.typicality, 8 * CENTILES);
    const pictures = take(SECTION.pictures, DIGEST_BYTES * this.count);
    this.mu = new Float32Array(mu.buffer, mu.start, numbers);
    this.sigma = new Float32Array(sigma.buffer, sigma.start, numbers);
    this.typicalityCentiles = new Float64Array(centiles.buffer, centiles.start, CENTILES);
    this.#pictures = new Uint8Array(pictures.buffer, pictures.start, pictures.length);
    checkNumbers(this.mu, this.sigma, this.typicalityCentiles, this.latentDim);
    this.scan = readScan(sections, this.count, this.latentDim);
    this.#skus = new SkuTable(
      new Uint32Array(offsets.buffer, offsets.start, this.count + 1),
      new Uint8Array(skus.buffer, skus.start, skus.length),
    );
  }

  /**
   * Reads an index where it lies; `bytes` must not change afterwards.
   * @throws IndexError saying in one sentence what was got and what was expected; `reason` for the program
   */
  static open(bytes: Uint8Array, expected: IndexExpectation): EncodingIndex {
    if (!IS_LITTLE_ENDIAN) {
      throw new IndexError('layout', 'This machine counts big-endian; expected a little-endian one for an index file.');
    }
    // A view needs its numbers at multiples of their size: bytes out of a shared pool are copied to where they are.
    const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
    const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
    const sections = checkHeader(aligned, view, expected);
    return new EncodingIndex(aligned, view, readSections(aligned, view, sections));
  }

  /** @throws RangeError for a row the index has not */
  sku(row: number): string {
    return this.#skus.sku(row);
  }

  /** The row of a SKU, or -1. */
  rowOf(sku: string): number {
    return this.#skus.rowOf(sku);
  }

  /** A garment's posterior, as views of the stored float32 numbers. */
  posterior(row: number): Posterior {
    const [start, end] = [row * this.latentDim, (row + 1) * this.latentDim];
    return { mu: this.mu.subarray(start, end), sigma: this.sigma.subarray(start, end) };
  }

  muAt(row: number, dimension: number): number {
    return this.mu[row * this.latentDim + dimension]!;
  }

  /** SHA-256 of the picture the garment was encoded from, 32 bytes; undefined where it is not known. */
  pictureSha256(row: number): Uint8Array | undefined {
    const digest = this.#pictures.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES);
    return isZero(digest) ? undefined : digest;
  }
}
