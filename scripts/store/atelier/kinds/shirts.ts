/** Woven shirts and blouses. */
import { bodice } from '../bodice.ts';
import { collarBack, collarLeaves } from '../collars.ts';
import { buttonColour, buttonRow, patchPocket } from '../details.ts';
import type { Drawing } from '../drawing.ts';
import { bodyFolds } from '../folds.ts';
import { add, Curve, leaf, lerp, rectangle } from '../geometry.ts';
import { kind } from '../kind.ts';
import { innerBack } from '../necks.ts';
import { across, cuffOf, drawSleeves, type Sleeve, sleeveOf } from '../sleeves.ts';
import { shoulderOf } from './tops.ts';

/** Pleats where a full sleeve is gathered into its cuff. */
function gathers(drawing: Drawing, sleeve: Sleeve, depth: number): void {
  const [end, inside] = sleeve.opening;
  for (const share of [0.3, 0.55, 0.78]) {
    const foot = add(end, add(inside, end, -1), share);
    drawing.seam(new Curve(foot).arc(add(foot, [-0.6, -depth * 0.5]), add(foot, [-1.6, -depth])), { opacity: 0.4 });
  }
}

export const shirt = kind({
  category: 'Shirt',
  nouns: ['Shirt', 'Overshirt', 'Camp Shirt', 'Button-down'],
  scale: 4.75,
  share: 11,
  sizes: 'letters',
  aisle: 2,
  seasons: ['spring', 'autumn', 'all year'],
  price: [49, 120],
  measures: { length: [64, 86], width: [22.5, 29.5], shoulder: [-0.5, 4.5], sleeve: [18, 62], flare: [-1.5, 3.5] },
  styles: {
    pocket: { none: 0.42, one: 0.4, two: 0.18 },
    hem: { curved: 0.66, straight: 0.34 },
    buttons: { pearl: 0.6, tonal: 0.2, horn: 0.2 },
  },
  weaves: { plain: 44, checks: 24, pinstripes: 18, denim: 9, dots: 5, corduroy: 4 },
  draw(drawing, m, style) {
    const { colour } = drawing.fabric;
    const shoulder = shoulderOf(m.width, m.shoulder);
    const armhole = 14.5 + m.width * 0.37 + m.shoulder * 0.4;
    const hem = m.width + m.flare;
    const body = bodice({
      neckWidth: 7.8,
      neckDepth: 8.4,
      shoulder,
      slope: (shoulder - 7.8) * 0.36,
      armhole,
      chest: m.width,
      waist: lerp(m.width, hem, 0.5) - 0.8,
      waistAt: lerp(armhole, m.length, 0.5),
      hem,
      length: m.length,
      hemCurve: style.hem === 'curved' ? 6.5 : 1,
    });
    const long = m.sleeve > 40;
    const opening = lerp(17, 12.5, (m.sleeve - 18) / 44) + (m.width - 27) * 0.3;
    const sleeve = sleeveOf(body, { length: m.sleeve, opening, fullness: long ? 0.8 : 0 });
    const collar = { stand: 3.4, meet: 4.6, tip: [7.4, 12.4] as const };
    collarBack(drawing, body, collar);
    drawSleeves(drawing, body, sleeve);
    drawing.pair(() => {
      if (!long) return drawing.stitch(across(sleeve, 2.4), { opacity: 0.6 });
      gathers(drawing, sleeve, 6);
      drawing.part({ shape: cuffOf(sleeve, 6, 1.1), grain: { at: body.shoulder, turn: -sleeve.hang }, edge: 0.28 });
    });
    drawing.part({ shape: body.front, round: [[-m.width, 0], [m.width, 0], 0.8], folds: bodyFolds(body) });
    const foot = (up: number): Curve =>
      new Curve([-hem + 0.5, body.hem[1] - up]).bend(
        [-hem * 0.66, m.length - up],
        [hem * 0.66, m.length - up],
        [hem - 0.5, body.hem[1] - up],
      );
    drawing.stitch(foot(1.4), { opacity: 0.5 });
    drawing.pair(() =>
      drawing.seam(new Curve([7.6, 3]).arc([15, 6.2], [shoulder - 0.9, armhole * 0.44]), { opacity: 0.35 }),
    );
    drawing.part({
      shape: rectangle(-1.9, 4, 3.8, m.length - 4.15),
      edge: 0.16,
      rim: 0.55,
      cast: { on: body.front, opacity: 0.4, by: [0.5, 0] },
    });
    for (const x of [-1.35, 1.35]) drawing.stitch(new Curve([x, 6]).to([x, m.length - 0.8]), { opacity: 0.4 });
    const count = Math.round((m.length - 16) / 9.5);
    buttonRow(drawing, 0, 12.5, m.length - 11, count, 0.8, buttonColour(colour, style.buttons));
    const pockets = style.pocket === 'two' ? [-1, 1] : style.pocket === 'one' ? [1] : [];
    for (const s of pockets)
      patchPocket(drawing, { on: body.front, at: [s * m.width * 0.52, armhole - 5], width: 10.5, height: 12 });
    collarLeaves(drawing, body, collar);
  },
});

