/** What sits round a neck without a collar: the inner back, rib bands, stand-up collars. */
import type { Bodice, Neckline } from './bodice.ts';
import { neckLabel } from './details.ts';
import type { Drawing } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { Curve, leaf } from './geometry.ts';

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
