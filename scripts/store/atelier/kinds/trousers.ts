/** Trousers, jeans and shorts. */
import { button, buttonColour, cord, patchPocket } from '../details.ts';
import type { Drawing, Fold } from '../drawing.ts';
import { add, between, Curve, leaf, lerp, type Point } from '../geometry.ts';
import { kind } from '../kind.ts';
import { hex, type Lab, tint } from '../lab.ts';

/** The thread that jeans are sewn with. */
const THREAD: Lab = { l: 68, a: 16, b: 46 };

interface LegMeasures {
  /** Half the waist. */
  readonly width: number;
  readonly rise: number;
  readonly length: number;
  /** Width of the leg's opening. */
  readonly leg: number;
}

interface Legs {
  readonly leg: Curve;
  readonly outer: Curve;
  readonly hem: readonly [outer: Point, inner: Point];
  readonly hip: number;
  readonly waist: number;
}

const BAND = 4;

/** The right leg with its half of the seat. */
function legs(m: LegMeasures): Legs {
  const hip = m.width + 4.4;
  const inseam = m.length - m.rise;
  const spread = 1 + inseam * 0.035;
  const middle = Math.max(hip * 0.52 + inseam * 0.04, spread + m.leg / 2);
  const outerHem: Point = [middle + m.leg / 2, m.length - 0.3];
  const innerHem: Point = [middle - m.leg / 2, m.length + 0.3];
  const seat: Point = [hip, m.rise * 0.78];
  const drop = m.length - seat[1];
  const slope = (outerHem[0] - hip) / drop;
  // Narrow legs leave the hip late, wide ones fall from it.
  const knee: Point = [lerp(hip, outerHem[0], slope < 0 ? 0.42 : 0.5) + 0.3, seat[1] + drop * 0.5];
  const start = Math.max(slope, -0.05);
  const outer = new Curve([m.width, 0])
    .bend([m.width + 1.6, 4], [hip - seat[1] * 0.36 * start - 0.5, seat[1] * 0.6], seat)
    .bend(
      [hip + drop * 0.18 * start, seat[1] + drop * 0.18],
      [knee[0] - drop * 0.17 * slope, knee[1] - drop * 0.17],
      knee,
    )
    .bend(
      [knee[0] + drop * 0.17 * slope, knee[1] + drop * 0.17],
      [outerHem[0] - drop * 0.16 * slope * 0.7, outerHem[1] - drop * 0.16],
      outerHem,
    );
  const crotch: Point = [0, m.rise];
  const leg = new Curve([0, 0.6])
    .arc([m.width * 0.6, 0.5], [m.width, 0])
    .join(outer)
    .arc(add(between(outerHem, innerHem, 0.5), [0, 0.5]), innerHem)
    .bend(
      [innerHem[0] - inseam * 0.012, m.length - inseam * 0.4],
      [lerp(0.6, innerHem[0], 0.45), m.rise + inseam * 0.3],
      [0.5, m.rise + 1.2],
    )
    .to(crotch);
  return { leg, outer, hem: [outerHem, innerHem], hip, waist: m.width };
}

function legFolds({ hem: [outer, inner], hip }: Legs, m: LegMeasures, crease: boolean): Fold[] {
  const knee = lerp(m.rise, m.length, 0.46);
  const long = m.length - m.rise > 34;
  const axis = between(outer, inner, 0.5);
  const folds: Fold[] = [
    { shape: leaf([0.4, m.rise - 1], [hip * 0.66, m.rise + 4], 1.1, 1), tone: 'shadow', opacity: 0.6 },
    { shape: leaf([0.6, m.rise + 2], [hip * 0.55, m.rise + 11], 1, 1), tone: 'shadow', opacity: 0.45 },
    {
      shape: leaf([hip * 0.46, 9], [axis[0] - 0.5, m.length - 2], crease ? 1 : 3),
      tone: 'light',
      opacity: crease ? 0.5 : 0.55,
    },
    { shape: leaf([0.8, m.rise + 6], [inner[0] + 0.6, m.length - 1], 1.8), tone: 'shadow', opacity: 0.36 },
    { shape: leaf([hip - 1, m.rise], [outer[0] - 1, m.length], 1.6), tone: 'shadow', opacity: 0.3 },
  ];
  if (long) {
    folds.push(
      { shape: leaf([inner[0] * 0.7 + 0.4, knee + 1], [hip * 0.66, knee + 6], 1, 1), tone: 'shadow', opacity: 0.36 },
      {
        shape: leaf([outer[0] * 0.5 + hip * 0.5, knee - 8], [hip * 0.5, knee - 2], 0.9, -1),
        tone: 'shadow',
        opacity: 0.3,
      },
      {
        shape: leaf([outer[0] - 0.8, m.length - 7], [inner[0] + 2, m.length - 4.4], 0.8, 1),
        tone: 'shadow',
        opacity: 0.34,
      },
    );
  }
  return folds;
}

