/**
 * A private key under a passphrase, as PKCS#8 (RFC 5958) with PBES2: scrypt (RFC 7914), then AES-256-CBC (RFC 8018). Node reads
 * such a file, and so does `openssl pkey`; written by Node itself it would have PBKDF2 of 2,048 rounds, which a graphics card
 * goes through by the million.
 */
import { createCipheriv, type KeyObject, randomBytes, scryptSync } from 'node:crypto';

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 16 MiB five times over: as much as OpenSSL reads without being told to take more memory, and what OWASP asks for. */
const STRONG: ScryptCost = { N: 2 ** 14, r: 8, p: 5 };

/** Twice what STRONG takes, bytes. */
const MAX_MEMORY = 2 ** 25 + 2 ** 20;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;

const OID = {
  pbes2: '2a864886f70d01050d',
  scrypt: '2b06010401da47040b',
  aes256Cbc: '60864801650304012a',
} as const;
const TAG = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const;

/** One element of DER (X.690). */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => element(TAG.sequence, ...parts);
const octets = (bytes: Uint8Array): Buffer => element(TAG.octets, bytes);
const oid = (hex: string): Buffer => element(TAG.oid, Buffer.from(hex, 'hex'));

function integer(value: number): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  // A first bit that is set would be a sign.
  return element(TAG.integer, ...((bytes[0] ?? 0) < 128 ? [bytes] : [Buffer.of(0), bytes]));
}

/** @returns PEM, `ENCRYPTED PRIVATE KEY` */
export function encryptPrivateKey(key: KeyObject, passphrase: string, { N, r, p }: ScryptCost = STRONG): string {
  const salt = randomBytes(SALT_BYTES);
  const iv = randomBytes(BLOCK_BYTES);
  const secret = scryptSync(passphrase, salt, KEY_BYTES, { N, r, p, maxmem: MAX_MEMORY });
  const cipher = createCipheriv('aes-256-cbc', secret, iv);
  const plain = key.export({ type: 'pkcs8', format: 'der' });
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const derivation = sequence(
    oid(OID.scrypt),
    sequence(octets(salt), integer(N), integer(r), integer(p), integer(KEY_BYTES)),
  );
  const scheme = sequence(oid(OID.pbes2), sequence(derivation, sequence(oid(OID.aes256Cbc), octets(iv))));
  const lines =
    sequence(scheme, octets(encrypted))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN ENCRYPTED PRIVATE KEY-----', ...lines, '-----END ENCRYPTED PRIVATE KEY-----', ''].join('\n');
}
