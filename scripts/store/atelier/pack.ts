/**
 * Fresh drawings for training, in one file of equal records, with a header beside it that says where everything lies.
 * docs/atelier.md describes the format.
 */
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../../../device/errors.ts';
import { replaceDurably } from '../../../device/inventory/durable.ts';
import { Dice } from './dice.ts';
import { drawGarment } from './draw.ts';
import { companion, isPatterned, repeatsOf, WEAVES } from './fabrics.ts';
import { type Garment, measureAt, throwGarment } from './garment.ts';
import { clamp } from './geometry.ts';
import { type Kind, MEASURES } from './kind.ts';
import { KIND_NAMES, KINDS } from './kinds/index.ts';
import { fit, type Lab } from './lab.ts';
import { inOrder, pixelsOf } from './render.ts';

export const PACK_FILE = 'drawings.bin';
export const PACK_HEADER = 'drawings.json';

/** Grows when the same seed would give other bytes. */
const FORMAT = 2;

/** True parameters of a drawing, in their order. Dyes as (L - 50) / 25, a / 25, b / 25; measures as normal scores. */
const DYES = ['lightness', 'red-green', 'yellow-blue'] as const;
export const VALUES = [...DYES, ...MEASURES, 'contrast', 'repeat'] as const;

export interface PackHeader {
  readonly format: number;
  readonly seed: number;
  /** Drawings that belong together: 2 for pairs of one look, more where one garment is turned. */
  readonly group: number;
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
  /** Categories, as the catalogue has them. */
  readonly kinds: readonly string[];
  readonly weaves: readonly string[];
  /** Dyes are of the label's palette, as in the collection; without it of all that a screen can show. */
  readonly card?: true;
  /** What is turned in each drawing of a group after its first; only where `group` is more than 2. */
  readonly turned?: readonly string[];
}

function packHeader({ seed, size, turned = false, card = false }: PackOptions): PackHeader {
  const rgba = size * size * 4;
  const mask = rgba + VALUES.length * 4;
  const kind = mask + VALUES.length;
  const stride = Math.ceil((kind + 2) / 4) * 4;
  return {
    format: FORMAT,
    seed,
    group: turned ? GROUP : 2,
    size,
    stride,
    offsets: { rgba: 0, values: rgba, mask, kind, weave: kind + 1 },
    values: VALUES,
    kinds: KIND_NAMES.map(name => KINDS[name].category),
    weaves: WEAVES,
    ...(card && { card }),
    ...(turned && { turned: TURNED }),
  };
}

/**
 * The drawing of a number. Each kind comes as often as any other, and two drawings that follow each other (2i, 2i + 1)
 * are of one look: kind, style and cloth alike, measures and dye not. Swap training needs such pairs.
 */
export function packedGarment(seed: number, number: number, colours: 'any' | 'card' = 'any'): Garment {
  const pair = Math.floor(number / 2);
  const kind = KIND_NAMES[pair % KIND_NAMES.length]!;
  return throwGarment(new Dice(`${seed}/${number}`), { kind, colours, look: new Dice(`${seed}/pair/${pair}`) });
}

/** Prints that a plain garment is turned into. */
const PRINTS = ['stripes', 'pinstripes', 'dots'] as const;
/** What can be turned, in the order in which it stands in a group. */
const TURNED = [...DYES, ...MEASURES, ...PRINTS] as const;
/** How far a dial is turned at most, in normal scores; dyes in as much of Lab. */
const TURN = 1.5;
const DYE = {
  lightness: { axis: 'l', middle: 54, range: 34 },
  'red-green': { axis: 'a', middle: 0, range: 26 },
  'yellow-blue': { axis: 'b', middle: 0, range: 30 },
} as const;
const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

/** Drawings of a group: one garment, then the same with each of TURNED turned, alike where its kind has no such measure or print. */
export const GROUP = 1 + TURNED.length;

/** The same garment cut from printed cloth; as it is where it is printed already, or its kind is never printed so. */
function printed(garment: Garment, weave: (typeof PRINTS)[number], contrast: number): Garment {
  const { fabric } = garment;
  const cut: Kind = KINDS[garment.kind];
  const [repeat] = repeatsOf(weave);
  if (isPatterned(fabric.weave) || cut.weaves[weave] === undefined || repeat === undefined) return garment;
  const second = companion(fabric.colour, contrast);
  return { ...garment, contrast, fabric: { ...fabric, weave, repeat: repeat / cut.scale, second } };
}

