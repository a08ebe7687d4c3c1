/**
 * Writes an index file (models/INDEX.md) from a store's encodings, which it takes as they come. Beside the file's own bytes it
 * takes 4 bytes a garment, and as much as the file again while it computes the typicality by the scan.
 */
import { createHash } from 'node:crypto';
import { IndexError } from './errors.ts';
import { IndexColumns } from './index-columns.ts';
import {
  align,
  ENTRY,
  fromHex,
  HEADER,
  headerChecksum,
  INDEX_MAGIC,
  INDEX_VERSION,
  IS_LITTLE_ENDIAN,
  isDigest,
  MAX_LATENT_DIM,
  SECTION,
} from './index-format.ts';
import { buildScan } from './scan/build.ts';
import { SCAN_FROM } from './scan/choices.ts';
import { isInDomain, type ScanParts } from './scan/parts.ts';
import { type Section, sectionsOf } from './scan/sections.ts';
import { typicalSums } from './scan/typical-sums.ts';
import { typicalityCentiles } from './typicality.ts';

/** One garment's encoding: n finite numbers each, sigma above 0 and without tolerance. */
export interface IndexEntry {
  readonly sku: string;
  readonly mu: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
  /** SHA-256 of the picture file it was made from, 32 bytes; left out where it is not known. */
  readonly pictureSha256?: Uint8Array;
}

