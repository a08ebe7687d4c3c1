/** Where everything stands in an index file: the offsets of models/INDEX.md, shared by its reader and its writer. */
import { hash } from 'node:crypto';

export const INDEX_MAGIC = 'LDLINDEX';
export const INDEX_VERSION = 1;
export const ALIGNMENT = 64;
export const DIGEST_BYTES = 32;
export const CENTILES = 101;
export const MAX_LATENT_DIM = 64;
export const MAX_SECTIONS = 64;

/** Offsets in the header. */
export const HEADER = {
  magic: 0,
  version: 8,
  sections: 12,
  fileBytes: 16,
  latentDim: 24,
  count: 28,
  tolerance: 32,
  reserved: 40,
  encoder: 64,
  checksum: 96,
  bytes: 128,
} as const;

/** Offsets in an entry of the section table. */
export const ENTRY = { id: 0, reserved: 4, start: 8, length: 16, reservedToo: 24, checksum: 32, bytes: 64 } as const;

export const SECTION = {
  skuOffsets: 1,
  skus: 2,
  mu: 3,
  sigma: 4,
  typicality: 5,
  pictures: 6,
} as const;

/** A section with this bit in its id may be left unread by who does not know it. */
export const OPTIONAL_BIT = 0x8000_0000;

/** What the scan needs (`scan/parts.ts`): all of them or none. */
export const SCAN_SECTION = {
  shape: OPTIONAL_BIT + 1,
  rows: OPTIONAL_BIT + 2,
  codes: OPTIONAL_BIT + 3,
  cells: OPTIONAL_BIT + 4,
  boxes: OPTIONAL_BIT + 5,
  fine: OPTIONAL_BIT + 6,
} as const;

export const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** The checksum of header and section table, taken as if its own 32 bytes were zeros. */
export function headerChecksum(file: Uint8Array, sections: number): Uint8Array {
  // A Buffer's own slice is a view of it: zeros written there would be in the file.
  const head = new Uint8Array(file.subarray(0, HEADER.bytes + ENTRY.bytes * sections));
  head.fill(0, HEADER.checksum, HEADER.checksum + DIGEST_BYTES);
  return sha256(head);
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));
export const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** Typed arrays are read where they lie, which needs the machine to count as the file does. */
export const IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
