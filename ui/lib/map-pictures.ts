import { cssColour, meanColour, type Rgb } from './accent.ts';

/** Pictures fetched at once, and kept: 160 pixels a side, so forty megabytes at most. */
const AT_ONCE = 6;
const KEPT = 400;
const PIXELS = 160;
/** Pixels a side that a mean colour is taken from. */
const SAMPLE = 24;
const LINEN = '#d8c7a6';
/** Pixels lighter than this are ground, not cloth. */
const GROUND = 238;

/** A garment's picture, ready to be drawn. */
export interface MapPicture {
  readonly image: HTMLImageElement;
  /** It has a ground of its own, which is to vanish in the paper. */
  readonly opaque: boolean;
}

/** The garments' small pictures, fetched when they come into sight. */
export class MapPictures {
  readonly #loaded: () => void;
  readonly #kept = new Map<string, MapPicture>();
  readonly #tints = new Map<string, Rgb | undefined>();
  readonly #failed = new Set<string>();
  readonly #under = new Set<string>();
  #wanted: readonly string[] = [];

  /** @param loaded told when another one is there, or cannot be had */
  constructor(loaded: () => void) {
    this.#loaded = loaded;
  }

  /** The picture, where it is there. */
  of(sku: string): MapPicture | undefined {
    const kept = this.#kept.get(sku);
    if (kept === undefined) return undefined;
    this.#kept.delete(sku);
    this.#kept.set(sku, kept);
    return kept;
  }

  /** Fetches what is in sight, and nothing else any more. */
  want(skus: readonly string[]): void {
    this.#wanted = skus.filter(sku => !this.#kept.has(sku) && !this.#failed.has(sku));
    this.#fetchNext();
  }

  /** The garment's colour, CSS; linen while its picture is not there, or where it has none of its own. */
  wash(sku: string | null): string {
    const tint = sku === null ? undefined : this.#tints.get(sku);
    return tint === undefined ? LINEN : cssColour(tint);
  }

  /** Whether a picture that is in sight is still to come. */
  get fetching(): boolean {
    return this.#under.size > 0;
  }

  #fetchNext(): void {
    for (const sku of this.#wanted) {
      if (this.#under.size >= AT_ONCE) return;
      if (this.#under.has(sku) || this.#kept.has(sku) || this.#failed.has(sku)) continue;
      this.#under.add(sku);
      void this.#fetch(sku);
    }
  }

  async #fetch(sku: string): Promise<void> {
    const image = new Image();
    image.src = `/api/v1/items/${encodeURIComponent(sku)}/image?size=${PIXELS}`;
    try {
      await image.decode();
      this.#keep(sku, image);
    } catch {
      // It stays a stitch on the map.
      this.#failed.add(sku);
    }
    this.#under.delete(sku);
    this.#fetchNext();
    this.#loaded();
  }

  #keep(sku: string, image: HTMLImageElement): void {
    const data = sampleOf(image);
    const corners = [0, SAMPLE - 1, SAMPLE * (SAMPLE - 1), SAMPLE * SAMPLE - 1];
    this.#kept.set(sku, { image, opaque: corners.every(corner => data[4 * corner + 3] === 255) });
    if (!this.#tints.has(sku)) this.#tints.set(sku, tintOf(data));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** The picture on a few pixels; nothing of it where the browser gives no canvas. */
function sampleOf(image: HTMLImageElement): Uint8ClampedArray {
  const context = new OffscreenCanvas(SAMPLE, SAMPLE).getContext('2d');
  if (context === null) return new Uint8ClampedArray(4 * SAMPLE * SAMPLE);
  context.drawImage(image, 0, 0, SAMPLE, SAMPLE);
  return context.getImageData(0, 0, SAMPLE, SAMPLE).data;
}

/** The cloth's mean colour: what is as light as the ground is left out. */
function tintOf(data: Uint8ClampedArray): Rgb | undefined {
  const cloth = Uint8Array.from(data);
  for (let at = 0; at < cloth.length; at += 4) {
    if (Math.min(cloth[at]!, cloth[at + 1]!, cloth[at + 2]!) >= GROUND) cloth[at + 3] = 0;
  }
  return meanColour({ width: SAMPLE, height: SAMPLE, rgba: cloth });
}
