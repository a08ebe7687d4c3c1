/** Knitted and fleece: sweaters, cardigans and hoodies. */
import { type Bodice, bodice, type Neckline } from '../bodice.ts';
import { hood } from '../collars.ts';
import { buttonColour, buttonRow, cord, zip } from '../details.ts';
import type { Drawing } from '../drawing.ts';
import type { Fabric } from '../fabrics.ts';
import { bodyFolds } from '../folds.ts';
import { Curve, leaf, lerp } from '../geometry.ts';
import { kind } from '../kind.ts';
import { hex, tint } from '../lab.ts';
import { innerBack, neckBand, standCollar } from '../necks.ts';
import { cuffOf, drawSleeves, sleeveOf } from '../sleeves.ts';
import { shoulderOf } from './tops.ts';

/** Depth of the ribbing at hem and cuffs, cm. */
const RIB = 6;

const ribOf = (fabric: Fabric): Fabric => ({ ...fabric, weave: 'rib', second: fabric.colour });

interface KnitMeasures {
  readonly length: number;
  readonly width: number;
  readonly shoulder: number;
  readonly neck: number;
  readonly neckWidth: number;
}

/** A body that ends where its ribbing begins. */
function knitBody(m: KnitMeasures, kindOfNeck: Neckline): Bodice {
  const shoulder = shoulderOf(m.width, m.shoulder);
  const armhole = 16 + m.width * 0.37 + m.shoulder * 0.5;
  const length = m.length - RIB;
  return bodice(
    {
      neckWidth: m.neckWidth,
      neckDepth: m.neck,
      shoulder,
      slope: (shoulder - 8.5) * 0.37,
      armhole,
      chest: m.width,
      waist: m.width + 0.2,
      waistAt: lerp(armhole, length, 0.6),
      hem: m.width - 0.8,
      length,
      hemCurve: 0.6,
    },
    kindOfNeck,
  );
}

/** The ribbed band below a body, drawn in a little. */
function ribHem(drawing: Drawing, body: Bodice, fabric: Fabric, open = false): void {
  const [x, y] = body.hem;
  const half = new Curve([0, y + 0.5])
    .to([x - 0.1, y - 0.1])
    .bend([x - 0.2, y + 1.6], [x - 2, y + RIB * 0.5], [x - 2, y + RIB])
    .arc([x * 0.5, y + RIB + 0.7], [0, y + RIB + 0.7]);
  drawing.part({ shape: half.whole(), fabric, edge: 0.26, rim: 0.65, round: [[-x, 0], [x, 0], 0.7] });
  if (open) drawing.seam(new Curve([0, y]).to([0, y + RIB + 0.6]), { opacity: 0.8 });
}

function knitSleeves(drawing: Drawing, body: Bodice, length: number, width: number, rib: Fabric): void {
  const sleeve = sleeveOf(body, {
    length: length - RIB,
    opening: lerp(16.5, 12.5, (length - 40) / 30) + width * 0.5,
    fullness: 1.2,
  });
  drawSleeves(drawing, body, sleeve, { softness: 1.1 });
  drawing.pair(() =>
    drawing.part({
      shape: cuffOf(sleeve, RIB, 1.7),
      fabric: rib,
      edge: 0.28,
      rim: 0.65,
      grain: { at: body.shoulder, turn: -16 },
    }),
  );
}

const front = (drawing: Drawing, body: Bodice, softness = 1): void =>
  drawing.part({
    shape: body.front,
    round: [[-body.measures.chest, 0], [body.measures.chest, 0], 0.9],
    folds: bodyFolds(body, softness),
  });

export const sweater = kind({
  category: 'Sweater',
  nouns: ['Sweater', 'Jumper', 'Knit', 'Pullover'],
  scale: 4.75,
  share: 10,
  sizes: 'letters',
  aisle: 3,
  seasons: ['autumn', 'winter'],
  price: [59, 180],
  measures: { length: [54, 78], width: [22.5, 29.5], shoulder: [0, 6], sleeve: [46, 66], neck: [8, 18] },
  styles: { neckline: { round: 0.54, v: 0.22, turtle: 0.24 } },
  weaves: { knit: 46, cable: 20, stripes: 24, plain: 8, dots: 4 },
  draw(drawing, m, style) {
    const turtle = style.neckline === 'turtle';
    const kindOfNeck: Neckline = style.neckline === 'v' ? 'v' : 'round';
    const body = knitBody(
      {
        ...m,
        neck: turtle ? 6.4 : m.neck + (kindOfNeck === 'v' ? 4 : 0),
        neckWidth: turtle ? 7.4 : 7.8 + m.neck * 0.1,
      },
      kindOfNeck,
    );
    const rib = ribOf(drawing.fabric);
    if (!turtle) {
      innerBack(drawing, body);
      neckBand(drawing, body, 2.8, rib, 'back');
    }
    knitSleeves(drawing, body, m.sleeve, m.width - 28, rib);
    ribHem(drawing, body, rib);
    front(drawing, body, 1.1);
    if (turtle) standCollar(drawing, body, 3 + m.neck * 0.42, rib);
    else neckBand(drawing, body, 2.8, rib, 'front', kindOfNeck);
  },
});