export const blouse = kind({
  category: 'Blouse',
  nouns: ['Blouse', 'Top', 'Smock'],
  scale: 5.5,
  share: 6,
  sizes: 'letters',
  aisle: 2,
  seasons: ['spring', 'summer', 'all year'],
  price: [45, 130],
  measures: { length: [54, 76], width: [21, 26.5], sleeve: [16, 60], neck: [10, 24], flare: [0, 11] },
  styles: { front: { bow: 0.34, keyhole: 0.33, v: 0.33 } },
  weaves: { plain: 58, dots: 18, pinstripes: 12, checks: 5 },
  draw(drawing, m, style) {
    const shoulder = shoulderOf(m.width, -2);
    const hem = m.width + m.flare;
    const body = bodice(
      {
        neckWidth: 8.6,
        neckDepth: m.neck,
        shoulder,
        slope: (shoulder - 8.6) * 0.38,
        armhole: 24,
        chest: m.width,
        waist: lerp(m.width, hem, 0.4) - 1.6,
        waistAt: lerp(24, m.length, 0.45),
        hem,
        length: m.length,
        hemCurve: 1.6 + m.flare * 0.25,
      },
      style.front === 'v' ? 'v' : 'round',
    );
    const sleeve = sleeveOf(body, { length: m.sleeve, opening: 16.5, fullness: 3 });
    innerBack(drawing, body, { rise: 0.4 });
    drawSleeves(drawing, body, sleeve, { softness: 1.1 });
    drawing.pair(() => {
      gathers(drawing, sleeve, 7);
      drawing.part({ shape: cuffOf(sleeve, 3.4, 3.2), grain: { at: body.shoulder, turn: -sleeve.hang }, edge: 0.28 });
    });
    const drape = [-0.62, -0.36, -0.12, 0.14, 0.4, 0.66].map(
      (x, i) =>
        ({
          shape: leaf([x * m.width * 0.75, m.neck + 8 + (i % 3) * 4], [x * hem, m.length + 2], 1 + m.flare * 0.06, x),
          tone: i % 2 === 0 ? 'shadow' : 'light',
          opacity: 0.3 + m.flare * 0.014,
        }) as const,
    );
    drawing.part({ shape: body.front, round: [[-hem, 0], [hem, 0], 0.8], folds: [...bodyFolds(body, 0.8), ...drape] });
    drawing.stitch(
      new Curve([-hem + 0.4, body.hem[1] - 1.2]).bend(
        [-hem * 0.5, m.length - 1],
        [hem * 0.5, m.length - 1],
        [hem - 0.4, body.hem[1] - 1.2],
      ),
      { opacity: 0.4 },
    );
    const inner = new Curve([7.7, -0.1]);
    if (style.front === 'v') inner.bend([7.2, m.neck * 0.35], [2.8, m.neck * 0.76], [0, m.neck - 1.5]);
    else inner.bend([7.5, m.neck * 0.6], [5, m.neck - 1.1], [0, m.neck - 1.1]);
    drawing.part({
      shape: new Curve([0, m.neck]).join(body.neckline.reversed()).join(inner).whole(),
      edge: 0.1,
      rim: 0.6,
      cast: { on: body.front, opacity: 0.35 },
    });
    if (style.front === 'bow') bow(drawing, m.neck, body.front);
    else if (style.front === 'keyhole') keyhole(drawing, m.neck);
  },
});

/** A pussy bow: two loops and two ends. */
function bow(drawing: Drawing, y: number, on: Curve): void {
  drawing.pair(() => {
    const tail = new Curve([0.4, y])
      .bend([1.8, y + 4], [2.2, y + 9], [3.2, y + 16])
      .to([6.2, y + 14.6])
      .bend([5, y + 8], [3.4, y + 3], [1.2, y - 0.4]);
    drawing.part({ shape: tail, edge: 0.3, cast: { on, opacity: 0.5 }, grain: { at: [0, y], turn: -16 } });
    const loop = new Curve([0.2, y + 0.3])
      .bend([3, y - 3.6], [8.2, y - 3.4], [8.4, y + 0.4])
      .bend([8.4, y + 4], [3.4, y + 2.8], [0.2, y + 0.9]);
    const folds = [{ shape: leaf([0.6, y + 0.4], [6, y - 0.4], 0.9, 1), tone: 'shadow', opacity: 0.6 }] as const;
    drawing.part({ shape: loop, edge: 0.3, cast: { on, opacity: 0.5 }, folds, grain: { at: [0, y], turn: 80 } });
  });
  drawing.part({
    shape: new Curve([-1.3, y - 1])
      .arc([0, y - 1.5], [1.3, y - 1])
      .to([1.2, y + 1.9])
      .arc([0, y + 2.3], [-1.2, y + 1.9]),
    edge: 0.3,
    rim: 0.7,
  });
}

/** A drop-shaped slit below the neckline, closed by one button. */
function keyhole(drawing: Drawing, y: number): void {
  const slit = new Curve([0, y + 0.2])
    .bend([0.5, y + 2], [2.1, y + 4.4], [2, y + 6.4])
    .bend([1.8, y + 8], [0.8, y + 8.6], [0, y + 8.6]);
  drawing.part({ shape: slit.whole(), ground: drawing.shades.inside, edge: 0.6 });
  buttonRow(drawing, 0, y - 0.4, y, 1, 0.9, buttonColour(drawing.fabric.colour, 'pearl'));
}
