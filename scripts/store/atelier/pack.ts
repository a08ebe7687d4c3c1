/**
 * Fresh drawings for training, in one file of equal records, with a header beside it that says where everything lies.
 * docs/atelier.md describes the format.
 */
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../../../device/errors.ts';
import { replaceDurably } from '../../../device/inventory/durable.ts';
import { Dice } from './dice.ts';
import { WEAVES } from './fabrics.ts';
import { type Garment, throwGarment } from './garment.ts';
import { MEASURES } from './kind.ts';
import { KIND_NAMES } from './kinds/index.ts';
import { inOrder, rgbaOf } from './render.ts';

export const PACK_FILE = 'drawings.bin';
export const PACK_HEADER = 'drawings.json';

/** Grows when the same seed would give other bytes. */
const FORMAT = 1;

/** True parameters of a drawing, in their order. Dyes as (L - 50) / 25, a / 25, b / 25; measures as normal scores. */
export const VALUES = ['lightness', 'red-green', 'yellow-blue', ...MEASURES, 'contrast', 'repeat'] as const;

export interface PackHeader {
  readonly format: number;
  readonly seed: number;
  /** Pixels a side. */
  readonly size: number;
  /** Bytes from one record to the next. */
  readonly stride: number;
  /** Where each part of a record begins, bytes. */
  readonly offsets: {
    readonly rgba: number;
    readonly values: number;
    readonly mask: number;
    readonly kind: number;
    readonly weave: number;
  };
  readonly values: readonly string[];
  readonly kinds: readonly string[];
  readonly weaves: readonly string[];
}

export function packHeader(seed: number, size: number): PackHeader {
  const rgba = size * size * 4;
  const mask = rgba + VALUES.length * 4;
  const kind = mask + VALUES.length;
  const stride = Math.ceil((kind + 2) / 4) * 4;
  return {
    format: FORMAT,
    seed,
    size,
    stride,
    offsets: { rgba: 0, values: rgba, mask, kind, weave: kind + 1 },
    values: VALUES,
    kinds: KIND_NAMES,
    weaves: WEAVES,
  };
}

/**
 * The drawing of a number. Each kind comes as often as any other, and two drawings that follow each other (2i, 2i + 1)
 * are of one look: kind, style and cloth alike, measures and dye not. Swap training needs such pairs.
 */
export function packedGarment(seed: number, number: number): Garment {
  const pair = Math.floor(number / 2);
  const kind = KIND_NAMES[pair % KIND_NAMES.length]!;
  return throwGarment(new Dice(`${seed}/${number}`), { kind, colours: 'any', look: new Dice(`${seed}/pair/${pair}`) });
}

/** The true parameters of a garment in the order of VALUES; undefined where its kind has none. */
export function valuesOf({ scores, fabric: { colour, repeat }, contrast }: Garment): (number | undefined)[] {
  const pattern = repeat > 0 ? [contrast * 2 - 1, (repeat - 6.45) / 2.05] : [undefined, undefined];
  return [(colour.l - 50) / 25, colour.a / 25, colour.b / 25, ...MEASURES.map(name => scores[name]), ...pattern];
}

/** One record. */
export function recordOf(garment: Garment, rgba: Uint8Array, { stride, offsets }: PackHeader): Buffer {
  const record = Buffer.alloc(stride);
  record.set(rgba, offsets.rgba);
  for (const [place, value] of valuesOf(garment).entries()) {
    record.writeFloatLE(value ?? 0, offsets.values + place * 4);
    record[offsets.mask + place] = value === undefined ? 0 : 1;
  }
  record[offsets.kind] = KIND_NAMES.indexOf(garment.kind);
  record[offsets.weave] = WEAVES.indexOf(garment.fabric.weave);
  return record;
}

export interface PackOptions {
  readonly folder: string;
  readonly drawings: number;
  readonly seed: number;
  readonly size: number;
  readonly jobs?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes drawings 0 .. drawings - 1, going on after the last whole record of an earlier run.
 * @throws LookdialError `store-invalid` where the folder holds drawings of another seed, size or format
 */
export async function packDrawings({
  folder,
  drawings,
  seed,
  size,
  onProgress,
  ...run
}: PackOptions): Promise<PackHeader> {
  const header = packHeader(seed, size);
  const text = `${JSON.stringify(header, null, 1)}\n`;
  const [path, headerPath] = [join(folder, PACK_FILE), join(folder, PACK_HEADER)];
  await mkdir(folder, { recursive: true });
  const before = await readFile(headerPath, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text) {
    throw new LookdialError(
      'store-invalid',
      `${headerPath} is of other drawings (seed, size or format). Name another folder, or delete both files.`,
    );
  }
  await replaceDurably(headerPath, Buffer.from(text));
  const there =
    before === undefined ? 0 : Math.floor(((await stat(path).catch(() => undefined))?.size ?? 0) / header.stride);
  const file = await open(path, there > 0 ? 'r+' : 'w');
  try {
    await inOrder(
      Math.max(0, drawings - there),
      async place => {
        const garment = packedGarment(seed, there + place);
        return recordOf(garment, await rgbaOf(garment, size), header);
      },
      async (record, place) => {
        await file.write(record, 0, record.length, (there + place) * header.stride);
        onProgress?.(there + place + 1, drawings);
      },
      run,
    );
  } finally {
    await file.close();
  }
  return header;
}
