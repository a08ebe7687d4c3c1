/** Cut from jersey: T-shirts, tank tops and polos. */
import { type Bodice, bodice, type Neckline } from '../bodice.ts';
import { collarBack, collarLeaves } from '../collars.ts';
import { buttonColour, buttonRow, patchPocket } from '../details.ts';
import type { Drawing } from '../drawing.ts';
import { companion, type Fabric } from '../fabrics.ts';
import { bodyFolds } from '../folds.ts';
import { add, Curve, leaf, lerp, rectangle } from '../geometry.ts';
import { kind } from '../kind.ts';
import { innerBack, neckBand } from '../necks.ts';
import { across, cuffOf, drawSleeves, sleeveOf } from '../sleeves.ts';

/** Where the shoulder ends on a body of half width `chest`; `beyond` cm further out for dropped shoulders. */
export const shoulderOf = (chest: number, beyond: number): number => 8 + chest * 0.53 + beyond;

interface JerseyMeasures {
  readonly length: number;
  readonly width: number;
  readonly shoulder: number;
  readonly neck: number;
  readonly flare: number;
  readonly neckWidth: number;
  readonly armhole?: number;
}

export function jersey(m: JerseyMeasures, neckline: Neckline): Bodice {
  const shoulder = shoulderOf(m.width, m.shoulder);
  const armhole = m.armhole ?? 14 + m.width * 0.36 + m.shoulder * 0.4;
  const hem = m.width + m.flare;
  return bodice(
    {
      neckWidth: m.neckWidth,
      neckDepth: m.neck,
      shoulder,
      slope: (shoulder - 8.5) * 0.37,
      armhole,
      chest: m.width,
      waist: lerp(m.width, hem, 0.45) - 0.9,
      waistAt: lerp(armhole, m.length, 0.52),
      hem,
      length: m.length,
      hemCurve: 1.2,
    },
    neckline,
  );
}

/** The front of a soft top, its folds and its hem. */
export function jerseyFront(drawing: Drawing, body: Bodice, softness = 1): void {
  const { hem, length, hemCurve } = body.measures;
  const wide = Math.max(body.measures.chest, hem);
  drawing.part({ shape: body.front, round: [[-wide, 0], [wide, 0], 0.9], folds: bodyFolds(body, softness) });
  const low = length - hemCurve;
  for (const up of [2.3, 1.9]) {
    drawing.stitch(
      new Curve([-hem + 0.4, low - up]).bend(
        [-hem * 0.4, length - up],
        [hem * 0.4, length - up],
        [hem - 0.4, low - up],
      ),
      { opacity: 0.5 },
    );
  }
}

const ribOf = (fabric: Fabric, colour = fabric.colour): Fabric => ({ ...fabric, weave: 'rib', colour, second: colour });

export const tShirt = kind({
  category: 'T-shirt',
  nouns: ['Tee', 'T-shirt', 'Jersey Tee'],
  scale: 4.95,
  share: 12,
  sizes: 'letters',
  aisle: 1,
  seasons: ['spring', 'summer', 'all year'],
  price: [19, 65],
  measures: {
    length: [55, 84],
    width: [22, 30],
    shoulder: [-0.5, 4.5],
    sleeve: [10, 34],
    neck: [8.5, 19],
    flare: [-1.5, 5],
  },
  styles: { neckline: { round: 0.74, v: 0.26 }, pocket: { none: 0.76, chest: 0.24 }, ringer: { no: 0.88, yes: 0.12 } },
  weaves: { plain: 50, stripes: 30, dots: 6, pinstripes: 3 },
  draw(drawing, m, style) {
    const { neckline } = style;
    const neck = m.neck + (neckline === 'v' ? 3 : 0);
    const body = jersey({ ...m, neck, neckWidth: 7.4 + m.neck * 0.12 }, neckline);
    const sleeve = sleeveOf(body, {
      length: m.sleeve,
      opening: lerp(17.5, 14.5, (m.sleeve - 10) / 24) + (m.width - 26) * 0.4,
    });
    const trim = style.ringer === 'yes' ? companion(drawing.fabric.colour, 0.6) : drawing.fabric.colour;
    const rib = ribOf(drawing.fabric, trim);
    innerBack(drawing, body);
    neckBand(drawing, body, 2.1, rib, 'back');
    drawSleeves(drawing, body, sleeve);
    drawing.pair(() => {
      if (style.ringer === 'yes') drawing.part({ shape: cuffOf(sleeve, 1.6), fabric: rib, edge: 0.2 });
      else drawing.stitch(across(sleeve, 1.9), { opacity: 0.55 });
    });
    jerseyFront(drawing, body);
    neckBand(drawing, body, 2.1, rib, 'front', neckline);
    if (style.pocket === 'chest')
      patchPocket(drawing, {
        on: body.front,
        at: [body.measures.chest * 0.48, body.measures.armhole - 3],
        width: 10.5,
        height: 11.5,
      });
  },
});

