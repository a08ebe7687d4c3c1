/** Shirt collars and hoods: what is turned down or thrown back. */
import type { Bodice } from './bodice.ts';
import { neckLabel } from './details.ts';
import type { Drawing } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { Curve, leaf, type Point } from './geometry.ts';

export interface CollarMeasures {
  /** Height of the collar where it folds at the back of the neck. */
  readonly stand: number;
  /** Where the two leaves meet, below the neck point. */
  readonly meet: number;
  /** The leaf's tip. */
  readonly tip: Point;
  readonly soft?: boolean;
}

/** The collar's inside behind the neck. Drawn before the front. */
export function collarBack(
  drawing: Drawing,
  body: Bodice,
  { stand }: CollarMeasures,
  fabric: Fabric = drawing.fabric,
): void {
  const [x, y] = body.neck;
  const shape = new Curve([0, y - stand + 0.5])
    .bend([x * 0.5, y - stand + 0.4], [x * 0.8, y - stand - 0.1], [x - 0.4, y - stand - 0.2])
    .to([x + 0.6, y + 1])
    .arc([x * 0.6, y + 5], [0, y + 6]);
  const { shades } = drawing;
  drawing.part({
    shape: shape.whole(),
    fabric,
    ground: shades.inside,
    edge: 0.4,
    folds: [{ shape: leaf([-x, y + 3], [x, y + 3], 2.4, 1), tone: 'deep', opacity: 0.6 }],
  });
  drawing.seam(new Curve([-x + 0.6, y + 0.6]).arc([0, y + 2.6], [x - 0.6, y + 0.6]), { opacity: 0.5 });
  neckLabel(drawing, y + 2.3);
}

/** The two leaves of a turned-down collar, on the front. */
export function collarLeaves(
  drawing: Drawing,
  body: Bodice,
  m: CollarMeasures,
  fabric: Fabric = drawing.fabric,
  stitched = true,
): void {
  const [x, y] = body.neck;
  const { stand, meet, tip } = m;
  const round = m.soft === true ? 1.1 : 0.25;
  const near: Point = [tip[0] - 0.6 * round, tip[1] - 0.4 * round];
  drawing.pair(() => {
    const shape = new Curve([0.1, meet])
      .bend([x * 0.3, meet - 2.6], [x * 0.78, y - stand * 0.1], [x - 0.5, y - stand])
      .bend([x + 0.7, y - stand + 0.3], [x + 1.6, y - 0.6], [x + 1.9, y + 1.2])
      .bend([x + 1.6, y + 2.6], [tip[0] + 1.5, tip[1] - 3.4], [tip[0] + 0.15 * round, tip[1] - 0.8 * round])
      .arc(tip, near)
      .bend([tip[0] * 0.6, tip[1] - 1.2], [tip[0] * 0.22, meet + 1.4], [0.1, meet]);
    drawing.part({
      shape,
      fabric,
      grain: { at: [x, y], turn: 32 },
      edge: 0.3,
      rim: 0.85,
      cast: { on: body.front, opacity: 0.62, by: [0.1, 1] },
      folds: [
        { shape: leaf([x - 0.2, y - stand], [tip[0] * 0.7, tip[1] - 2], 0.9, -1.2), tone: 'light', opacity: 0.5 },
        { shape: leaf([0.4, meet - 0.4], [x - 0.8, y - stand + 0.4], 0.6, -0.6), tone: 'shadow', opacity: 0.5 },
      ],
    });
    if (stitched) {
      const inset = new Curve([x + 1.1, y + 1.6])
        .bend([x + 0.9, y + 2.6], [tip[0] + 0.9, tip[1] - 3.2], [tip[0] - 0.4, tip[1] - 1.5])
        .bend([tip[0] * 0.6, tip[1] - 2.2], [tip[0] * 0.3, meet + 0.4], [0.8, meet + 0.1]);
      drawing.stitch(inset, { opacity: 0.5 });
    }
  });
}

/** A hood lying behind the neck; `part` back is drawn before the front, front after it. */
export function hood(drawing: Drawing, body: Bodice, height: number, part: 'back' | 'front'): void {
  const [x, y] = body.neck;
  const depth = body.measures.neckDepth;
  const wide = x + 6.4;
  if (part === 'back') {
    const dome = new Curve([0, y - height])
      .bend([wide * 0.62, y - height], [wide + 0.8, y - height * 0.62], [wide, y + 1.5])
      .bend([wide - 0.6, y + 5], [x * 0.6, y + 7], [0, y + 7]);
    drawing.part({
      shape: dome.whole(),
      round: [[-wide, 0], [wide, 0], 0.8],
      folds: [
        { shape: leaf([wide * 0.5, y - height * 0.8], [wide * 0.86, y - 1], 0.9, -1), tone: 'shadow', opacity: 0.4 },
        { shape: leaf([-wide * 0.3, y - height + 1], [-wide * 0.8, y - 3], 1.2, 1.4), tone: 'light', opacity: 0.5 },
      ],
    });
    const opening = new Curve([0, y - height + 4])
      .bend([x * 0.9, y - height + 4], [x + 2.6, y - height * 0.4], [x + 0.6, y + 2])
      .bend([x - 1, y + depth * 0.6], [x * 0.5, depth], [0, depth + 1]);
    drawing.part({
      shape: opening.whole(),
      ground: drawing.shades.inside,
      edge: 0.55,
      folds: [
        { shape: leaf([-x, y - 1], [x, y - 1], 3.4, 2), tone: 'deep', opacity: 0.5 },
        { shape: leaf([0, y - height + 5], [0, y + 3], 0.5, 0), tone: 'deep', opacity: 0.5 },
      ],
    });
    neckLabel(drawing, y + 0.6);
    return;
  }
  drawing.pair(() => {
    const edge = new Curve([0, depth + 1.2])
      .bend([x * 0.5, depth - 1.4], [x - 1.8, y + depth * 0.2], [x + 0.4, y - height * 0.5])
      .bend([x + 3.4, y - height * 0.34], [wide + 0.6, y - 2], [wide, y + 1.6])
      .bend([wide - 0.5, y + 5.4], [x * 0.62, depth + 3.4], [0, depth + 4.2]);
    drawing.part({
      shape: edge,
      edge: 0.32,
      cast: { on: body.front, opacity: 0.6, by: [0, 1.2] },
      folds: [
        { shape: leaf([1, depth + 2.4], [x + 3, y - 1], 1, -1.6), tone: 'light', opacity: 0.4 },
        { shape: leaf([2, depth + 3.4], [wide - 0.6, y + 2], 1, 1.4), tone: 'shadow', opacity: 0.5 },
      ],
    });
    drawing.stitch(
      new Curve([0.6, depth - 0.2]).bend(
        [x * 0.5 + 1, depth - 1.8],
        [x - 0.6, y + depth * 0.2],
        [x + 1.5, y - height * 0.42],
      ),
      { opacity: 0.55 },
    );
  });
}
