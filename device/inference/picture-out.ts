/** A decoded picture as a PNG or WebP file, drawn at screen size: crisp outline, no halo. */
import sharp, { type Sharp } from 'sharp';
import type { DecodedPicture } from './inference.ts';
import { colourFromInside } from './rim.ts';

export type PictureFormat = 'png' | 'webp';

/** Alpha bytes 0 and 255 stand for these logits: half a step beyond what bytes 1 and 254 say. */
const LARGEST_LOGIT = Math.log(254.75 / 0.25);

/** The logit of each alpha byte. */
const LOGITS = Float32Array.from({ length: 256 }, (_, byte) =>
  byte === 0 ? -LARGEST_LOGIT : byte === 255 ? LARGEST_LOGIT : Math.log(byte / (255 - byte)),
);

/** Steps of the table from logit to byte; finer than a byte's own at any sharpening. */
const STEPS = 4096;

/** logistic(sharpen * logit) as a byte, for STEPS logits from -LARGEST_LOGIT to LARGEST_LOGIT. */
const sharpened = (sharpen: number): Uint8Array =>
  Uint8Array.from({ length: STEPS + 1 }, (_, i) =>
    Math.round(255 / (1 + Math.exp(-sharpen * LARGEST_LOGIT * ((2 * i) / STEPS - 1)))),
  );

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
  const logits = Float32Array.from({ length: area }, (_, p) => LOGITS[picture.rgba[4 * p + 3]!]!);
  const raw = { width: picture.width, height: picture.height, channels: 1 } as const;
  const bytes = await resized(sharp(logits, { raw }), width, height)
    .toColourspace('b-w')
    .raw({ depth: 'float' })
    .toBuffer();
  const scaled = new Float32Array(bytes.buffer, bytes.byteOffset, width * height);
  const table = sharpened(sharpen);
  return Uint8Array.from(scaled, logit => {
    const step = Math.round(((logit / LARGEST_LOGIT + 1) * STEPS) / 2);
    return table[Math.min(STEPS, Math.max(0, step))]!;
  });
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
  return format === 'png' ? joined.png({ compressionLevel: 6 }).toBuffer() : joined.webp({ quality: 90 }).toBuffer();
}
