/**
 * The append-only log of what changed since the index was written: encode a record, read all of them back, cut a torn tail.
 * Layout: models/INDEX.md, "The log". Bytes in, bytes out; who owns the file flushes it.
 */
import { crc32 } from 'node:zlib';
import { IndexError, type IndexReason } from './errors.ts';
import { DIGEST_BYTES, fromHex, isDigest, MAX_LATENT_DIM, toHex } from './index-format.ts';
import { encodeSku, MAX_SKU_BYTES } from './sku-table.ts';

export const LOG_VERSION = 1;
export const LOG_HEADER_BYTES = 64;

const MAGIC = 'LDLENLOG';
const HEADER = { version: 8, latentDim: 12, reserved: 16, encoder: 28, checksum: 60 } as const;
const MARKER = 'LDR1';
const RECORD = { length: 4, checksum: 8, body: 12, alignment: 8 } as const;
const BODY = { kind: 0, reserved: 1, skuBytes: 2, sku: 4 } as const;
const PUT = 1;
const DELETE = 2;

/** A garment's encoding, new or changed. */
export interface PutRecord {
  readonly kind: 'put';
  readonly sku: string;
  /** SHA-256 of the picture, 32 bytes; all zeros: not known. */
  readonly pictureSha256: Uint8Array;
  /** n finite numbers each, stored as float32; sigma above 0. */
  readonly mu: ArrayLike<number>;
  readonly sigma: ArrayLike<number>;
}

/** A garment's encoding taken away. */
export interface DeleteRecord {
  readonly kind: 'delete';
  readonly sku: string;
}

export type LogRecord = PutRecord | DeleteRecord;

export interface LogExpectation {
  /** SHA-256 in hex. */
  readonly encoderDigest: string;
  readonly latentDim: number;
}

export interface LogContents {
  /** In the order they were written. */
  readonly records: readonly LogRecord[];
  /** Where the log is right up to: cut the file there before appending. 0: write a new header first. */
  readonly validBytes: number;
  /** Whole records beyond the cut: more than none means that the disk lost something before them. */
  readonly lostRecords: number;
}

const isNumber = (value: number): boolean => Number.isFinite(value);
const isSigma = (value: number): boolean => Number.isFinite(value) && value > 0;

const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const latin = (bytes: Uint8Array, start: number, length: number): string =>
  Buffer.from(bytes.subarray(start, start + length)).toString('latin1');

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The log's first 64 bytes. @throws IndexError `content` for a digest or a dimension no reader would take */
export function encodeHeader({ encoderDigest, latentDim }: LogExpectation): Uint8Array {
  if (!isDigest(encoderDigest) || !Number.isInteger(latentDim) || latentDim < 1 || latentDim > MAX_LATENT_DIM) {
    throw new IndexError(
      'content',
      `The log's encoder is "${encoderDigest}" with ${latentDim} dimensions; expected 64 hexadecimal digits and 1 to ${MAX_LATENT_DIM}.`,
    );
  }
  const bytes = new Uint8Array(LOG_HEADER_BYTES);
  const view = viewOf(bytes);
  new TextEncoder().encodeInto(MAGIC, bytes);
  view.setUint32(HEADER.version, LOG_VERSION, true);
  view.setUint32(HEADER.latentDim, latentDim, true);
  bytes.set(fromHex(encoderDigest), HEADER.encoder);
  view.setUint32(HEADER.checksum, crc32(bytes.subarray(0, HEADER.checksum)), true);
  return bytes;
}

/** The checksum of the record that lies in `bytes`, which hold it alone and with its padding. */
const recordChecksum = (bytes: Uint8Array): number =>
  crc32(bytes.subarray(RECORD.body), crc32(bytes.subarray(0, RECORD.checksum)));

/** One record, padded. @throws IndexError `content` for one no reader would take, naming the garment */
export function encodeRecord(record: LogRecord): Uint8Array {
  const sku = encodeSku(record.sku);
  const numbers = record.kind === 'put' ? [...Array.from(record.mu), ...Array.from(record.sigma)] : [];
  const digest = record.kind === 'put' ? record.pictureSha256 : new Uint8Array(0);
  if (record.kind === 'put') {
    const rightLength = record.mu.length === record.sigma.length && digest.length === DIGEST_BYTES;
    const stored = Float32Array.from(numbers);
    const n = record.mu.length;
    if (!rightLength || !stored.subarray(0, n).every(isNumber) || !stored.subarray(n).every(isSigma)) {
      throw new IndexError(
        'content',
        `The encoding of garment ${record.sku} has ${n} means, ${record.sigma.length} sigmas and a digest of ${digest.length} bytes; expected as many sigmas as means, finite float32 numbers, sigmas above 0, and ${DIGEST_BYTES} bytes.`,
      );
    }
  }
  const length = BODY.sku + sku.length + digest.length + 4 * numbers.length;
  const bytes = new Uint8Array(Math.ceil((RECORD.body + length) / RECORD.alignment) * RECORD.alignment);
  const view = viewOf(bytes);
  new TextEncoder().encodeInto(MARKER, bytes);
  view.setUint32(RECORD.length, length, true);
  let place: number = RECORD.body;
  view.setUint8(place + BODY.kind, record.kind === 'put' ? PUT : DELETE);
  view.setUint16(place + BODY.skuBytes, sku.length, true);
  bytes.set(sku, place + BODY.sku);
  place += BODY.sku + sku.length;
  bytes.set(digest, place);
  place += digest.length;
  numbers.forEach((value, at) => {
    view.setFloat32(place + 4 * at, value, true);
  });
  view.setUint32(RECORD.checksum, recordChecksum(bytes), true);
  return bytes;
}