interface Finish {
  readonly crease: boolean;
  readonly thread?: string;
  readonly turnUp: boolean;
  readonly waist: 'button' | 'cord';
}

function drawLegs(drawing: Drawing, m: LegMeasures, finish: Finish): Legs {
  const { shades, fabric } = drawing;
  const cut = legs(m);
  const [outer, inner] = cut.hem;
  const thread = finish.thread === undefined ? {} : { colour: finish.thread, opacity: 0.95, width: 0.26 };
  const w = m.width;
  drawing.part({
    shape: new Curve([0, -BAND + 2.2])
      .arc([w * 0.7, -BAND + 2], [w - 0.8, -BAND - 0.2])
      .to([0, -BAND - 0.4])
      .whole(),
    ground: shades.inside,
    edge: 0.45,
  });
  drawing.pair(() => {
    const lean = (Math.atan2(between(outer, inner, 0.5)[0] - cut.hip * 0.5, m.length - m.rise) * 180) / Math.PI;
    drawing.part({
      shape: cut.leg,
      grain: { at: [0, 0], turn: -lean * 0.7 },
      round: [[-1.5, m.rise], [cut.hip + 1, m.rise], 0.75],
      folds: legFolds(cut, m, finish.crease),
      rim: 0.6,
    });
    if (finish.crease)
      drawing.seam(
        new Curve([cut.hip * 0.47, 10]).bend(
          [cut.hip * 0.49, m.rise],
          [between(outer, inner, 0.5)[0], m.length * 0.7],
          between(outer, inner, 0.5),
        ),
        { opacity: 0.4 },
      );
    const [rim, low] = [cut.outer.at(0.19), cut.outer.at(0.3)];
    const mouth = new Curve([w * 0.5, 0.6]).bend(
      [w * 0.56, rim[1] * 0.5],
      [w * 0.76, rim[1] * 0.88],
      add(rim, [-0.5, 0]),
    );
    if (finish.thread === undefined) {
      const slant = new Curve([w * 0.64, 0.8]).arc([w * 0.84, low[1] * 0.5], add(low, [-0.4, 0]));
      drawing.seam(slant, { width: 1, opacity: 0.22, colour: shades.deep });
      drawing.seam(slant, { opacity: 0.8, width: 0.3 });
    } else {
      drawing.seam(mouth, { width: 0.9, opacity: 0.4, colour: shades.deep });
      drawing.stitch(mouth, thread);
      drawing.stitch(
        new Curve(add(mouth.start, [-0.9, 0])).bend(
          [w * 0.5, rim[1] * 0.5 + 0.8],
          [w * 0.7, rim[1] + 0.2],
          add(rim, [-0.6, 1.2]),
        ),
        thread,
      );
    }
    if (finish.turnUp) {
      const up = (p: Point, by: number): Point => [p[0] + by * 0.02, p[1] - by];
      const cuff = new Curve(add(up(outer, 4), [0.5, 0]))
        .to(add(outer, [0.4, 0.2]))
        .arc(add(between(outer, inner, 0.5), [0, 0.8]), add(inner, [-0.4, 0.2]))
        .to(add(up(inner, 4), [-0.4, 0]))
        .arc(add(between(up(outer, 4), up(inner, 4), 0.5), [0, 0.6]), add(up(outer, 4), [0.5, 0]));
      drawing.part({ shape: cuff, edge: 0.3, rim: 0.75, cast: { on: cut.leg, opacity: 0.5, by: [0, -0.6] } });
    } else
      drawing.stitch(
        new Curve(add(outer, [-0.2, -1.8])).arc(add(between(outer, inner, 0.5), [0, -1.3]), add(inner, [0.2, -1.8])),
        { opacity: 0.55, ...thread },
      );
  });
  drawing.seam(new Curve([0, 0.6]).to([0, m.rise]), { opacity: 0.8 });
  const fly = new Curve([2.9, 0.6]).bend([2.9, m.rise * 0.42], [2.6, m.rise * 0.56], [0.2, m.rise * 0.68]);
  if (finish.waist === 'button') drawing.stitch(fly, { opacity: 0.75, ...thread });
  const band = new Curve([0, -BAND + 1])
    .arc([w * 0.6, -BAND + 0.9], [w - 0.3, -BAND])
    .to([w + 0.2, 0.1])
    .arc([w * 0.6, 1], [0, 1]);
  const gathered = finish.waist === 'cord';
  drawing.part({
    shape: band.whole(),
    fabric: gathered ? { ...fabric, weave: 'rib', second: fabric.colour } : fabric,
    edge: 0.26,
    rim: 0.75,
    cast: { on: cut.leg, opacity: 0.45 },
    folds: [{ shape: leaf([-w * 0.7, -2], [0, -1], 1), tone: 'light', opacity: 0.35 }],
  });
  if (gathered) {
    const ribbon = hex(fabric.colour.l > 70 ? tint(fabric.colour, -36) : { l: 92, a: 0, b: 4 });
    cord(drawing, [-1.2, -0.8], 9, -1.4, ribbon, ribbon);
    cord(drawing, [1.2, -0.8], 10.4, 1.2, ribbon, ribbon);
    return cut;
  }
  for (const x of [-w * 0.62, w * 0.62])
    drawing.part({
      shape: new Curve([x - 0.7, -BAND + 0.2]).to([x + 0.7, -BAND + 0.2], [x + 0.7, 1.5], [x - 0.7, 1.5]),
      edge: 0.2,
      rim: 0.75,
      cast: { on: band.whole(), opacity: 0.4, by: [0.2, 0.3] },
    });
  button(drawing, [0.6, -1.5], 1.2, finish.thread === undefined ? buttonColour(fabric.colour, 'horn') : '#b98a54');
  return cut;
}

