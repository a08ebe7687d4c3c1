/** Tailored: blazers and coats. */
import { type Bodice, bodice, widthAt } from '../bodice.ts';
import { button, buttonColour, patchPocket, welt } from '../details.ts';
import type { Drawing } from '../drawing.ts';
import type { Fabric } from '../fabrics.ts';
import { bodyFolds } from '../folds.ts';
import { add, between, Curve, leaf } from '../geometry.ts';
import { kind } from '../kind.ts';
import { type Lab, tint } from '../lab.ts';
import { jacketBack, type LapelMeasures, lapels, openingOf } from '../lapels.ts';
import { drawSleeves, sleeveOf } from '../sleeves.ts';
import { shoulderOf } from './tops.ts';

/** A lining that a tailor would choose: quiet, warmer and lighter or darker than the cloth. */
const liningOf = (fabric: Fabric): Fabric => {
  const colour: Lab = { ...tint(fabric.colour, fabric.colour.l > 50 ? -20 : 14, 0.7), b: fabric.colour.b * 0.7 + 5 };
  return { ...fabric, weave: 'plain', colour, second: colour };
};

/** The edge of the wearer's left front, which lies on top: rounded or square at its foot. */
function frontEdge(drawing: Drawing, body: Bodice, lapel: LapelMeasures, cutaway: number): void {
  const { length } = body.measures;
  const x = -lapel.overlap;
  const edge = new Curve([x, lapel.roll])
    .to([x, lapel.roll + 4])
    .bend([x, length - 18], [x + cutaway * 0.2, length - 9], [x + cutaway, length - 0.4]);
  const { deep } = drawing.shades;
  for (const [by, width, opacity] of [
    [0.9, 2.2, 0.1],
    [0.6, 1.3, 0.16],
    [0.3, 0.7, 0.2],
  ] as const) {
    const shadow = new Curve(add(edge.start, [-by, 0])).through(
      ...[0.25, 0.5, 0.75, 0.98].map(t => add(edge.at(t), [-by, 0])),
    );
    drawing.seam(shadow, { width, opacity, colour: deep });
  }
  drawing.seam(edge, { width: 0.42, opacity: 0.85, colour: drawing.shades.rim });
}

/** Buttons of a jacket: one column, or two when double-breasted. */
function fasten(drawing: Drawing, lapel: LapelMeasures, rows: number, step: number, colour: string): void {
  for (let i = 0; i < rows; i++) {
    const y = lapel.roll + 2.4 + i * step;
    if (lapel.overlap > 4) {
      for (const x of [2.6 - lapel.overlap, lapel.overlap - 2.6]) button(drawing, [x, y], 1.35, colour);
    } else button(drawing, [0, y], 1.35, colour);
  }
}

/** Two buttons at the sleeve's vent. */
function sleeveButtons(
  drawing: Drawing,
  inside: readonly [number, number],
  end: readonly [number, number],
  colour: string,
): void {
  drawing.pair(() => {
    for (const up of [3, 5.6]) button(drawing, add(between(inside, end, 0.22), [0.1 * up, -up]), 0.75, colour);
  });
}