/** The bytes of the whole and right record at `start`, padding with it; undefined where there is none. */
function recordAt(bytes: Uint8Array, start: number): Uint8Array | undefined {
  if (start + RECORD.body > bytes.length || latin(bytes, start, MARKER.length) !== MARKER) return undefined;
  const view = viewOf(bytes);
  const length = view.getUint32(start + RECORD.length, true);
  const end = start + Math.ceil((RECORD.body + length) / RECORD.alignment) * RECORD.alignment;
  if (end > bytes.length) return undefined;
  const record = bytes.subarray(start, end);
  if (recordChecksum(record) !== view.getUint32(start + RECORD.checksum, true)) return undefined;
  return record.subarray(RECORD.body + length).every(byte => byte === 0) ? record : undefined;
}

/** What a record says whose checksum is right. @throws IndexError `content` where it says nothing this version knows */
function decodeRecord(record: Uint8Array, start: number, latentDim: number): LogRecord {
  const refuse = (got: string, expected: string): never => {
    throw new IndexError('content', `The record at byte ${start} of the log has ${got}; expected ${expected}.`);
  };
  const view = viewOf(record);
  const length = view.getUint32(RECORD.length, true);
  if (length < BODY.sku) refuse(`a body of ${length} bytes`, `${BODY.sku} at least`);
  const kind = view.getUint8(RECORD.body + BODY.kind);
  if ((kind !== PUT && kind !== DELETE) || view.getUint8(RECORD.body + BODY.reserved) !== 0) {
    refuse(`kind ${kind}`, `${PUT} or ${DELETE}, and zero after it`);
  }
  const skuBytes = view.getUint16(RECORD.body + BODY.skuBytes, true);
  const body = BODY.sku + skuBytes + (kind === PUT ? DIGEST_BYTES + 8 * latentDim : 0);
  if (length !== body || skuBytes < 1 || skuBytes > MAX_SKU_BYTES) {
    refuse(`${length} bytes with a SKU of ${skuBytes}`, `${body} bytes with a SKU of 1 to ${MAX_SKU_BYTES}`);
  }
  let place = RECORD.body + BODY.sku;
  let sku = '';
  try {
    sku = textDecoder.decode(record.subarray(place, place + skuBytes));
  } catch {
    refuse('a SKU that is not UTF-8', 'text');
  }
  if (kind === DELETE) return { kind: 'delete', sku };
  place += skuBytes;
  const pictureSha256 = new Uint8Array(record.subarray(place, place + DIGEST_BYTES));
  place += DIGEST_BYTES;
  const numbers = Float32Array.from({ length: 2 * latentDim }, (_, at) => view.getFloat32(place + 4 * at, true));
  const mu = numbers.subarray(0, latentDim);
  const sigma = numbers.subarray(latentDim);
  if (!mu.every(isNumber) || !sigma.every(isSigma)) refuse(`numbers that are none`, 'finite ones, and sigmas above 0');
  return { kind: 'put', sku, pictureSha256, mu, sigma };
}

function checkHeader(bytes: Uint8Array, expected: LogExpectation): void {
  const refuse = (reason: IndexReason, text: string): never => {
    throw new IndexError(reason, `The log of encodings ${text}.`);
  };
  const view = viewOf(bytes);
  const magic = latin(bytes, 0, MAGIC.length);
  if (magic !== MAGIC) refuse('magic', `begins with ${JSON.stringify(magic)}; expected "${MAGIC}"`);
  const version = view.getUint32(HEADER.version, true);
  if (version !== LOG_VERSION) refuse('version', `is of version ${version}; expected version ${LOG_VERSION}`);
  const checksum = view.getUint32(HEADER.checksum, true);
  const actual = crc32(bytes.subarray(0, HEADER.checksum));
  if (checksum !== actual) refuse('checksum', `has a header with CRC-32 ${actual}; expected ${checksum}`);
  const encoder = toHex(bytes.subarray(HEADER.encoder, HEADER.checksum));
  if (encoder !== expected.encoderDigest) {
    refuse('encoder', `was made by encoder ${encoder}; expected ${expected.encoderDigest}: index the store again`);
  }
  const latentDim = view.getUint32(HEADER.latentDim, true);
  if (latentDim !== expected.latentDim)
    refuse('latent-dim', `has ${latentDim} dimensions; expected ${expected.latentDim}`);
  if (!bytes.subarray(HEADER.reserved, HEADER.encoder).every(byte => byte === 0)) {
    refuse('layout', 'has reserved bytes in its header that are not zero; expected zeros');
  }
}

/**
 * Every record up to the first that is not whole and right.
 * @throws IndexError for a whole header that is wrong, and for a record of a foreign kind under a right checksum
 */
export function readLog(bytes: Uint8Array, expected: LogExpectation): LogContents {
  if (bytes.length < LOG_HEADER_BYTES) return { records: [], validBytes: 0, lostRecords: 0 };
  checkHeader(bytes, expected);
  const records: LogRecord[] = [];
  let place = LOG_HEADER_BYTES;
  for (let record = recordAt(bytes, place); record !== undefined; record = recordAt(bytes, place)) {
    records.push(decodeRecord(record, place, expected.latentDim));
    place += record.length;
  }
  const validBytes = place;
  let lostRecords = 0;
  while (place + RECORD.body <= bytes.length) {
    const record = recordAt(bytes, place);
    if (record !== undefined) lostRecords += 1;
    place += record === undefined ? RECORD.alignment : record.length;
  }
  return { records, validBytes, lostRecords };
}
