/**
 * The secrets that programs send: made, recognised, and kept only as their SHA-256. A slow hash such as scrypt defends words that
 * people choose; 256 random bits cannot be guessed at any speed, so a fast one loses nothing, and each request is checked in microseconds.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 6;
const SECRET_BYTES = 32;
/** The names say what was found, to whoever looks for leaked secrets. */
const KEY = /^lookdial_key_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const STAFF = /^lookdial_staff_[A-Za-z0-9_-]{43}$/;

const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export function makeKeyToken(): { id: string; token: string } {
  const id = randomBytes(ID_BYTES).toString('hex');
  return { id, token: `lookdial_key_${id}_${secret()}` };
}

export const makeStaffToken = (): string => `lookdial_staff_${secret()}`;

/** The id in a key's token; undefined where it is no key's. */
export const keyIdOf = (token: string): string | undefined => KEY.exec(token)?.[1];

export const isStaffToken = (token: string): boolean => STAFF.test(token);

export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Takes as long whatever differs. */
export const sameHash = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);