export const blazer = kind({
  category: 'Blazer',
  nouns: ['Blazer', 'Jacket', 'Sport Coat'],
  scale: 4.75,
  share: 7,
  sizes: 'chests',
  aisle: 4,
  seasons: ['spring', 'autumn', 'all year'],
  price: [149, 420],
  measures: {
    length: [62, 86],
    width: [23, 28.5],
    shoulder: [-1, 3.5],
    sleeve: [56, 68],
    neck: [26, 46],
    waist: [0.5, 5.5],
    flare: [-1, 4],
  },
  styles: {
    front: { single: 0.68, double: 0.32 },
    pockets: { flap: 0.62, patch: 0.38 },
    buttons: { horn: 0.55, tonal: 0.45 },
  },
  weaves: { plain: 50, tweed: 18, checks: 15, pinstripes: 9, corduroy: 10 },
  draw(drawing, m, style) {
    const double = style.front === 'double';
    const lapel: LapelMeasures = {
      roll: Math.min(m.neck, m.length - 24),
      width: 8.4,
      stand: 3,
      overlap: double ? 7.4 : 1.9,
      peak: double,
    };
    const shoulder = shoulderOf(m.width, m.shoulder - 0.4);
    const body = bodice(
      {
        neckWidth: 8,
        neckDepth: openingOf(lapel, 8),
        shoulder,
        slope: (shoulder - 8) * 0.33,
        armhole: 25,
        chest: m.width,
        waist: m.width - m.waist,
        waistAt: 43 + (m.length - 72) * 0.3,
        hem: m.width + m.flare - m.waist * 0.3,
        length: m.length,
        hemCurve: 1.4,
      },
      'v',
    );
    const sleeve = sleeveOf(body, { length: m.sleeve, opening: 13, fullness: 0.5 });
    const colour = buttonColour(drawing.fabric.colour, style.buttons);
    drawSleeves(drawing, body, sleeve, { softness: 0.85 });
    sleeveButtons(drawing, sleeve.opening[1], sleeve.opening[0], colour);
    jacketBack(drawing, body, lapel, liningOf(drawing.fabric));
    drawing.part({ shape: body.front, round: [[-m.width, 0], [m.width, 0], 0.8], folds: bodyFolds(body, 0.6) });
    drawing.pair(() =>
      drawing.seam(
        new Curve([m.width * 0.52, 30]).bend(
          [m.width * 0.5 - m.waist * 0.3, 38],
          [m.width * 0.5 - m.waist * 0.3, 44],
          [m.width * 0.52, m.length - 17],
        ),
        { opacity: 0.4 },
      ),
    );
    frontEdge(drawing, body, lapel, double ? 0 : 4.5);
    const low = Math.max(lapel.roll + 8, m.length * 0.66);
    for (const s of [-1, 1]) {
      if (style.pockets === 'patch')
        patchPocket(drawing, {
          on: body.front,
          at: [s * Math.min(m.width * 0.56, widthAt(body, low) - 8.4), low],
          width: 14,
          height: Math.min(15, m.length - low - 3),
          point: 0.8,
        });
      else
        drawing.part({
          shape: flap(s, m.width * 0.3, Math.min(m.width * 0.84, widthAt(body, low) - 1.6), low),
          edge: 0.24,
          rim: 0.8,
          cast: { on: body.front, opacity: 0.6 },
        });
    }
    welt(drawing, body.front, [m.width * 0.34, 24.6], [m.width * 0.34 + 9, 23.2], 2.2);
    fasten(drawing, lapel, double ? 2 : 2, 10, colour);
    lapels(drawing, body, lapel);
  },
});

const flap = (side: number, near: number, far: number, y: number): Curve => {
  const shape = new Curve([near, y + 0.6])
    .to([far, y - 0.6])
    .to([far - 0.2, y + 4.2])
    .arc([far - 0.3, y + 5.2], [far - 1.4, y + 5.3])
    .to([near + 1.2, y + 6.2])
    .arc([near + 0.2, y + 6.1], [near + 0.1, y + 5.2]);
  return side < 0 ? shape.mirrored() : shape;
};

