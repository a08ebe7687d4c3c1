/**
 * Which garment the drawer would have to draw for a picture: its true parameters, found by drawing. From each of some garments
 * to start from, the dye is set and each measure moved as long as the drawing comes nearer to the picture.
 */
import sharp from 'sharp';
import type { DecodedPicture } from '../../../device/inference/inference.ts';
import type { Drawable } from '../../store/atelier/draw.ts';
import { fit, type Lab } from '../../store/atelier/lab.ts';
import { rgbaOf } from '../../store/atelier/render.ts';
import { toLab } from '../../store/colour-word.ts';
import { measuresOf, sharesOf, withDye, withShare } from './parameters.ts';

/** Pixels a side at which pictures are compared. */
export const COMPARED = 64;
/** How far a measure is moved at a time, in parts of its range: coarsely, then finely. */
const STEPS = [0.2, 0.08, 0.03] as const;
/** Alpha from which on a pixel is cloth, and no rim. */
const INSIDE = 200;

/** Straight RGBA, COMPARED pixels a side. */
export type Compared = Uint8Array;

/** A picture at the size of comparison. */
export async function compared({ rgba, width, height }: DecodedPicture): Promise<Compared> {
  const transparent = { r: 0, g: 0, b: 0, alpha: 0 };
  return await sharp(rgba, { raw: { width, height, channels: 4 } })
    .resize(COMPARED, COMPARED, { fit: 'contain', kernel: 'mitchell', background: transparent })
    .raw()
    .toBuffer();
}

/** Mean squared error over white, values 0 to 1; of alpha too where pictures have it. */
export function pictureError(a: Compared, b: Compared, withAlpha: boolean): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 4) {
    const [alpha, beta] = [a[at + 3]!, b[at + 3]!];
    for (let c = at; c < at + 3; c += 1) sum += ((alpha * (a[c]! - 255) - beta * (b[c]! - 255)) / 65_025) ** 2;
    if (withAlpha) sum += ((alpha - beta) / 255) ** 2;
  }
  return sum / ((a.length / 4) * (withAlpha ? 4 : 3));
}

/** The mean colour of the pixels that are cloth in both pictures, of each. */
function meanColours(a: Compared, b: Compared): readonly [Lab, Lab] | undefined {
  const sums = [new Float64Array(3), new Float64Array(3)] as const;
  let count = 0;
  for (let at = 0; at < a.length; at += 4) {
    if (a[at + 3]! < INSIDE || b[at + 3]! < INSIDE) continue;
    count += 1;
    for (const [place, picture] of [a, b].entries()) {
      toLab(picture[at]!, picture[at + 1]!, picture[at + 2]!).forEach((value, axis) => {
        sums[place]![axis]! += value;
      });
    }
  }
  if (count === 0) return undefined;
  const mean = ([l, a, b]: Float64Array): Lab => ({ l: l! / count, a: a! / count, b: b! / count });
  return [mean(sums[0]), mean(sums[1])];
}

export interface Found {
  readonly garment: Drawable;
  readonly error: number;
}

interface Drawn extends Found {
  readonly picture: Compared;
}

export class ClosestDrawing {
  readonly #target: Compared;
  readonly #withAlpha: boolean;

  /** @param withAlpha whether the picture's alpha says anything */
  constructor(target: Compared, withAlpha: boolean) {
    this.#target = target;
    this.#withAlpha = withAlpha;
  }

  async #draw(garment: Drawable): Promise<Drawn> {
    const picture = await rgbaOf(garment, COMPARED);
    return { garment, picture, error: pictureError(this.#target, picture, this.#withAlpha) };
  }

  /** Whichever is nearer. */
  async #better(best: Drawn, garment: Drawable): Promise<Drawn> {
    const drawn = await this.#draw(garment);
    return drawn.error < best.error ? drawn : best;
  }

  /** The dye moved by as much as the cloth's mean colour is off. */
  async #dyed(best: Drawn): Promise<Drawn> {
    const means = meanColours(this.#target, best.picture);
    if (means === undefined) return best;
    const [wanted, got] = means;
    const { l, a, b } = best.garment.fabric.colour;
    const colour = fit({ l: l + wanted.l - got.l, a: a + wanted.a - got.a, b: b + wanted.b - got.b });
    return this.#better(best, withDye(best.garment, colour));
  }

  /** Each measure moved by `step` to the side that comes nearer, as often as it does. */
  async #cut(start: Drawn, step: number): Promise<Drawn> {
    let best = start;
    for (const name of measuresOf(best.garment)) {
      for (const side of [step, -step]) {
        const before = best;
        for (;;) {
          const share = sharesOf(best.garment)[name]! + side;
          const moved = share > 0 && share < 1 ? await this.#better(best, withShare(best.garment, name, share)) : best;
          if (moved === best) break;
          best = moved;
        }
        if (best !== before) break;
      }
    }
    return best;
  }

  async #from(garment: Drawable): Promise<Drawn> {
    let best = await this.#dyed(await this.#draw(garment));
    for (const step of STEPS) best = await this.#dyed(await this.#cut(best, step));
    return best;
  }

  /**
   * The garment whose drawing is nearest, of those that each start leads to.
   * @param starts garments to start from, one at least; kind, style and weave stay as they are
   */
  async find(starts: readonly Drawable[]): Promise<Found> {
    let best: Found | undefined;
    for (const start of starts) {
      const { garment, error } = await this.#from(start);
      if (best === undefined || error < best.error) best = { garment, error };
    }
    return best!;
  }
}
