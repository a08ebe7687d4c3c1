/**
 * Small copies of the garments' pictures, for a screen that shows two dozen at once. They are made when first asked for, kept in
 * memory up to a bound, and made once however many ask at the same time.
 */
import sharp from 'sharp';
import { Turns } from './turns.ts';

/** Longer sides there are, pixels: a bounded set, so that nobody can fill the cache with sizes. */
export const THUMBNAIL_SIZES = [160, 240, 320, 640, 1_280] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

export const THUMBNAIL_TYPE = 'image/webp';
const QUALITY = 82;
/** Most bytes kept. A garment of 240 px has about 5 kB, one of 512 about 15. */
const MAX_BYTES = 64 * 2 ** 20;
const MADE_AT_ONCE = 2;
const MAY_WAIT = 512;

export interface ThumbnailOptions {
  /** Largest picture read, pixels. */
  readonly maxPixels: number;
  readonly maxBytes?: number;
}

export class Thumbnails {
  readonly #kept = new Map<string, Buffer>();
  readonly #making = new Map<string, Promise<Buffer>>();
  readonly #turns = new Turns('pictures', MADE_AT_ONCE, MAY_WAIT);
  readonly #maxPixels: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ maxPixels, maxBytes = MAX_BYTES }: ThumbnailOptions) {
    this.#maxPixels = maxPixels;
    this.#maxBytes = maxBytes;
  }

  /** Bytes kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * A picture as WebP, its longer side `size` or its own if that is less.
   * @param hash the picture's content hash, which names it
   * @param path the picture's file
   * @throws what reading or decoding the file throws; `busy` where too many wait
   */
  get(hash: string, path: string, size: ThumbnailSize): Promise<Buffer> {
    const key = `${hash}-${size}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined) {
      // Asked for now: the last to be thrown out.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept);
    }
    const making = this.#making.get(key);
    if (making !== undefined) return making;
    const made = this.#turns
      .run(() => this.#make(path, size))
      .then(bytes => this.#keep(key, bytes))
      .finally(() => this.#making.delete(key));
    this.#making.set(key, made);
    return made;
  }

  #make(path: string, size: number): Promise<Buffer> {
    return sharp(path, { limitInputPixels: this.#maxPixels, sequentialRead: true })
      .autoOrient()
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: QUALITY, alphaQuality: QUALITY, effort: 3 })
      .toBuffer();
  }

  #keep(key: string, bytes: Buffer): Buffer {
    this.#kept.set(key, bytes);
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
    return bytes;
  }
}
