/** Whose turn it is. Each box finds its own place; nobody keeps a list of boxes. */
import { createHash } from 'node:crypto';

/**
 * A box's place in a rollout: uniform over [0, 100), the same each time, and by another salt independent of it.
 * 100 h / 2^48, where h is the first six bytes, big-endian, of SHA-256("lookdial-rollout/1" 0x00 salt 0x00 boxId).
 * @param boxId 16 random bytes
 */
export function rolloutPlace(boxId: Uint8Array, salt: string): number {
  const hash = createHash('sha256').update(`lookdial-rollout/1\0${salt}\0`).update(boxId).digest();
  return (100 * hash.readUIntBE(0, 6)) / 2 ** 48;
}
