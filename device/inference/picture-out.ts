/** A decoded picture as a PNG or WebP file, drawn at screen size: crisp outline, no halo. */
import sharp, { type Sharp } from 'sharp';
import type { DecodedPicture } from './inference.ts';
import { colourFromInside } from './rim.ts';

export type PictureFormat = 'png' | 'webp';

/** Alpha bytes 0 and 255 stand for these logits: half a step beyond what bytes 1 and 254 say. */
const LARGEST_LOGIT = Math.log(254.75 / 0.25);

/** Logits travel as 16-bit numbers, the middle for 0, with room for what cubic scaling overshoots. */
const MIDDLE = 32_768;
const STEPS_PER_LOGIT = 24_576 / LARGEST_LOGIT;

/** The 16-bit logit of each alpha byte. */
const LOGITS = Uint16Array.from({ length: 256 }, (_, byte) => {
  const logit = byte === 0 ? -LARGEST_LOGIT : byte === 255 ? LARGEST_LOGIT : Math.log(byte / (255 - byte));
  return Math.round(MIDDLE + STEPS_PER_LOGIT * logit);
});

/** 255 * logistic(sharpen * logit) for every 16-bit logit; opaque stays opaque and clear stays clear. */
function sharpened(sharpen: number): Uint8Array {
  const table = new Uint8Array(65_536);
  for (let i = 0; i < table.length; i += 1) {
    table[i] = Math.round(255 / (1 + Math.exp((sharpen * (MIDDLE - i)) / STEPS_PER_LOGIT)));
  }
  return table;
}

/** Smoothly: cubic where it grows, Lanczos where it shrinks. */
const resized = (pixels: Sharp, width: number, height: number): Sharp =>
  pixels.resize(width, height, { fit: 'fill', kernel: 'lanczos3' });

/** Alpha at the new size: the logit scaled up smoothly, then made steeper. */
async function screenAlpha(
  picture: DecodedPicture,
  width: number,
  height: number,
  sharpen: number,
): Promise<Uint8Array> {
  const area = picture.width * picture.height;
  const logits = Uint16Array.from({ length: area }, (_, p) => LOGITS[picture.rgba[4 * p + 3]!]!);
  const raw = { width: picture.width, height: picture.height, channels: 1 } as const;
  const bytes = await resized(sharp(logits, { raw }).toColourspace('grey16'), width, height)
    .raw({ depth: 'ushort' })
    .toBuffer();
  const scaled = new Uint16Array(bytes.buffer, bytes.byteOffset, width * height);
  const table = sharpened(sharpen);
  return Uint8Array.from(scaled, logit => table[logit]!);
}

/**
 * @param size length of the longer side in pixels; the picture's own if left out
 * @param sharpen the manifest's `decoder.sharpen`: shown alpha is logistic(sharpen * logit)
 */
export async function writePicture(
  picture: DecodedPicture,
  { format, size, sharpen }: { format: PictureFormat; size?: number; sharpen: number },
): Promise<Buffer> {
  const scale = size === undefined ? 1 : size / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const inside = colourFromInside(picture.rgba, picture.width, picture.height);
  const raw = { width: picture.width, height: picture.height, channels: 3 } as const;
  const colour = await resized(sharp(inside, { raw }), width, height).raw().toBuffer();
  const alpha = await screenAlpha(picture, width, height, sharpen);
  const joined = sharp(colour, { raw: { width, height, channels: 3 } }).joinChannel(Buffer.from(alpha), {
    raw: { width, height, channels: 1 },
  });
  // Drawn while somebody waits: half the time, for twice the few bytes.
  return format === 'png'
    ? joined.png({ compressionLevel: 6 }).toBuffer()
    : joined.webp({ quality: 90, effort: 0 }).toBuffer();
}
