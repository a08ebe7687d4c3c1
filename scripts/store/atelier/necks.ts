/** What sits round the neck: the inner back, rib bands, shirt collars, stand-up collars, hoods and lapels. */
import type { Bodice, Neckline } from './bodice.ts';
import { neckLabel } from './details.ts';
import type { Drawing } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { add, Curve, leaf, type Point } from './geometry.ts';

/** The inside of the back, seen through the neck. Drawn before the front. `rise` cm above the neck points. */
export function innerBack(
  drawing: Drawing,
  body: Bodice,
  { rise = -0.6, label = true, fabric = drawing.fabric }: { rise?: number; label?: boolean; fabric?: Fabric } = {},
): void {
  const [x, y] = body.neck;
  const depth = body.measures.neckDepth;
  // It may reach under the front, which covers it; it must fill the neck whatever the neckline's shape.
  const shape = new Curve([0, y - rise])
    .bend([x * 0.55, y - rise], [x * 0.86, y - rise * 0.55], [x, y])
    .to([x + 0.8, y + 1.4], [x + 0.8, depth], [0, depth + 1.5])
    .whole();
  drawing.part({
    shape,
    fabric,
    ground: drawing.shades.inside,
    rim: 0.7,
    edge: 0.5,
    folds: [{ shape: leaf([-x, y + 1], [x, y + 1], 2.8, 0), tone: 'deep', opacity: 0.42 }],
  });
  if (label && depth > 6) neckLabel(drawing, y - rise + 3);
}

/** A rib band round the neckline, `width` cm, behind at the back and before at the front. */
export function neckBand(
  drawing: Drawing,
  body: Bodice,
  width: number,
  fabric: Fabric,
  part: 'back' | 'front',
  kind: Neckline = 'round',
): void {
  const [x, y] = body.neck;
  const inner = x - width * 0.92;
  const depth = body.measures.neckDepth;
  if (part === 'back') {
    const upper = new Curve([0, y - 0.35]).bend([x * 0.6, y - 0.35], [x * 0.9, y - 0.3], [x + 0.15, y - 0.05]);
    const lower = new Curve([inner, y + 0.5]).bend(
      [inner * 0.86, y + width + 0.3],
      [inner * 0.5, y + width + 0.6],
      [0, y + width + 0.6],
    );
    const folds = [{ shape: leaf([-x, y + 1], [x, y + 1], 1.6), tone: 'shadow', opacity: 0.5 }] as const;
    drawing.part({
      shape: upper
        .to([x, y + 0.6])
        .join(lower)
        .whole(),
      fabric,
      edge: 0.2,
      rim: 0.6,
      folds,
    });
    return;
  }
  const edge = new Curve([inner, y + 0.2]);
  if (kind === 'v') edge.bend([inner - 0.3, y + depth * 0.3], [inner * 0.36, depth * 0.7], [0, depth - width * 1.6]);
  else edge.bend([inner - 0.1, y + depth * 0.56], [inner * 0.64, depth - width], [0, depth - width]);
  drawing.part({
    shape: new Curve([0, depth]).join(body.neckline.reversed()).join(edge).whole(),
    fabric,
    edge: 0.22,
    rim: 0.6,
    cast: { on: body.front, opacity: 0.4, by: [0, 0.6] },
    folds: [
      { shape: leaf([-x * 0.6, depth * 0.7], [x * 0.3, depth - width * 0.4], 0.7), tone: 'light', opacity: 0.35 },
    ],
  });
  if (kind === 'v') drawing.seam(new Curve([0, depth - width * 1.6]).to([0, depth]), { opacity: 0.5 });
}

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

/** A collar that stands up, `height` cm, all round: turtleneck, mock neck, bomber. Drawn after the front. */
export function standCollar(drawing: Drawing, body: Bodice, height: number, fabric: Fabric): void {
  const [x, y] = body.neck;
  const depth = body.measures.neckDepth;
  const top = y - height;
  const lean = x - Math.min(1.6, height * 0.2);
  const back = new Curve([0, top - 0.4])
    .bend([lean * 0.6, top - 0.4], [lean, top - 0.2], [lean, top + 0.7])
    .bend([lean, top + 1.8], [lean * 0.6, top + 2.2], [0, top + 2.2]);
  drawing.part({ shape: back.whole(), fabric, ground: drawing.shades.inside, edge: 0.6 });
  const front = new Curve([0, top + 2.2])
    .bend([lean * 0.6, top + 2.2], [lean, top + 1.8], [lean, top + 0.6])
    .bend([lean + 0.3, top + height * 0.5], [x - 0.4, y - 1], [x + 0.3, y + 0.3])
    .join(body.neckline);
  drawing.part({
    shape: front.whole(),
    fabric,
    round: [[-x, 0], [x, 0], 0.8],
    cast: { on: body.front, opacity: 0.55, by: [0, 0.9] },
    folds: [
      { shape: leaf([-x * 0.7, y + depth * 0.3], [x * 0.5, y + depth * 0.55], 0.8, 0.9), tone: 'shadow', opacity: 0.4 },
    ],
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
