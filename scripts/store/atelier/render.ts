/** Garments as pixels. One picture takes one core. */
import { availableParallelism } from 'node:os';
import sharp from 'sharp';
import { type Drawable, drawGarment } from './draw.ts';

/** Straight (not premultiplied) RGBA of a garment, row by row, `size` * `size` * 4 bytes. */
export async function rgbaOf(garment: Drawable, size: number): Promise<Buffer> {
  return await pixelsOf(drawGarment(garment, size));
}

/** Straight RGBA of an SVG document, row by row, 4 bytes a pixel. */
export async function pixelsOf(svg: string): Promise<Buffer> {
  return await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
}

/** A WebP with alpha from an SVG document. An effort of 2 makes it a seventh smaller and takes a sixth longer. */
export async function webpOf(svg: string): Promise<Buffer> {
  return await sharp(Buffer.from(svg)).webp({ quality: 88, alphaQuality: 95, effort: 1 }).toBuffer();
}

/** Results are taken in order: with one task a core, a core that is done would wait for a slower neighbour, or for the disk. */
const TASKS_PER_CORE = 2;

/**
 * Runs `task` for 0 .. count - 1, some at once, and hands each result on in order.
 * @throws the signal's reason where it was stopped, and whatever a task or `take` throws
 */
export async function inOrder<T>(
  count: number,
  task: (place: number) => Promise<T>,
  take: (result: T, place: number) => Promise<void> | void,
  { jobs = TASKS_PER_CORE * availableParallelism(), signal }: { jobs?: number; signal?: AbortSignal } = {},
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
