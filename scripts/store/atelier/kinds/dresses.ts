/** Dresses: a bodice, and a skirt from its waist. */
import { type Bodice, bodice, widthAt } from '../bodice.ts';
import type { Drawing, Fold } from '../drawing.ts';
import { bodyFolds, shadowBelow, skirtFolds } from '../folds.ts';
import { add, Curve, leaf, lerp, smoothstep } from '../geometry.ts';
import { kind } from '../kind.ts';
import { innerBack } from '../necks.ts';
import { across, drawSleeves, sleeveOf } from '../sleeves.ts';
import { skirtShape } from './skirts.ts';
import { shoulderOf } from './tops.ts';

/** A narrow facing along an edge, as a line of stitches inside it. */
function facing(drawing: Drawing, edge: Curve, by: number): void {
  drawing.pair(() =>
    drawing.stitch(
      new Curve(add(edge.at(0), [by, 0.3])).through(
        ...[0.25, 0.5, 0.75, 1].map(t => add(edge.at(t), [by * (1 - 0.5 * t), Math.abs(by) * t])),
      ),
      { opacity: 0.5 },
    ),
  );
}

function bodiceFolds(body: Bodice, waistAt: number): Fold[] {
  const { chest, waist } = body.measures;
  return [
    ...bodyFolds(body, 0.5).slice(0, 2),
    { shape: leaf([-chest * 0.5, waistAt - 17], [-waist * 0.55, waistAt], 1, 1), tone: 'shadow', opacity: 0.4 },
    { shape: leaf([chest * 0.5, waistAt - 17], [waist * 0.55, waistAt], 1, -1), tone: 'shadow', opacity: 0.4 },
    { shape: leaf([-chest * 0.25, waistAt - 15], [-waist * 0.3, waistAt - 1], 1.6), tone: 'light', opacity: 0.3 },
  ];
}

export const dress = kind({
  category: 'Dress',
  nouns: ['Dress', 'Midi Dress', 'Day Dress', 'Sundress'],
  scale: 4.0,
  share: 11,
  sizes: 'letters',
  aisle: 5,
  seasons: ['spring', 'summer', 'autumn'],
  price: [69, 240],
  measures: { length: [82, 120], width: [20.5, 26], sleeve: [5, 58], neck: [9, 25], waist: [1, 7], flare: [2, 28] },
  styles: { neckline: { round: 0.55, v: 0.3, square: 0.15 }, belt: { none: 0.62, sash: 0.38 } },
  weaves: { plain: 46, dots: 20, stripes: 12, checks: 12, pinstripes: 6, denim: 4 },
  draw(drawing, m, style) {
    const shoulder = shoulderOf(m.width, -2.2);
    const waistAt = 41;
    const waist = m.width - m.waist;
    const body = bodice(
      {
        neckWidth: 8.8,
        neckDepth: m.neck,
        shoulder,
        slope: (shoulder - 8.8) * 0.37,
        armhole: 22.5,
        chest: m.width,
        waist: lerp(m.width, waist, 0.6),
        waistAt: 33,
        hem: waist,
        length: waistAt,
        hemCurve: -0.6,
      },
      style.neckline,
    );
    const full = smoothstep(0, 26, m.flare);
    const sleeve = sleeveOf(body, { length: m.sleeve, opening: lerp(15.5, 11.5, (m.sleeve - 5) / 53), fullness: 0.6 });
    const hem = waist + 6 + m.flare;
    const skirt = skirtShape({
      waist,
      waistAt,
      hip: waist + 4.4 + m.flare * 0.26,
      hipAt: waistAt + 17,
      hem,
      length: m.length,
      fullness: full,
    });
    innerBack(drawing, body, { rise: 0.3 });
    drawSleeves(drawing, body, sleeve, { softness: 0.9 });
    drawing.pair(() => drawing.stitch(across(sleeve, 1.6), { opacity: 0.5 }));
    drawing.part({
      shape: skirt,
      round: [[-hem, 0], [hem, 0], 0.7],
      folds: [
        ...skirtFolds([waist, waistAt], [hem, m.length], full),
        shadowBelow([-waist, waistAt + 1], [waist, waistAt + 1], 1.6, 0.3),
      ],
    });
    drawing.part({
      shape: body.front,
      round: [[-m.width, 0], [m.width, 0], 0.8],
      folds: bodiceFolds(body, waistAt),
      cast: { on: skirt, opacity: 0.22 },
    });
    facing(drawing, body.neckline, 1.2);
    if (style.belt === 'sash') {
      const at = widthAt(body, waistAt) + 0.35;
      drawing.part({
        shape: new Curve([-at, waistAt - 2])
          .arc([0, waistAt - 1.2], [at, waistAt - 2])
          .to([at + 0.2, waistAt + 1.8])
          .arc([0, waistAt + 2.8], [-at - 0.2, waistAt + 1.8]),
        edge: 0.26,
        rim: 0.8,
        cast: { on: skirt, opacity: 0.5 },
      });
    } else
      drawing.seam(new Curve([-waist, waistAt + 0.6]).arc([0, waistAt - 0.4], [waist, waistAt + 0.6]), {
        opacity: 0.6,
      });
  },
});