export const tankTop = kind({
  category: 'Tank top',
  nouns: ['Tank', 'Vest Top', 'Singlet'],
  scale: 6.2,
  share: 5,
  sizes: 'letters',
  aisle: 1,
  seasons: ['summer'],
  price: [15, 45],
  measures: { length: [50, 76], width: [21.5, 28], shoulder: [-1, 2.5], neck: [10, 23], flare: [-1, 7] },
  styles: {},
  weaves: { plain: 50, stripes: 22, rib: 16, dots: 6 },
  draw(drawing, m) {
    const strap = 11.6 + m.shoulder;
    const body = bodice({
      neckWidth: 8.2,
      neckDepth: m.neck,
      shoulder: strap + 2.4,
      slope: 1.3,
      armhole: 22 + m.width * 0.06,
      chest: m.width,
      waist: m.width - 1 + m.flare * 0.35,
      waistAt: lerp(24, m.length, 0.5),
      hem: m.width + m.flare,
      length: m.length,
      hemCurve: 1.4,
    });
    const deep = bodice({ ...body.measures, neckDepth: Math.min(9, m.neck * 0.5) });
    drawing.part({
      shape: deep.front,
      ground: drawing.shades.inside,
      edge: 0.3,
      folds: [{ shape: leaf([-12, m.neck], [12, m.neck], 5), tone: 'deep', opacity: 0.5 }],
    });
    jerseyFront(drawing, body, 0.9);
    const inset = (curve: Curve, by: number): Curve =>
      new Curve(add(curve.at(0), [by, 0.2])).through(
        ...[0.2, 0.4, 0.6, 0.8, 1].map(t => add(curve.at(t), [by * (1 - t * 0.4), Math.abs(by) * t])),
      );
    drawing.pair(() => {
      drawing.stitch(inset(body.neckline, 1.1), { opacity: 0.6 });
      drawing.stitch(inset(body.armhole, -1.1), { opacity: 0.6 });
    });
  },
});

export const polo = kind({
  category: 'Polo',
  nouns: ['Polo', 'Polo Shirt', 'Piqué Polo'],
  scale: 5.1,
  share: 7,
  sizes: 'letters',
  aisle: 1,
  seasons: ['spring', 'summer'],
  price: [39, 95],
  measures: {
    length: [60, 83],
    width: [23, 29.5],
    shoulder: [-0.5, 3.5],
    sleeve: [12, 32],
    neck: [13, 24],
    flare: [-1, 3.5],
  },
  styles: { collar: { self: 0.66, contrast: 0.34 } },
  weaves: { plain: 56, stripes: 34, rib: 6 },
  draw(drawing, m, style) {
    const { colour } = drawing.fabric;
    const body = jersey({ ...m, neck: 7.6, neckWidth: 8.2 }, 'round');
    const sleeve = sleeveOf(body, {
      length: m.sleeve,
      opening: lerp(17.5, 14, (m.sleeve - 12) / 20) + (m.width - 26) * 0.4,
    });
    const trim = style.collar === 'contrast' ? companion(colour, 0.6) : colour;
    const rib = ribOf(drawing.fabric, trim);
    const flat: Fabric = { ...rib, weave: 'plain' };
    const collar = { stand: 2.6, meet: 6.4, tip: [7.2, 12] as const, soft: true };
    collarBack(drawing, body, collar, flat);
    drawSleeves(drawing, body, sleeve);
    drawing.pair(() => drawing.part({ shape: cuffOf(sleeve, 2.2, 0.4), fabric: rib, edge: 0.25 }));
    jerseyFront(drawing, body);
    const placket = rectangle(-1.7, 6.2, 3.4, m.neck - 6.2);
    drawing.part({ shape: placket, edge: 0.2, rim: 0.7, cast: { on: body.front, opacity: 0.4 } });
    buttonRow(
      drawing,
      0,
      8.6,
      m.neck - 2.4,
      m.neck > 18 ? 3 : 2,
      0.85,
      buttonColour(colour, colour.l > 50 ? 'tonal' : 'pearl'),
    );
    collarLeaves(drawing, body, collar, flat, false);
  },
});
