/** Pictures in: JPEG, PNG or WebP to the encoder's tensor. Pictures out: see `picture-out.ts`. */
import sharp, { type Sharp } from 'sharp';
import { LookdialError } from '../errors.ts';
import { enlarge } from './enlarge.ts';
import type { Manifest } from './manifest.ts';
import { CHANNELS } from './shapes.ts';

export { type PictureFormat, writePicture } from './picture-out.ts';

export type EncoderInput = Manifest['encoder']['input'];

// libvips keeps up to 50 MB of what it did last, for a picture that comes again: none does, and they lie between what is freed.
sharp.cache(false);
// sharp's own choice as well, but not where MALLOC_ARENA_MAX is set: the other cores belong to whoever dials.
sharp.concurrency(1);

/** Rec. 709 luma of sRGB bytes. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;
/** A picture is fitted at this many times the input's size, and then averaged: close to the mean over each pixel's area. */
const OVERSAMPLING = 2;

const unreadable = (why: string, cause?: unknown): LookdialError =>
  new LookdialError('picture-unreadable', why, cause === undefined ? {} : { cause });

/** The three kinds that are taken, by their first bytes; what the file calls itself is not looked at. */
export function formatOf(bytes: Uint8Array): 'jpeg' | 'png' | 'webp' | undefined {
  const starts = (at: number, ...expected: number[]) => expected.every((byte, i) => bytes[at + i] === byte);
  if (starts(0, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(0, 0x52, 0x49, 0x46, 0x46) && starts(8, 0x57, 0x45, 0x42, 0x50)) return 'webp';
  return undefined;
}

/** Where a picture of `width` x `height` comes to lie, whole and undistorted, in a box: its size and its margins. */
export function contain(width: number, height: number, boxWidth: number, boxHeight: number) {
  const scale = Math.min(boxWidth / width, boxHeight / height);
  const fittedWidth = Math.min(boxWidth, Math.max(1, Math.round(width * scale)));
  const fittedHeight = Math.min(boxHeight, Math.max(1, Math.round(height * scale)));
  const left = Math.floor((boxWidth - fittedWidth) / 2);
  const top = Math.floor((boxHeight - fittedHeight) / 2);
  return { width: fittedWidth, height: fittedHeight, left, top };
}

export interface Upright {
  /** The size it has once it is turned upright, pixels. */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** Turned upright, in sRGB; nothing of it has been decoded yet. */
  readonly picture: Sharp;
}

/**
 * Does something with a picture file. Memory stays bounded: its pixels are counted in the header, before any is decoded.
 * @throws LookdialError `picture-unreadable`, `picture-too-large`; what `work` throws of the house's own
 */
export async function withUpright<T>(
  bytes: Uint8Array,
  maxPixels: number,
  work: (upright: Upright) => Promise<T>,
): Promise<T> {
  if (formatOf(bytes) === undefined)
    throw unreadable('It is neither a JPEG, a PNG nor a WebP picture; send one of these.');
  // The limit is checked by hand below, to say the picture's size; the decoder's own stands behind it.
  const options = { failOn: 'error', limitInputPixels: maxPixels, sequentialRead: true } as const;
  try {
    const header = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
    if (header.width * header.height > maxPixels) {
      const got = `${header.width} x ${header.height} pixels`;
      throw new LookdialError('picture-too-large', `It has ${got}, more than the ${maxPixels} taken; send it smaller.`);
    }
    const picture = sharp(bytes, options).autoOrient().toColourspace('srgb');
    return await work({ ...header.autoOrient, hasAlpha: header.hasAlpha, picture });
  } catch (cause) {
    if (cause instanceof LookdialError) throw cause;
    const [why = ''] = (cause as Error).message.trim().split('\n');
    throw unreadable(`It cannot be decoded (${why}); it may be truncated. Send the whole file.`, cause);
  }
}

/** sRGB bytes of the picture, turned upright, over the background, `width` x `height` x 3. */
function fit(bytes: Uint8Array, input: EncoderInput, maxPixels: number): Promise<Uint8Array> {
  return withUpright(bytes, maxPixels, async ({ width, height, picture }) => {
    const box = { width: input.width * OVERSAMPLING, height: input.height * OVERSAMPLING };
    const place = contain(width, height, box.width, box.height);
    const [r, g, b] = input.background;
    const upright = picture.flatten({ background: { r, g, b } });
    const raw = (one: Sharp) => one.removeAlpha().raw({ depth: 'uchar' }).toBuffer();
    const fitted =
      place.width > width || place.height > height
        ? enlarge(await raw(upright), { width, height }, place)
        : await raw(
            upright.resize(place.width, place.height, { fit: 'fill', kernel: 'lanczos3', fastShrinkOnLoad: false }),
          );
    return lay(fitted, place, box, input.background);
  });
}

/** A fitted picture in its place, the background around it. */
function lay(
  fitted: Uint8Array,
  place: ReturnType<typeof contain>,
  box: { width: number; height: number },
  background: readonly number[],
): Uint8Array {
  const pixels = new Uint8Array(box.width * box.height * 3);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = background[i % 3]!;
  const row = 3 * place.width;
  for (let y = 0; y < place.height; y += 1) {
    pixels.set(fitted.subarray(y * row, (y + 1) * row), 3 * ((place.top + y) * box.width + place.left));
  }
  return pixels;
}

/** The mean of each 2 x 2 block, rounded to a byte as the picture would be stored at its final size. */
function halve(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const small = new Uint8Array(width * height * 3);
  const row = width * OVERSAMPLING * 3;
  for (let y = 0, to = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = y * OVERSAMPLING * row + x * OVERSAMPLING * 3;
      for (let c = from; c < from + 3; c += 1, to += 1) {
        small[to] = (pixels[c]! + pixels[c + 3]! + pixels[c + row]! + pixels[c + row + 3]! + 2) >> 2;
      }
    }
  }
  return small;
}

