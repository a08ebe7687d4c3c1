/** Loads a file of garments, one JSON object a line, in batches. Stopped or killed, it goes on behind the last batch that was written. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { LookdialError } from '../../device/errors.ts';
import { type Database, inTransaction } from './database.ts';
import { type ChainRecord, readRecord } from './record.ts';
import { putSpace, type Space, writeBatch } from './write.ts';

/** Garments of a transaction. */
const BATCH = 1_000;
/** Characters of a line: a garment of 64 dimensions that a thousand stores have. */
const LONGEST_LINE = 16 * 2 ** 20;
/** What a file is known by again: its length and its beginning. */
const KNOWN_BY = 2 ** 20;
const SHOWN_FAULTS = 20;

export interface Loaded {
  readonly lines: number;
  readonly garments: number;
  /** Lines that an earlier run had written. */
  readonly skipped: number;
  readonly faults: number;
}

export interface LoadOptions {
  readonly path: string;
  readonly space: Space;
  readonly say: (line: string) => void;
  /** Bytes. */
  readonly progress: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

async function identify(path: string): Promise<{ name: string; bytes: number }> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, KNOWN_BY)), 0, undefined, 0);
      const digest = createHash('sha256').update(buffer.subarray(0, bytesRead)).update(String(size)).digest('hex');
      return { name: digest, bytes: size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new LookdialError('chain-unavailable', `${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

interface Line {
  readonly text: string;
  /** Where the next one begins, bytes. */
  readonly end: number;
}

/** The lines from a byte on. */
async function* linesFrom(path: string, start: number): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let end = start;
  for await (const chunk of createReadStream(path, { start })) {
    rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let to = rest.indexOf(10); to >= 0; to = rest.indexOf(10, from)) {
      end += to + 1 - from;
      yield { text: rest.toString('utf8', from, to), end };
      from = to + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > LONGEST_LINE) {
      throw new LookdialError('chain-unavailable', `${path} has a line of more than ${LONGEST_LINE / 2 ** 20} MiB.`);
    }
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), end: end + rest.length };
}

interface Place {
  readonly bytes: number;
  readonly lines: number;
}

async function placeOf(database: Database, name: string): Promise<Place> {
  const { rows } = await database.query<{ bytes: string; lines: string }>(
    'SELECT bytes, lines FROM lookdial.loading WHERE file = $1',
    [name],
  );
  return { bytes: Number(rows[0]?.bytes ?? 0), lines: Number(rows[0]?.lines ?? 0) };
}

/**
 * @throws LookdialError `chain-unavailable` for a file that cannot be read; the signal's reason where it was stopped
 */
export async function load(database: Database, options: LoadOptions): Promise<Loaded> {
  const { path, space, say, progress, signal } = options;
  const { name, bytes } = await identify(path);
  await putSpace(database, space);
  const from = await placeOf(database, `${space.encoder}:${name}`);
  let lines = from.lines;
  let [garments, faults] = [0, 0];
  let batch = new Map<string, ChainRecord>();
  const write = async (end: number): Promise<void> => {
    const records = [...batch.values()];
    batch = new Map();
    await inTransaction(database, async () => {
      await writeBatch(database, space, records);
      await database.query(
        `INSERT INTO lookdial.loading (file, bytes, lines) VALUES ($1, $2, $3)
         ON CONFLICT (file) DO UPDATE SET bytes = excluded.bytes, lines = excluded.lines, at = now()`,
        [`${space.encoder}:${name}`, end, lines],
      );
    });
    garments += records.length;
    progress(end, bytes);
  };
  let reached = from.bytes;
  for await (const { text, end } of linesFrom(path, from.bytes)) {
    lines += 1;
    reached = end;
    if (text.trim() === '') continue;
    const record = readRecord(text, space.latentDim);
    if (typeof record === 'string') {
      faults += 1;
      if (faults <= SHOWN_FAULTS) say(`Line ${lines} was left out: ${record}.`);
      continue;
    }
    // Of a garment that is there twice the later line counts.
    batch.set(record.sku, record);
    if (batch.size < BATCH) continue;
    await write(end);
    signal?.throwIfAborted();
  }
  if (reached > from.bytes) await write(reached);
  if (faults > SHOWN_FAULTS) say(`${faults - SHOWN_FAULTS} more lines were left out.`);
  return { lines: lines - from.lines, garments, skipped: from.lines, faults };
}