export const coat = kind({
  category: 'Coat',
  nouns: ['Coat', 'Overcoat', 'Wool Coat', 'Topcoat'],
  scale: 3.92,
  share: 8,
  sizes: 'letters',
  aisle: 4,
  seasons: ['autumn', 'winter'],
  price: [199, 590],
  measures: {
    length: [84, 120],
    width: [24.5, 31],
    shoulder: [0, 5],
    sleeve: [58, 71],
    neck: [18, 50],
    waist: [-0.5, 4.5],
    flare: [0, 12],
  },
  styles: {
    front: { single: 0.55, double: 0.45 },
    belt: { none: 0.72, tied: 0.28 },
    buttons: { horn: 0.6, tonal: 0.4 },
  },
  weaves: { plain: 58, tweed: 24, checks: 18 },
  draw(drawing, m, style) {
    const double = style.front === 'double';
    const lapel: LapelMeasures = { roll: m.neck, width: 9.6, stand: 3.6, overlap: double ? 8.4 : 2.4, peak: double };
    const shoulder = shoulderOf(m.width, m.shoulder);
    const hem = m.width + m.flare;
    const body = bodice(
      {
        neckWidth: 8.8,
        neckDepth: openingOf(lapel, 8.8),
        shoulder,
        slope: (shoulder - 8.8) * 0.34,
        armhole: 28,
        chest: m.width,
        waist: m.width - m.waist,
        waistAt: 48,
        hem,
        length: m.length,
        hemCurve: 1.6 + m.flare * 0.12,
      },
      'v',
    );
    const sleeve = sleeveOf(body, { length: m.sleeve, opening: 14.5, fullness: 0.8 });
    const colour = buttonColour(drawing.fabric.colour, style.buttons);
    drawSleeves(drawing, body, sleeve, { softness: 0.9 });
    jacketBack(drawing, body, lapel, liningOf(drawing.fabric));
    const skirts = [-0.7, -0.42, 0.36, 0.68].map(
      (x, i) =>
        ({
          shape: leaf([x * m.width * 0.92, 56 + (i % 2) * 6], [x * hem, m.length + 3], 1.2 + m.flare * 0.07, x),
          tone: i === 1 ? 'light' : 'shadow',
          opacity: 0.26 + m.flare * 0.015,
        }) as const,
    );
    drawing.part({
      shape: body.front,
      round: [[-hem, 0], [hem, 0], 0.8],
      folds: [...bodyFolds(body, 0.55), ...skirts],
    });
    frontEdge(drawing, body, lapel, 0);
    for (const s of [-1, 1]) {
      const [near, far] = [[s * m.width * 0.44, 62] as const, [s * m.width * 0.72, 73] as const];
      if (s > 0) welt(drawing, body.front, near, far, -3.2);
      else welt(drawing, body.front, far, near, -3.2);
    }
    const rows = Math.max(2, Math.min(3, Math.floor((m.length * 0.72 - m.neck) / 12)));
    fasten(drawing, lapel, rows, 12, colour);
    if (style.belt === 'tied') belt(drawing, body);
    lapels(drawing, body, lapel);
  },
});

/** A cloth belt, tied before the middle. */
function belt(drawing: Drawing, body: Bodice): void {
  const wide = body.measures.waist + 0.5;
  const y = body.measures.waistAt;
  drawing.part({
    shape: new Curve([-wide, y - 2.4])
      .arc([0, y - 1.4], [wide, y - 2.4])
      .to([wide, y + 2.2])
      .arc([0, y + 3.2], [-wide, y + 2.2]),
    edge: 0.26,
    rim: 0.8,
    cast: { on: body.front, opacity: 0.6 },
  });
  for (const [x, length] of [
    [2.8, 24],
    [-1.4, 20],
  ] as const) {
    const tail = new Curve([x - 1.6, y])
      .bend([x - 1, y + length * 0.4], [x - 2.6 + x * 0.6, y + length * 0.7], [x * 1.7 - 2, y + length])
      .to([x * 1.7 + 2.2, y + length + 0.6])
      .bend([x * 1.5 + 1.8, y + length * 0.7], [x + 2.6, y + length * 0.4], [x + 2, y]);
    drawing.part({ shape: tail, edge: 0.26, rim: 0.8, cast: { on: body.front, opacity: 0.5 } });
  }
  drawing.part({
    shape: new Curve([-2.6, y - 2.6])
      .arc([0.8, y - 3.4], [3.4, y - 2.4])
      .arc([4, y + 1], [2.8, y + 3.2])
      .arc([0, y + 4], [-2.4, y + 3])
      .arc([-3, y], [-2.6, y - 2.6]),
    edge: 0.3,
    rim: 0.85,
  });
}
