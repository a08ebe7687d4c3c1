/** Small files, wholly in memory: metadata and the release document. */
import { openPaced, type Pace, paced } from './paced.ts';
import { UpdateRefused } from './refusals.ts';
import type { Source } from './source.ts';

/**
 * A file's bytes.
 * @param maxBytes longest file taken: one that says it is longer is not read, and one that is longer is cut off
 * @throws UpdateRefused `wrong-length` for a longer one, `source-slow`, and what the source throws; the signal's reason
 */
export async function fetchBytes(
  source: Source,
  path: string,
  { maxBytes, pace, signal }: { maxBytes: number; pace: Pace; signal?: AbortSignal | undefined },
): Promise<Buffer> {
  const tooLong = (said: string): UpdateRefused =>
    new UpdateRefused(
      'wrong-length',
      `${path} from ${source.name} holds ${said}, expected at most ${maxBytes}: publish it anew.`,
    );
  const reading = await openPaced(source, path, { signal }, pace);
  if (reading.total !== undefined && reading.total > maxBytes) {
    reading.close();
    throw tooLong(`${reading.total} bytes`);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of paced(source, path, reading, pace, signal)) {
    length += chunk.length;
    if (length > maxBytes) throw tooLong('more bytes');
    chunks.push(chunk);
  }
  if (reading.total !== undefined && length < reading.total) {
    throw new UpdateRefused(
      'source-unreachable',
      `${path} from ${source.name} broke off after ${length} of ${reading.total} bytes. It is tried again by itself.`,
    );
  }
  return Buffer.concat(chunks, length);
}
