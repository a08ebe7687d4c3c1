/** Makes the bytes of an index file (models/INDEX.md) from a store's encodings. */
import { IndexError } from './errors.ts';
import {
  align,
  DIGEST_BYTES,
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
  sha256,
} from './index-format.ts';
import { SCAN_FROM } from './scan/choices.ts';
import { isInDomain } from './scan/parts.ts';
import { scanSections } from './scan/sections.ts';
import { encodeSku } from './sku-table.ts';
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
  /** The centiles of the typicality (101, ascending), where a store has changed too little to compute them anew. */
  readonly centiles?: Float64Array;
  /** Told the share done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/** About how much of the time the typicality takes. */
const TYPICALITY_SHARE = 0.7;

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

/** Puts one garment's numbers at its row, refusing what no reader would take. */
function putRow(entry: IndexEntry, latentDim: number, mu: Float32Array, sigma: Float32Array): void {
  const { sku } = entry;
  if (entry.mu.length !== latentDim || entry.sigma.length !== latentDim) {
    throw new IndexError(
      'content',
      `Garment ${sku} has ${entry.mu.length} means and ${entry.sigma.length} sigmas; expected ${latentDim} each.`,
    );
  }
  mu.set(entry.mu);
  sigma.set(entry.sigma);
  for (let d = 0; d < latentDim; d += 1) {
    if (!Number.isFinite(mu[d]!) || !(sigma[d]! > 0) || !Number.isFinite(sigma[d]!)) {
      throw new IndexError(
        'content',
        `Garment ${sku} has mu ${entry.mu[d]} and sigma ${entry.sigma[d]} in dimension ${d}; expected finite float32 numbers and a sigma above 0.`,
      );
    }
  }
}

/** Joins the sections under a header and a table, each with its checksum. */
function assemble(
  source: IndexSource,
  count: number,
  sections: readonly [id: number, bytes: Uint8Array][],
): Uint8Array {
  const tableEnd = HEADER.bytes + ENTRY.bytes * sections.length;
  const length = sections.reduce((end, [, bytes]) => align(end) + bytes.length, align(tableEnd));
  const file = new Uint8Array(align(length));
  const view = new DataView(file.buffer);
  new TextEncoder().encodeInto(INDEX_MAGIC, file);
  view.setUint32(HEADER.version, INDEX_VERSION, true);
  view.setUint32(HEADER.sections, sections.length, true);
  view.setBigUint64(HEADER.fileBytes, BigInt(file.length), true);
  view.setUint32(HEADER.latentDim, source.latentDim, true);
  view.setUint32(HEADER.count, count, true);
  view.setFloat64(HEADER.tolerance, source.tolerance, true);
  file.set(fromHex(source.encoderDigest), HEADER.encoder);
  let end = tableEnd;
  sections.forEach(([id, bytes], place) => {
    const entry = HEADER.bytes + ENTRY.bytes * place;
    const start = align(end);
    view.setUint32(entry + ENTRY.id, id, true);
    view.setBigUint64(entry + ENTRY.start, BigInt(start), true);
    view.setBigUint64(entry + ENTRY.length, BigInt(bytes.length), true);
    file.set(sha256(bytes), entry + ENTRY.checksum);
    file.set(bytes, start);
    end = start + bytes.length;
  });
  file.set(headerChecksum(file, sections.length), HEADER.checksum);
  return file;
}

/**
 * The bytes of an index. Scoring the garments against each other for the typicality takes most of the time: seconds for
 * 10,000 garments.
 * @throws IndexError `content` for a SKU that stands twice or an encoding no reader would take, naming the garment
 */
export function buildIndex(source: IndexSource): Uint8Array {
  checkSource(source);
  const { latentDim, tolerance } = source;
  const entries = [...source.entries].sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0));
  const count = entries.length;
  const mu = new Float32Array(count * latentDim);
  const sigma = new Float32Array(count * latentDim);
  const pictures = new Uint8Array(count * DIGEST_BYTES);
  const offsets = new Uint32Array(count + 1);
  const skus: Uint8Array[] = [];
  entries.forEach((entry, row) => {
    if (row > 0 && entries[row - 1]!.sku === entry.sku) {
      throw new IndexError('content', `Garment ${entry.sku} stands twice among the entries; expected each SKU once.`);
    }
    const [start, stop] = [row * latentDim, (row + 1) * latentDim];
    putRow(entry, latentDim, mu.subarray(start, stop), sigma.subarray(start, stop));
    const sku = encodeSku(entry.sku);
    skus.push(sku);
    offsets[row + 1] = offsets[row]! + sku.length;
    if (entry.pictureSha256 === undefined) return;
    if (entry.pictureSha256.length !== DIGEST_BYTES) {
      throw new IndexError(
        'content',
        `The picture digest of garment ${entry.sku} has ${entry.pictureSha256.length} bytes; expected ${DIGEST_BYTES}.`,
      );
    }
    pictures.set(entry.pictureSha256, row * DIGEST_BYTES);
  });
  const store = { count, latentDim, mu, sigma };
  const { progress = () => undefined } = source;
  const centiles =
    source.centiles ?? typicalityCentiles(store, tolerance, undefined, share => progress(TYPICALITY_SHARE * share));
  const isScanned = count >= SCAN_FROM && isInDomain(mu, sigma);
  const scan = isScanned
    ? scanSections(store, share => progress(TYPICALITY_SHARE + (1 - TYPICALITY_SHARE) * share))
    : [];
  progress(1);
  return assemble(source, count, [
    [SECTION.skuOffsets, bytesOf(offsets)],
    [SECTION.skus, new Uint8Array(Buffer.concat(skus))],
    [SECTION.mu, bytesOf(mu)],
    [SECTION.sigma, bytesOf(sigma)],
    [SECTION.typicality, bytesOf(centiles)],
    [SECTION.pictures, pictures],
    ...scan,
  ]);
}