export const cardigan = kind({
  category: 'Cardigan',
  nouns: ['Cardigan', 'Knit Jacket'],
  scale: 4.85,
  share: 6,
  sizes: 'letters',
  aisle: 3,
  seasons: ['spring', 'autumn', 'winter'],
  price: [69, 190],
  measures: { length: [52, 86], width: [22.5, 28.5], shoulder: [0, 5], sleeve: [46, 65], neck: [16, 40] },
  styles: { buttons: { horn: 0.5, tonal: 0.3, pearl: 0.2 } },
  weaves: { knit: 56, cable: 18, stripes: 16, plain: 10 },
  draw(drawing, m, style) {
    const neck = Math.min(m.neck, m.length - 22);
    const body = knitBody({ ...m, neck, neckWidth: 8.6 }, 'v');
    const rib = ribOf(drawing.fabric);
    innerBack(drawing, body);
    neckBand(drawing, body, 3, rib, 'back');
    knitSleeves(drawing, body, m.sleeve, m.width - 28, rib);
    ribHem(drawing, body, rib, true);
    front(drawing, body, 1.1);
    const foot = m.length + 0.6;
    const half = new Curve([1.7, foot])
      .to([1.7, neck + 1])
      .bend([3.4, neck * 0.72], [8.8, neck * 0.4], [8.9, 0])
      .to([6.2, -0.1])
      .bend([6.2, neck * 0.4], [1.2, neck * 0.7], [-1.7, neck - 1.6])
      .to([-1.7, foot]);
    drawing.part({ shape: half.mirrored(), fabric: rib, edge: 0.2 });
    drawing.part({ shape: half, fabric: rib, edge: 0.26, cast: { on: body.front, opacity: 0.45, by: [-0.5, 0.3] } });
    buttonRow(
      drawing,
      0,
      neck + 2.6,
      foot - 3,
      Math.max(3, Math.round((foot - neck) / 9.5)),
      1.1,
      buttonColour(drawing.fabric.colour, style.buttons),
    );
  },
});

export const hoodie = kind({
  category: 'Hoodie',
  nouns: ['Hoodie', 'Hooded Sweat', 'Zip Hoodie'],
  scale: 4.6,
  share: 8,
  sizes: 'letters',
  aisle: 3,
  seasons: ['autumn', 'winter', 'all year'],
  price: [49, 130],
  measures: { length: [56, 78], width: [23.5, 29.5], shoulder: [0.5, 6], sleeve: [50, 66] },
  styles: { closure: { pullover: 0.64, zip: 0.36 } },
  weaves: { plain: 84, stripes: 10, checks: 3 },
  draw(drawing, m, style) {
    const { colour } = drawing.fabric;
    const body = knitBody({ ...m, neck: 8.5, neckWidth: 9 }, 'round');
    const rib = ribOf(drawing.fabric);
    hood(drawing, body, 21, 'back');
    knitSleeves(drawing, body, m.sleeve, m.width - 28, rib);
    ribHem(drawing, body, rib);
    front(drawing, body, 1.1);
    const low = m.length - RIB - 0.4;
    const top = low - 17;
    const pouch = new Curve([0, top])
      .to([10.5, top])
      .bend([12.5, top + 3], [16, top + 8], [17.2, top + 9.5])
      .to([17.2, low])
      .to([0, low]);
    const folds = [{ shape: leaf([-12, top + 10], [10, top + 13], 1.6, 1), tone: 'shadow', opacity: 0.34 }] as const;
    drawing.part({ shape: pouch.whole(), edge: 0.24, rim: 0.6, folds, cast: { on: body.front, opacity: 0.42 } });
    drawing.pair(() =>
      drawing.stitch(new Curve([9.6, top + 0.8]).bend([11.6, top + 3.6], [14.6, top + 8.4], [16, top + 10.2]), {
        opacity: 0.6,
      }),
    );
    const metal = hex(colour.l > 60 ? { l: 58, a: 0, b: 2 } : { l: 76, a: 0, b: 2 });
    if (style.closure === 'zip') zip(drawing, 9, m.length + 0.2, metal);
    hood(drawing, body, 21, 'front');
    const ribbon = hex(colour.l > 72 ? tint(colour, -34) : { l: 92, a: 0, b: 4 });
    cord(drawing, [-3, 11], 15, -0.9, ribbon, metal);
    cord(drawing, [3, 11], 13.4, 0.7, ribbon, metal);
  },
});
