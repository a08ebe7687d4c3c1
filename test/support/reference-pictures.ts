/**
 * Pictures of screens that are kept, and how far a screen may be from its own. What another build of the browser does at the
 * edge of a letter is allowed; a word, a colour or a place that is another is not.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import sharp, { type Sharp } from 'sharp';

/** Kept pictures are so much smaller than the screen. */
const SHRUNK = 2;
/** The side of a tile of a kept picture, pixels: about two letters. */
const TILE = 12;
/** Mean absolute difference of a channel over one tile, of 255. */
const MOST_IN_A_TILE = 18;
const QUALITY = 82;

/** Where they are kept. */
export const REFERENCES = resolve(import.meta.dirname, '../e2e/references');
/** Set to anything, the screens as they are take the place of the pictures. */
export const KEEP_VARIABLE = 'LOOKDIAL_KEEP_SCREENS';
/** What differs is written here, to be looked at. */
export const DIFFERENT = resolve(import.meta.dirname, '../../test-results/screens');

interface Raw {
  readonly width: number;
  readonly height: number;
  readonly rgb: Buffer;
}

const rawOf = async (picture: Sharp): Promise<Raw> => {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
};

export interface Difference {
  /** Mean absolute difference of a channel in the tile that differs most, of 255; infinite for another size. */
  readonly most: number;
  /** That tile's middle, pixels of the screen. */
  readonly x: number;
  readonly y: number;
}

/** The tile of two pictures that differs most. */
export function mostDifferent(one: Raw, other: Raw): Difference {
  if (one.width !== other.width || one.height !== other.height) return { most: Number.POSITIVE_INFINITY, x: 0, y: 0 };
  let worst: Difference = { most: 0, x: 0, y: 0 };
  for (let top = 0; top < one.height; top += TILE) {
    for (let left = 0; left < one.width; left += TILE) {
      const [right, bottom] = [Math.min(one.width, left + TILE), Math.min(one.height, top + TILE)];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let at = 3 * (y * one.width + left); at < 3 * (y * one.width + right); at++) {
          sum += Math.abs((one.rgb[at] ?? 0) - (other.rgb[at] ?? 0));
        }
      }
      const most = sum / (3 * (right - left) * (bottom - top));
      const middle = { x: (SHRUNK * (left + right)) / 2, y: (SHRUNK * (top + bottom)) / 2 };
      if (most > worst.most) worst = { most, ...middle };
    }
  }
  return worst;
}

/**
 * Holds a screen to its kept picture.
 * @param name as `design-upright-en`; the picture is `name.webp`
 * @param screenshot PNG, a pixel of the screen each
 * @returns what is wrong, in a sentence; undefined where nothing is
 */
export async function unlikeReference(name: string, screenshot: Buffer): Promise<string | undefined> {
  const path = join(REFERENCES, `${name}.webp`);
  const { width = 0, height = 0 } = await sharp(screenshot).metadata();
  const shrunk = await sharp(screenshot)
    .resize(Math.round(width / SHRUNK), Math.round(height / SHRUNK))
    .webp({ quality: QUALITY, effort: 6 })
    .toBuffer();
  if (process.env[KEEP_VARIABLE]) return await keep(path, shrunk);
  const reference = await readFile(path).catch(() => undefined);
  if (reference === undefined) {
    return `There is no picture of it to compare with. Look at the screen, and keep it: ${KEEP_VARIABLE}=1 npm test -- --slow looks`;
  }
  const { most, x, y } = mostDifferent(await rawOf(sharp(reference)), await rawOf(sharp(shrunk)));
  if (most <= MOST_IN_A_TILE) return undefined;
  const now = join(DIFFERENT, `${name}.webp`);
  await keep(now, shrunk);
  return `It is not as its picture: at ${x}, ${y} it differs by ${most.toFixed(0)} of 255, and ${MOST_IN_A_TILE} are allowed. It looks like ${now} now; where that is right, keep it: ${KEEP_VARIABLE}=1 npm test -- --slow looks`;
}

async function keep(path: string, bytes: Buffer): Promise<undefined> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
