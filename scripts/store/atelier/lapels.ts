/** Collar and lapels of a jacket, and the lining between them. */
import type { Bodice } from './bodice.ts';
import { neckLabel } from './details.ts';
import type { Drawing } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { add, Curve, leaf, type Point } from './geometry.ts';

export interface LapelMeasures {
  /** Where the fronts cross, on the centre line. */
  readonly roll: number;
  /** Width of the lapel at the notch. */
  readonly width: number;
  readonly stand: number;
  /** How far the wearer's left front, which lies on top, reaches beyond the centre line. */
  readonly overlap: number;
  readonly peak: boolean;
}

/** How deep the neck is open: where the two lapels' folds cross, on the centre line. */
export const openingOf = ({ roll, overlap }: LapelMeasures, neckWidth: number): number =>
  (roll * neckWidth) / (neckWidth + overlap);

/** Collar and lapels of a jacket, on the front; the wearer's left one lies over the other. */
export function lapels(drawing: Drawing, body: Bodice, m: LapelMeasures, collar: Fabric = drawing.fabric): void {
  const [x, y] = body.neck;
  const { width } = m;
  const notch = y + 3.2 + m.roll * 0.2;
  const side = (under: boolean): void => {
    const s = under ? -1 : 1;
    const on = <T extends { mirrored(): T }>(shape: T): T => (under ? shape.mirrored() : shape);
    const roll = under ? openingOf(m, x) + 0.6 : m.roll;
    const foot: Point = [under ? 0 : -m.overlap, roll];
    const foldAt = (height: number): number => x + ((foot[0] - x) * (height - y)) / (roll - y);
    const outer: Point = [foldAt(notch) + width, notch + (m.peak ? -1.8 : 0.9)];
    const lapel = new Curve([x - 0.4, y - 0.6])
      .to([foldAt(notch) + width * 0.62, notch - 0.4], outer)
      .bend([outer[0] + 0.5, outer[1] + 2.6], [foldAt(roll * 0.62) + width * 0.78, roll * 0.68], foot)
      .bend([foldAt(roll * 0.72) - 0.4, roll * 0.74], [foldAt(roll * 0.4), roll * 0.42], [x - 1.2, y - 0.6]);
    drawing.part({
      shape: on(lapel),
      grain: { at: [0, 0], turn: s * -9 },
      edge: 0.28,
      rim: 0.85,
      cast: { on: body.front, opacity: 0.6, by: [s * 0.4, 1.1] },
      folds: [
        { shape: on(leaf([x - 0.6, y + 1], [foot[0] + 0.6, roll - 2], 1, -0.6)), tone: 'light', opacity: 0.5 },
        { shape: on(leaf(outer, [foot[0] + 1, roll - 1], 0.8, 1)), tone: 'shadow', opacity: 0.35 },
      ],
    });
    const tip: Point = [foldAt(notch) + width * 0.92, notch - 3.4];
    const shape = new Curve([x * 0.9, y - m.stand])
      .bend([x + 0.8, y - m.stand + 0.2], [x + 1.8, y - 1], [x + 2, y + 0.6])
      .bend([x + 2, y + 1.4], [tip[0] + 0.6, tip[1] - 0.8], tip)
      .to([foldAt(notch) + width * 0.6, notch - 0.4])
      .bend([foldAt(notch) + width * 0.3, notch - 1.4], [x - 0.6, y + 1.6], [x - 1.1, y - 0.8]);
    drawing.part({
      shape: on(shape),
      fabric: collar,
      grain: { at: [0, 0], turn: s * 24 },
      edge: 0.25,
      rim: 0.85,
      cast: { on: body.front, opacity: 0.5, by: [s * 0.2, 0.9] },
      folds: [{ shape: on(leaf([x, y - m.stand], tip, 0.8, -0.9)), tone: 'light', opacity: 0.42 }],
    });
  };
  side(true);
  side(false);
}

/** The inside of a jacket's back, with its lining, seen between the fronts. Drawn before the front. */
export function jacketBack(drawing: Drawing, body: Bodice, m: LapelMeasures, lining: Fabric): void {
  const [x, y] = body.neck;
  const shape = new Curve([0, y - m.stand + 0.4])
    .bend([x * 0.5, y - m.stand + 0.3], [x * 0.8, y - m.stand], [x * 0.92, y - m.stand])
    .to([x + 0.8, y + 1], [x * 0.9, m.roll * 0.5], [0, m.roll + 1.5]);
  drawing.part({
    shape: shape.whole(),
    fabric: lining,
    edge: 0.7,
    rim: 0.7,
    folds: [
      { shape: leaf([0, m.roll * 0.3], [0, m.roll], 3.4, 0), tone: 'deep', opacity: 0.55 },
      { shape: leaf([-x, y + 2], [x, y + 2], 2.4, 2), tone: 'deep', opacity: 0.4 },
    ],
  });
  const collar = new Curve([0, y - m.stand + 0.4])
    .bend([x * 0.5, y - m.stand + 0.3], [x * 0.8, y - m.stand], [x * 0.92, y - m.stand])
    .to(add(body.neck, [0.4, 0.6]))
    .arc([x * 0.6, y + 2.2], [0, y + 2.4]);
  drawing.part({ shape: collar.whole(), ground: drawing.shades.inside, edge: 0.35 });
  neckLabel(drawing, y + 3);
}
