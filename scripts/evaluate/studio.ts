/** Gets the pictures: the store's own and the dialled ones, small, a few at a time, telling how far it is. */
import type { Bundle } from '../../device/inference/bundle.ts';
import type { Inference } from '../../device/inference/inference.ts';
import { inLanes } from '../../device/inventory/lanes.ts';
import type { Garments } from './garments.ts';
import { PictureSet } from './picture-set.ts';
import type { Points } from './queries.ts';
import { overWhite, shrink, smallFromFile } from './small-picture.ts';

export type OnProgress = (step: string, unit: string, done: number, total: number) => void;

export interface StudioOptions {
  readonly bundle: Pick<Bundle, 'manifest'>;
  readonly inference: Pick<Inference, 'decode'>;
  readonly garments: Garments;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LANES = 2;

export class Studio {
  readonly #options: StudioOptions;

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  /** @throws the signal's reason where it was stopped */
  tell(step: string, unit: string, done: number, total: number): void {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(step, unit, done, total);
  }

  /** Does `work` for each of `count` places and gives what came of it, in their order. */
  async each<T>(step: string, unit: string, count: number, work: (place: number) => Promise<T>): Promise<T[]> {
    const made: T[] = new Array(count);
    let done = 0;
    await inLanes(made.keys(), LANES, async place => {
      made[place] = await work(place);
      done += 1;
      this.tell(step, unit, done, count);
    });
    return made;
  }

  /** The decoder's shape, and whether it draws in grey. */
  get #box() {
    const { colour, alpha } = this.#options.bundle.manifest.decoder.outputs;
    const { width, height } = alpha ?? colour;
    return { width, height, grey: colour.channels === 'grey' };
  }

  /** The store's own pictures, in the order of the rows. */
  async storePictures(count: number): Promise<PictureSet> {
    const box = this.#box;
    const small = await this.each('Reading', 'pictures', count, async row =>
      smallFromFile(await this.#options.garments.picture(row), box),
    );
    return new PictureSet(small);
  }

  /** The dialled pictures, each as its kind where the bundle is conditional. */
  async draw({ name, z, conditions }: Points): Promise<Float32Array[]> {
    const { inference } = this.#options;
    const { grey } = this.#box;
    return this.each(`Decoding: ${name}`, 'points', z.length, async place => {
      const picture = await inference.decode(z[place]!, conditions[place]);
      return shrink(overWhite(picture), picture.width, picture.height, grey);
    });
  }
}
