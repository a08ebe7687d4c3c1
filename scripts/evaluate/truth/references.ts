/** Fresh drawings of every kind: where the search for the closest drawing starts, beside the garment that was dialled from. */
import { Dice } from '../../store/atelier/dice.ts';
import type { Drawable } from '../../store/atelier/draw.ts';
import { throwGarment } from '../../store/atelier/garment.ts';
import { KIND_NAMES, KINDS } from '../../store/atelier/kinds/index.ts';
import { rgbaOf } from '../../store/atelier/render.ts';
import type { Studio } from '../studio.ts';
import { COMPARED, type Compared, pictureError } from './closest-drawing.ts';

/** Drawings of each kind. */
const A_KIND = 24;

interface Reference {
  readonly garment: Drawable;
  readonly picture: Compared;
}

/** Black cloth on nothing: of two of them only the outlines differ. */
const outlineOf = (picture: Compared): Compared => picture.map((value, at) => (at % 4 === 3 ? value : 0));

export class References {
  readonly #all: readonly Reference[];
  readonly #withAlpha: boolean;

  private constructor(all: readonly Reference[], withAlpha: boolean) {
    this.#all = all;
    this.#withAlpha = withAlpha;
  }

  /** @param withAlpha whether the pictures to look for have an outline to go by */
  static async draw(studio: Studio, seed: number, withAlpha: boolean): Promise<References> {
    const all = await studio.each('Drawing', 'references', A_KIND * KIND_NAMES.length, async place => {
      const kind = KIND_NAMES[place % KIND_NAMES.length]!;
      const garment = throwGarment(new Dice(`evaluation/${seed}/${place}`), { kind });
      const picture = await rgbaOf(garment, COMPARED);
      return { garment, picture: withAlpha ? outlineOf(picture) : picture };
    });
    return new References(all, withAlpha);
  }

  /** The drawing that is most like a picture: by its outline where there is one, for a dye is soon changed. */
  nearest(picture: Compared, category: string | undefined): Drawable {
    const target = this.#withAlpha ? outlineOf(picture) : picture;
    let best = { garment: this.#all[0]!.garment, error: Number.POSITIVE_INFINITY };
    for (const { garment, picture: drawn } of this.#all) {
      if (category !== undefined && KINDS[garment.kind].category !== category) continue;
      const error = pictureError(target, drawn, this.#withAlpha);
      if (error < best.error) best = { garment, error };
    }
    return best.garment;
  }
}
