/** The cut of what covers the upper body, from the shoulder down: fronts of tops, coats and dresses. */
import { Curve, lerp, type Point } from './geometry.ts';

/** Right half, cm. */
export interface BodiceMeasures {
  /** From the centre to where the neck meets the shoulder. */
  readonly neckWidth: number;
  /** From there down to the front neckline. */
  readonly neckDepth: number;
  /** From the centre to the end of the shoulder. */
  readonly shoulder: number;
  /** How far the shoulder's end lies below its beginning. */
  readonly slope: number;
  readonly armhole: number;
  readonly chest: number;
  readonly waist: number;
  readonly waistAt: number;
  readonly hem: number;
  readonly length: number;
  /** How much lower the hem is in the middle than at the sides. */
  readonly hemCurve: number;
}

export type Neckline = 'round' | 'v' | 'square';

export interface Bodice {
  readonly measures: BodiceMeasures;
  readonly neck: Point;
  readonly shoulder: Point;
  readonly underarm: Point;
  readonly hem: Point;
  /** Front neckline, from the shoulder to the centre. */
  readonly neckline: Curve;
  readonly armhole: Curve;
  readonly side: Curve;
  readonly hemline: Curve;
  /** The whole front. */
  readonly front: Curve;
}

/** Half a front neckline, from the neck point down to the centre. */
function necklineOf(kind: Neckline, neck: Point, depth: number): Curve {
  const [x, y] = neck;
  const curve = new Curve(neck);
  if (kind === 'v') return curve.bend([x - 0.5, y + depth * 0.35], [x * 0.35, depth * 0.8], [0, depth]);
  if (kind === 'square')
    return curve.bend([x - 0.2, depth * 0.5], [x - 0.6, depth * 0.96], [x - 1.6, depth]).to([0, depth]);
  return curve.bend([x - 0.35, y + depth * 0.62], [x * 0.62, depth], [0, depth]);
}

/** The side seam from the underarm over the waist to the hem. */
function sideOf(underarm: Point, waist: Point, hem: Point): Curve {
  const upper = waist[1] - underarm[1];
  const lower = hem[1] - waist[1];
  const lean = (hem[0] - underarm[0]) / Math.max(8, hem[1] - underarm[1]);
  return new Curve(underarm)
    .bend(
      [lerp(underarm[0], waist[0], 0.2), underarm[1] + upper * 0.35],
      [waist[0] - lean * upper * 0.35, waist[1] - upper * 0.35],
      waist,
    )
    .bend(
      [waist[0] + lean * lower * 0.35, waist[1] + lower * 0.35],
      [lerp(waist[0], hem[0], 0.86), hem[1] - lower * 0.35],
      hem,
    );
}

export function bodice(m: BodiceMeasures, kind: Neckline = 'round'): Bodice {
  const neck: Point = [m.neckWidth, 0];
  const shoulder: Point = [m.shoulder, m.slope];
  const underarm: Point = [m.chest, m.armhole];
  const hem: Point = [m.hem, m.length - m.hemCurve];
  const neckline = necklineOf(kind, neck, m.neckDepth);
  const drop = m.armhole - m.slope;
  const dip = Math.max(0.4, 2.4 - Math.max(0, m.shoulder - m.chest + 5) * 0.35);
  const armhole = new Curve(shoulder).bend(
    [m.shoulder - dip, m.slope + drop * 0.5],
    [Math.min(m.chest - 1, lerp(m.shoulder - dip, m.chest, 0.3)), m.armhole - 1.2],
    underarm,
  );
  const side = sideOf(underarm, [m.waist, m.waistAt], hem);
  const hemline = new Curve(hem).bend(
    [m.hem * 0.66, m.length - m.hemCurve * 0.25],
    [m.hem * 0.3, m.length],
    [0, m.length],
  );
  const ridge = new Curve(neck).bend(
    [lerp(m.neckWidth, m.shoulder, 0.35), m.slope * 0.34],
    [lerp(m.neckWidth, m.shoulder, 0.7), m.slope * 0.66],
    shoulder,
  );
  const half = neckline.reversed().join(ridge).join(armhole).join(side).join(hemline);
  return { measures: m, neck, shoulder, underarm, hem, neckline, armhole, side, hemline, front: half.whole() };
}

/** Width of the side seam at a height below the underarm, cm from the centre. */
export function widthAt(body: Bodice, y: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (body.side.at(middle)[1] < y) low = middle;
    else high = middle;
  }
  return body.side.at(low)[0];
}