/** The drawing of a number in a pack of turned garments: what the drawer draws when one dial is turned. */
export function turnedGarment(seed: number, number: number): Garment {
  const group = Math.floor(number / GROUP);
  const kind = KIND_NAMES[group % KIND_NAMES.length]!;
  const garment = throwGarment(new Dice(`${seed}/turned/${group}`), { kind, colours: 'any' });
  const turned = TURNED[(number % GROUP) - 1];
  if (turned === undefined) return garment;
  const share = new Dice(`${seed}/turn/${number}`).uniform();
  if (isOneOf(PRINTS, turned)) return printed(garment, turned, share);
  const score = (2 * share - 1) * TURN;
  if (isOneOf(DYES, turned)) {
    const { axis, middle, range } = DYE[turned];
    const value = clamp(middle + (score / TURN) * range, -128, 128);
    const colour: Lab = fit({ ...garment.fabric.colour, [axis]: value });
    const second = garment.fabric.repeat > 0 ? companion(colour, garment.contrast) : colour;
    return { ...garment, fabric: { ...garment.fabric, colour, second } };
  }
  if (garment.measures[turned] === undefined) return garment;
  const cut: Kind = KINDS[kind];
  return {
    ...garment,
    scores: { ...garment.scores, [turned]: score },
    measures: { ...garment.measures, [turned]: measureAt(cut, turned, score) },
  };
}

/** The true parameters of a garment in the order of VALUES; undefined where its kind has none. */
export function valuesOf({ scores, fabric: { colour, repeat }, contrast }: Garment): (number | undefined)[] {
  const pattern = repeat > 0 ? [contrast * 2 - 1, (repeat - 9) / 4] : [undefined, undefined];
  return [(colour.l - 50) / 25, colour.a / 25, colour.b / 25, ...MEASURES.map(name => scores[name]), ...pattern];
}

/** One record. */
function recordOf(garment: Garment, rgba: Uint8Array, { stride, offsets }: PackHeader): Buffer {
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

/** Tasks run side by side over two groups or so. */
const KEPT_GROUPS = 8;

/** Pixels of drawings that come in order, where one that looks like the first of its group is not drawn again. */
class GroupRenderer {
  readonly #group: number;
  readonly #size: number;
  readonly #firsts = new Map<number, { readonly svg: string; readonly rgba: Promise<Buffer> }>();

  constructor(group: number, size: number) {
    this.#group = group;
    this.#size = size;
  }

  /** Straight RGBA of the drawing of a number; of a group, the first is to be asked for first. */
  rgbaOf(garment: Garment, number: number): Promise<Buffer> {
    const group = Math.floor(number / this.#group);
    const svg = drawGarment(garment, this.#size);
    const first = this.#firsts.get(group);
    if (first?.svg === svg) return first.rgba;
    const rgba = pixelsOf(svg);
    if (number % this.#group === 0) {
      this.#firsts.set(group, { svg, rgba });
      this.#firsts.delete(group - KEPT_GROUPS);
    }
    return rgba;
  }
}

export interface PackOptions {
  readonly folder: string;
  readonly drawings: number;
  readonly seed: number;
  readonly size: number;
  /** Garments with each of their dials turned, in place of pairs. */
  readonly turned?: boolean;
  /** Pairs in the dyes of the label's palette, as in the collection. */
  readonly card?: boolean;
  readonly jobs?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes drawings 0 .. drawings - 1, going on after the last whole record of an earlier run.
 * @throws LookdialError `store-invalid` where the folder holds drawings of another seed, size, sort or format
 */
export async function packDrawings(options: PackOptions): Promise<PackHeader> {
  const { folder, drawings, seed, size, turned = false, card = false, onProgress, ...run } = options;
  const header = packHeader(options);
  const text = `${JSON.stringify(header, null, 1)}\n`;
  const [path, headerPath] = [join(folder, PACK_FILE), join(folder, PACK_HEADER)];
  await mkdir(folder, { recursive: true });
  const before = await readFile(headerPath, 'utf8').catch(() => undefined);
  if (before !== undefined && before !== text) {
    throw new LookdialError(
      'store-invalid',
      `${headerPath} is of other drawings (seed, size, sort or format). Name another folder, or delete both files.`,
    );
  }
  await replaceDurably(headerPath, Buffer.from(text));
  const there =
    before === undefined ? 0 : Math.floor(((await stat(path).catch(() => undefined))?.size ?? 0) / header.stride);
  const renderer = new GroupRenderer(header.group, size);
  const file = await open(path, there > 0 ? 'r+' : 'w');
  try {
    await inOrder(
      Math.max(0, drawings - there),
      async place => {
        const number = there + place;
        const garment = turned ? turnedGarment(seed, number) : packedGarment(seed, number, card ? 'card' : 'any');
        return recordOf(garment, await renderer.rgbaOf(garment, number), header);
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
