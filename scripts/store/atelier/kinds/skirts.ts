/** Skirts, from pencil to circle. */
import { button, buttonColour, buttonRow, patchPocket } from '../details.ts';
import { shadowBelow, skirtFolds } from '../folds.ts';
import { Curve, leaf, lerp, type Point, smoothstep } from '../geometry.ts';
import { kind } from '../kind.ts';

export interface SkirtMeasures {
  /** Half widths, and how far below the origin they lie. */
  readonly waist: number;
  readonly waistAt: number;
  readonly hip: number;
  readonly hipAt: number;
  readonly hem: number;
  readonly length: number;
  /** 0 straight .. 1 a full circle, whose hem falls in waves. */
  readonly fullness: number;
}

/** The outline of a skirt. */
export function skirtShape(m: SkirtMeasures): Curve {
  const drop = m.hem > m.hip ? Math.min(7, (m.hem - m.hip) * 0.22) : 0.6;
  const side = m.length - drop;
  const lower = side - m.hipAt;
  const half = new Curve([0, m.waistAt + 0.4])
    .arc([m.waist * 0.6, m.waistAt + 0.3], [m.waist, m.waistAt])
    .bend(
      [m.waist + (m.hip - m.waist) * 0.5, m.waistAt + (m.hipAt - m.waistAt) * 0.3],
      [m.hip - (m.hem - m.hip) * 0.14, m.hipAt - (m.hipAt - m.waistAt) * 0.35],
      [m.hip, m.hipAt],
    )
    .bend(
      [m.hip + (m.hem - m.hip) * 0.24, m.hipAt + lower * 0.33],
      [lerp(m.hip, m.hem, 0.72), side - lower * 0.3],
      [m.hem, side],
    );
  const waves = 4;
  const depth = m.fullness * 1.3;
  let from: Point = [m.hem, side];
  for (let i = 1; i <= waves; i++) {
    const x = m.hem * (1 - i / waves);
    const y = m.length - drop * (x / m.hem) ** 2;
    const swing = (i % 2 === 1 ? 1 : -0.6) * depth;
    const step = (from[0] - x) / 3;
    half.bend([from[0] - step, from[1] + swing + drop * 0.1], [x + step, y + swing], [x, y]);
    from = [x, y];
  }
  return half.whole();
}

export const skirt = kind({
  category: 'Skirt',
  nouns: ['Skirt', 'Midi Skirt', 'A-line Skirt'],
  scale: 5,
  share: 8,
  sizes: 'letters',
  aisle: 5,
  seasons: ['spring', 'summer', 'autumn'],
  price: [39, 150],
  measures: { length: [38, 86], width: [15.5, 20], flare: [-1.5, 22] },
  styles: { front: { plain: 0.5, buttons: 0.24, pleats: 0.26 } },
  weaves: { plain: 42, checks: 17, denim: 12, dots: 10, stripes: 6, tweed: 8, corduroy: 7, pinstripes: 4 },
  draw(drawing, m, style) {
    const [top, band] = [0, 4];
    const full = smoothstep(0, 22, m.flare);
    const hip = m.width + 5 + m.flare * 0.3;
    const hem = m.width + 6 + m.flare;
    const shape = skirtShape({
      waist: m.width + 0.2,
      waistAt: band,
      hip,
      hipAt: Math.min(21, m.length * 0.52),
      hem,
      length: m.length,
      fullness: style.front === 'pleats' ? 0.2 : full,
    });
    drawing.part({
      shape: new Curve([0, top + 1.6])
        .arc([m.width * 0.7, top + 1.4], [m.width - 0.4, top - 0.5])
        .to([0, top - 0.9])
        .whole(),
      ground: drawing.shades.inside,
      edge: 0.4,
    });
    const folds = style.front === 'pleats' ? [] : skirtFolds([m.width, band], [hem, m.length], full, 4);
    drawing.part({
      shape,
      round: [[-hem, 0], [hem, 0], 0.7],
      folds: [...folds, shadowBelow([-m.width, band], [m.width, band], 1.4, 0.32)],
    });
    if (style.front === 'pleats') {
      for (let i = -4; i <= 4; i++) {
        const share = i / 4.6;
        const [from, to]: [Point, Point] = [
          [share * m.width, band + 0.6],
          [share * hem, m.length - 0.6 - (share * 2.2) ** 2],
        ];
        for (const [by, width, opacity] of [
          [0.9, 2, 0.16],
          [0.5, 1.1, 0.22],
        ] as const) {
          drawing.seam(
            new Curve([from[0] + by * 0.6, from[1]]).arc([share * hip + by, m.length * 0.4], [to[0] + by, to[1]]),
            { width, opacity, colour: drawing.shades.shadow },
          );
        }
        drawing.seam(new Curve(from).arc([share * hip, m.length * 0.4], to), { opacity: 0.75 });
      }
    } else
      drawing.stitch(
        new Curve([-hem + 0.6, m.length - Math.min(7, Math.max(0, (hem - hip) * 0.22)) - 1.6]).bend(
          [-hem * 0.6, m.length - 1.5],
          [hem * 0.6, m.length - 1.5],
          [hem - 0.6, m.length - Math.min(7, Math.max(0, (hem - hip) * 0.22)) - 1.6],
        ),
        { opacity: 0.45 },
      );
    if (style.front === 'buttons') {
      drawing.part({
        shape: new Curve([-2.1, band]).to([2.1, band], [2.3, m.length - 0.1], [-2.3, m.length - 0.1]),
        edge: 0.2,
        cast: { on: shape, opacity: 0.35, by: [0.5, 0] },
      });
      buttonRow(
        drawing,
        0,
        band + 4.5,
        m.length - 6,
        Math.max(3, Math.round(m.length / 10)),
        1.15,
        buttonColour(drawing.fabric.colour, 'horn'),
      );
      for (const s of [-1, 1])
        patchPocket(drawing, { on: shape, at: [s * (m.width * 0.62 + 1), band + 7], width: 10, height: 11, point: 1 });
    }
    const waistband = new Curve([0, top + 0.9])
      .arc([m.width * 0.6, top + 0.8], [m.width, top - 0.2])
      .to([m.width + 0.3, band])
      .arc([m.width * 0.6, band + 0.9], [0, band + 0.9]);
    const light = [
      { shape: leaf([-m.width * 0.7, 2], [m.width * 0.1, 2.6], 1), tone: 'light', opacity: 0.35 },
    ] as const;
    drawing.part({ shape: waistband.whole(), edge: 0.26, rim: 0.75, folds: light, cast: { on: shape, opacity: 0.4 } });
    if (style.front === 'buttons') button(drawing, [0, 2.6], 1.15, buttonColour(drawing.fabric.colour, 'horn'));
  },
});
