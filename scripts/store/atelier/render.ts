/** Garments as pixels. One picture takes one core; callers run as many at once as there are cores. */
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { type Drawable, drawGarment } from './draw.ts';

/** Straight (not premultiplied) RGBA, row by row, `size` * `size` * 4 bytes. */
export async function rgbaOf(garment: Drawable, size: number): Promise<Buffer> {
  return await sharp(Buffer.from(drawGarment(garment, size)))
    .ensureAlpha()
    .raw()
    .toBuffer();
}

/** A WebP with alpha from an SVG document. */
export async function webpOf(svg: string): Promise<Buffer> {
  return await sharp(Buffer.from(svg)).webp({ quality: 88, alphaQuality: 95, effort: 2 }).toBuffer();
}

/**
 * Runs `task` for 0 .. count - 1, as many at once as there are cores, and hands each result on in order.
 * @throws the signal's reason where it was stopped, and whatever a task or `take` throws
 */
export async function inOrder<T>(
  count: number,
  task: (place: number) => Promise<T>,
  take: (result: T, place: number) => Promise<void> | void,
  { jobs = availableParallelism(), signal }: { jobs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const before = sharp.concurrency();
  sharp.concurrency(1);
  const running: Promise<T>[] = [];
  try {
    for (let place = 0, next = 0; place < count; place++) {
      for (; next < Math.min(count, place + jobs); next++) running.push(task(next));
      signal?.throwIfAborted();
      await take(await running.shift()!, place);
    }
  } finally {
    await Promise.allSettled(running);
    sharp.concurrency(before);
  }
}