export const trousers = kind({
  category: 'Trousers',
  nouns: ['Trousers', 'Chinos', 'Pants', 'Slacks'],
  scale: 4.2,
  share: 9,
  sizes: 'waists',
  aisle: 6,
  seasons: ['autumn', 'winter', 'all year'],
  price: [59, 190],
  measures: { length: [88, 110], width: [17, 21], rise: [23, 33], leg: [13.5, 29] },
  styles: { finish: { crease: 0.5, plain: 0.25, cord: 0.25 }, hem: { plain: 0.76, turnUp: 0.24 } },
  weaves: { plain: 62, tweed: 9, checks: 10, corduroy: 12, pinstripes: 8 },
  draw(drawing, m, style) {
    drawLegs(drawing, m, {
      crease: style.finish === 'crease',
      turnUp: style.hem === 'turnUp',
      waist: style.finish === 'cord' ? 'cord' : 'button',
    });
  },
});

export const jeans = kind({
  category: 'Jeans',
  nouns: ['Jeans', 'Denim', 'Straight Jeans'],
  scale: 4.2,
  share: 7,
  sizes: 'waists',
  aisle: 6,
  seasons: ['all year'],
  price: [59, 160],
  measures: { length: [88, 110], width: [17, 21], rise: [22, 33], leg: [13, 28] },
  styles: { hem: { plain: 0.7, turnUp: 0.3 } },
  weaves: { denim: 1 },
  draw(drawing, m, style) {
    const thread = hex(drawing.fabric.colour.l > 75 ? tint(drawing.fabric.colour, -24, 2) : THREAD);
    drawLegs(drawing, m, { crease: false, thread, turnUp: style.hem === 'turnUp', waist: 'button' });
  },
});

export const shorts = kind({
  category: 'Shorts',
  nouns: ['Shorts', 'Bermudas', 'Walk Shorts'],
  scale: 6.9,
  share: 8,
  sizes: 'waists',
  aisle: 6,
  seasons: ['summer'],
  price: [35, 95],
  measures: { length: [36, 62], width: [17.5, 22], rise: [23, 31], leg: [20, 29] },
  styles: {
    finish: { crease: 0.22, plain: 0.4, cord: 0.38 },
    hem: { plain: 0.7, turnUp: 0.3 },
    cargo: { no: 0.86, yes: 0.14 },
  },
  weaves: { plain: 50, checks: 14, pinstripes: 9, denim: 13, dots: 5, stripes: 6 },
  draw(drawing, m, style) {
    const length = Math.max(m.length, m.rise + 9);
    const denim = drawing.fabric.weave === 'denim';
    const thread = denim
      ? { thread: hex(drawing.fabric.colour.l > 75 ? tint(drawing.fabric.colour, -24, 2) : THREAD) }
      : {};
    const cut = { ...m, length };
    const { leg } = drawLegs(drawing, cut, {
      crease: style.finish === 'crease' && !denim,
      turnUp: style.hem === 'turnUp',
      waist: style.finish === 'cord' && !denim ? 'cord' : 'button',
      ...thread,
    });
    if (style.cargo === 'yes' && length > m.rise + 16) {
      drawing.pair(() =>
        patchPocket(drawing, { on: leg, at: [m.width * 0.86 + 1, m.rise + 2], width: 10.5, height: 12, point: 0.8 }),
      );
    }
  },
});
