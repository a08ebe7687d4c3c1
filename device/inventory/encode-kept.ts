/** Encodings of garments by the pictures that the state folder keeps of them: what is known is taken, the rest encoded. */
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LookdialError } from '../errors.ts';
import type { Problem } from './catalogue.ts';
import type { Pictured } from './garment.ts';
import { inLanes } from './lanes.ts';
import type { Entry, PictureEncoder } from './picture-encoder.ts';
import { picturePath } from './picture-files.ts';

export interface KeptOptions {
  /** The state folder. */
  readonly data: string;
  readonly encoder: PictureEncoder;
  /** Pictures under way at once. */
  readonly lanes: number;
  /** Of the pictures that are not known yet. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Awaited before each picture that is encoded: whoever wants the processor more goes first. */
  readonly pace?: (() => Promise<void>) | undefined;
}

/** Garments looked up before whoever else waits is let in: about a millisecond. */
const SLICE = 500;

async function kept(data: string, { picture }: Pictured): Promise<Buffer> {
  try {
    return await readFile(picturePath(data, picture));
  } catch (cause) {
    throw new LookdialError(
      'picture-unreadable',
      `It is not in the state folder any more: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

/**
 * The encodings of these garments, in no order, and those that cannot be encoded.
 * @throws LookdialError where the encoder is down or the disk takes nothing; the signal's reason
 */
export async function encodeKept(
  pictured: Iterable<Pictured>,
  { data, encoder, lanes, onProgress, signal, pace }: KeptOptions,
): Promise<{ entries: Entry[]; failed: Problem[] }> {
  const entries: Entry[] = [];
  const failed: Problem[] = [];
  const lacking: Pictured[] = [];
  let seen = 0;
  for (const one of pictured) {
    if (++seen % SLICE === 0) await nextTurn();
    const entry = encoder.entryOf(one, Buffer.from(one.picture.hash, 'hex'));
    if (entry === undefined) lacking.push(one);
    else entries.push(entry);
  }
  let done = 0;
  const encode = async (one: Pictured): Promise<void> => {
    await pace?.();
    try {
      entries.push((await encoder.encode(one, await kept(data, one))).entry);
    } catch (error) {
      failed.push({ sku: one.sku, kind: 'not-encoded', ...encoder.faultOf('Its picture', error) });
    }
    onProgress?.(++done, lacking.length);
  };
  await inLanes(lacking, lanes, encode, signal);
  return { entries, failed };
}