export interface IndexSource {
  /** SHA-256 in hex (models/BUNDLE.md). */
  readonly encoderDigest: string;
  readonly latentDim: number;
  /** tau of the typicality, in units of z: the bundle's. */
  readonly tolerance: number;
  /** In any order: the file does not depend on it. */
  readonly entries: Iterable<IndexEntry>;
  /** How many entries will come, where that is known: it saves room. */
  readonly expected?: number;
  /** The search's kernel: with it the typicality of a large store takes seconds, without it half a minute and more. */
  readonly kernel?: WebAssembly.Module;
  /** The centiles of the typicality (101, ascending), where a store has changed too little to compute them anew. */
  readonly centiles?: Float64Array;
  /** Told the share done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** Where the file goes, section by section; the header comes last. Bytes that nothing is written to are zeros. */
export interface IndexSink {
  /** @param bytes not to be kept: what they are a view of may change */
  write(place: number, bytes: Uint8Array): void;
  /** The file's length. Called once, at the end. */
  end(length: number): void;
}

/** About where in time each step ends. */
const STEPS = { entries: 0.1, scan: 0.4, typicality: 0.9, written: 1 } as const;
/** Entries between two words of progress. */
const TELL_EVERY = 4_096;
/** Bytes hashed and written at once. */
const PIECE = 1 << 20;

const bytesOf = (array: Uint32Array | Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function checkSource({ encoderDigest, latentDim, tolerance }: IndexSource): void {
  if (!IS_LITTLE_ENDIAN) {
    throw new IndexError('layout', 'This machine counts big-endian; an index can be written on a little-endian one.');
  }
  if (!isDigest(encoderDigest)) {
    throw new IndexError('content', `The encoder's digest is "${encoderDigest}"; expected 64 hexadecimal digits.`);
  }
  if (!Number.isInteger(latentDim) || latentDim < 1 || latentDim > MAX_LATENT_DIM) {
    throw new IndexError('content', `latentDim is ${latentDim}; expected a whole number from 1 to ${MAX_LATENT_DIM}.`);
  }
  if (!Number.isFinite(tolerance) || tolerance < 0) {
    throw new IndexError('content', `The tolerance is ${tolerance}; expected a finite number, 0 or more.`);
  }
}

/** The entries, in ascending order of SKU. */
function collect({ entries, latentDim, expected, progress = () => undefined }: IndexSource): IndexColumns {
  const columns = new IndexColumns(latentDim, expected);
  for (const entry of entries) {
    columns.add(entry);
    // Where nobody knows how many will come, the share rises ever more slowly.
    const of = expected ?? columns.count + 16 * TELL_EVERY;
    if (columns.count % TELL_EVERY === 0) progress(STEPS.entries * Math.min(1, columns.count / of));
  }
  columns.sort();
  progress(STEPS.entries);
  return columns;
}

/** The scan's parts, for a store that is large enough for them and within the numbers its arithmetic was proved for. */
function scanOf(columns: IndexColumns, progress: (share: number) => void): ScanParts | undefined {
  const { count, latentDim, mu, sigma } = columns;
  if (count < SCAN_FROM || !isInDomain(mu, sigma)) return undefined;
  const steps = buildScan({ count, latentDim, mu, sigma });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    progress(step.value);
  }
}

/** Writes one section. @returns its checksum */
function writeSection(sink: IndexSink, start: number, bytes: Uint8Array): Uint8Array {
  const checksum = createHash('sha256');
  for (let at = 0; at < bytes.length; at += PIECE) {
    const piece = bytes.subarray(at, at + PIECE);
    checksum.update(piece);
    sink.write(start + at, piece);
  }
  return checksum.digest();
}

/** Writes the sections one after another, then what stands before them. @returns the file's length */
function assemble(
  sink: IndexSink,
  source: IndexSource,
  count: number,
  sections: readonly Section[],
  progress: (share: number) => void,
): number {
  const head = new Uint8Array(HEADER.bytes + ENTRY.bytes * sections.length);
  const view = new DataView(head.buffer);
  let end = head.length;
  sections.forEach(([id, bytes], place) => {
    const entry = HEADER.bytes + ENTRY.bytes * place;
    const start = align(end);
    view.setUint32(entry + ENTRY.id, id, true);
    view.setBigUint64(entry + ENTRY.start, BigInt(start), true);
    view.setBigUint64(entry + ENTRY.length, BigInt(bytes.length), true);
    head.set(writeSection(sink, start, bytes), entry + ENTRY.checksum);
    end = start + bytes.length;
    progress((place + 1) / sections.length);
  });
  new TextEncoder().encodeInto(INDEX_MAGIC, head);
  view.setUint32(HEADER.version, INDEX_VERSION, true);
  view.setUint32(HEADER.sections, sections.length, true);
  view.setBigUint64(HEADER.fileBytes, BigInt(align(end)), true);
  view.setUint32(HEADER.latentDim, source.latentDim, true);
  view.setUint32(HEADER.count, count, true);
  view.setFloat64(HEADER.tolerance, source.tolerance, true);
  head.set(fromHex(source.encoderDigest), HEADER.encoder);
  head.set(headerChecksum(head, sections.length), HEADER.checksum);
  sink.write(0, head);
  return align(end);
}

/**
 * Writes an index, section by section.
 * @throws IndexError `content` for a SKU that stands twice or an encoding no reader would take, naming the garment; and what the
 * sink throws: what it holds by then is no index
 */
export function writeIndex(source: IndexSource, sink: IndexSink): void {
  checkSource(source);
  const { latentDim, tolerance, kernel, progress = () => undefined } = source;
  const within = (from: number, to: number) => (share: number) => progress(from + (to - from) * share);
  const columns = collect(source);
  const { count, mu, sigma } = columns;
  const store = { count, latentDim, mu, sigma };
  const scan = scanOf(columns, within(STEPS.entries, STEPS.scan));
  const typicality = within(STEPS.scan, STEPS.typicality);
  const sumsOf =
    scan === undefined || kernel === undefined
      ? undefined
      : (rows: readonly number[]) => typicalSums(kernel, store, scan, tolerance, rows, typicality);
  const centiles =
    source.centiles ?? typicalityCentiles(store, tolerance, { progress: typicality, ...(sumsOf && { sumsOf }) });
  const sections: Section[] = [
    [SECTION.skuOffsets, bytesOf(columns.offsets)],
    [SECTION.skus, columns.skus],
    [SECTION.mu, bytesOf(mu)],
    [SECTION.sigma, bytesOf(sigma)],
    [SECTION.typicality, bytesOf(centiles)],
    [SECTION.pictures, columns.pictures],
    ...(scan === undefined ? [] : sectionsOf(scan)),
  ];
  sink.end(assemble(sink, source, count, sections, within(STEPS.typicality, STEPS.written)));
  progress(1);
}

/** The bytes of an index, whole, in memory. @throws IndexError as `writeIndex` */
export function buildIndex(source: IndexSource): Uint8Array {
  let file = new Uint8Array(0);
  writeIndex(source, {
    write(place, bytes) {
      const end = place + bytes.length;
      if (end > file.length) {
        const grown = new Uint8Array(Math.max(end, Math.ceil(1.5 * file.length)));
        grown.set(file);
        file = grown;
      }
      file.set(bytes, place);
    },
    end(length) {
      const whole = new Uint8Array(length);
      whole.set(file.subarray(0, length));
      file = whole;
    },
  });
  return file;
}