/**
 * sRGB bytes as the encoder's tensor: channels, colour order, `range`, `mean` and `std`, layout.
 * @param pixels width * height * 3 bytes, rows from the top
 */
export function toTensor(pixels: Uint8Array, input: EncoderInput): Float32Array<ArrayBuffer> {
  const { width, height, channels, layout, range, mean, std, colourOrder } = input;
  const count = CHANNELS[channels];
  const area = width * height;
  const tensor = new Float32Array(area * count);
  const scale = (range[1] - range[0]) / 255;
  for (let c = 0; c < count; c += 1) {
    const centre = mean?.[c] ?? 0;
    const spread = std?.[c] ?? 1;
    const source = colourOrder === 'BGR' ? 2 - c : c;
    for (let p = 0; p < area; p += 1) {
      const at = 3 * p;
      const byte =
        count === 1
          ? LUMA[0] * pixels[at]! + LUMA[1] * pixels[at + 1]! + LUMA[2] * pixels[at + 2]!
          : pixels[at + source]!;
      tensor[layout === 'NCHW' ? c * area + p : p * count + c] = (byte * scale + range[0] - centre) / spread;
    }
  }
  return tensor;
}

/**
 * A picture file as the tensor the encoder takes: upright, over the background, whole and undistorted.
 * Memory stays bounded: the number of pixels is checked in the header, before any is decoded.
 * @param bytes a JPEG, PNG or WebP file
 * @throws LookdialError `picture-unreadable`, `picture-too-large`
 */
export async function readPicture(
  bytes: Uint8Array,
  input: EncoderInput,
  { maxPixels }: { maxPixels: number },
): Promise<Float32Array<ArrayBuffer>> {
  const pixels = await fit(bytes, input, maxPixels);
  return toTensor(halve(pixels, input.width, input.height), input);
}
