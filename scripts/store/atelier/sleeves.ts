/** Set-in sleeves, laid flat a little away from the body. */
import type { Bodice } from './bodice.ts';
import type { Drawing, Fold } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { add, between, Curve, hanging, leaf, lerp, type Point, smoothstep } from './geometry.ts';

export interface SleeveMeasures {
  /** From the shoulder's end to the opening, along the outer edge. */
  readonly length: number;
  /** Width of the opening. */
  readonly opening: number;
  /** Extra width halfway down, for full sleeves. */
  readonly fullness?: number;
}

export interface Sleeve {
  readonly shape: Curve;
  readonly outer: Curve;
  readonly inner: Curve;
  /** Ends of the opening, the outer one first. */
  readonly opening: readonly [Point, Point];
  /** Degrees that it hangs away from straight down. */
  readonly hang: number;
  readonly length: number;
}

export function sleeveOf(body: Bodice, m: SleeveMeasures): Sleeve {
  const { shoulder, underarm, neck } = body;
  const reach = smoothstep(8, 62, m.length);
  const [above, below] = [lerp(40, 22, reach), lerp(40, 10.5, reach)];
  const ridge = Math.atan2(shoulder[1] - neck[1], shoulder[0] - neck[0]);
  const off: Point = [Math.cos(ridge), Math.sin(ridge)];
  const [upper, lower] = [hanging(above), hanging(below)];
  const cap = Math.min(9, m.length * 0.45);
  const turn = add(off, upper);
  const crown = add(shoulder, turn, cap / Math.hypot(...turn));
  const rest = m.length - cap;
  const fall = add(upper, lower);
  const end = add(crown, fall, rest / Math.hypot(...fall));
  const full = m.fullness ?? 0;
  const outer = new Curve(shoulder)
    .bend(add(shoulder, off, cap * 0.34), add(crown, upper, -cap * 0.34), crown)
    .bend(add(add(crown, upper, rest * 0.36), [full * 0.6, 0]), add(add(end, lower, -rest * 0.33), [full, 0]), end);
  const inside = add(end, [Math.cos((below * Math.PI) / 180), -Math.sin((below * Math.PI) / 180)], -m.opening);
  const way = Math.hypot(inside[0] - underarm[0], inside[1] - underarm[1]);
  const inner = new Curve(inside).bend(
    add(add(inside, lower, -way * 0.3), [-full * 0.9, 0]),
    add(add(underarm, hanging(above - 6), way * 0.34), [-full * 0.2, 0]),
    underarm,
  );
  const bow = add(between(end, inside, 0.5), hanging(below), 0.35);
  const shape = new Curve(add(shoulder, off, -6))
    .to(shoulder)
    .join(outer)
    .arc(bow, inside)
    .join(inner)
    .to([underarm[0] - 9, underarm[1] - 5]);
  return { shape, outer, inner, opening: [end, inside], hang: lerp(above, below, 0.6), length: m.length };
}

/** Folds of a sleeve: from the underarm, at the elbow, and a ridge of light down its length. */
function sleeveFolds(body: Bodice, sleeve: Sleeve, softness: number): Fold[] {
  const { underarm, shoulder } = body;
  const [end, inside] = sleeve.opening;
  const long = smoothstep(26, 50, sleeve.length);
  const folds: Fold[] = [
    {
      shape: leaf(add(underarm, [-3, -4]), between(shoulder, end, 0.42), 1.1, -1.4),
      tone: 'shadow',
      opacity: 0.55 * softness,
    },
    { shape: leaf(add(shoulder, [0.5, 2]), between(shoulder, end, 0.85), 1.5, -1.2), tone: 'light', opacity: 0.36 },
    {
      shape: leaf(between(underarm, inside, 0.1), between(underarm, inside, 0.95), 1.1, -0.6),
      tone: 'shadow',
      opacity: 0.4,
    },
  ];
  if (long > 0.02) {
    const [elbow, hollow] = [sleeve.outer.at(0.76), sleeve.inner.at(0.5)];
    folds.push(
      { shape: leaf(hollow, between(hollow, elbow, 0.75), 0.9, 1.1), tone: 'shadow', opacity: 0.6 * long * softness },
      {
        shape: leaf(add(hollow, [0.6, 3.4]), between(add(hollow, [0, 5.6]), add(elbow, [0, 4]), 0.6), 0.7, 0.7),
        tone: 'shadow',
        opacity: 0.5 * long * softness,
      },
      {
        shape: leaf(add(hollow, [0.4, 1.6]), between(hollow, add(elbow, [0, 3]), 0.7), 0.6, 0.8),
        tone: 'light',
        opacity: 0.32 * long,
      },
    );
  }
  return folds;
}

/** Both sleeves of a body, below it. `fabric` other than the body's for contrast sleeves. */
export function drawSleeves(
  drawing: Drawing,
  body: Bodice,
  sleeve: Sleeve,
  { softness = 1, fabric = drawing.fabric }: { softness?: number; fabric?: Fabric } = {},
): void {
  const [end, inside] = sleeve.opening;
  const middle = between(between(inside, body.underarm, 0.5), between(end, body.shoulder, 0.5), 0.5);
  const angle = (sleeve.hang * Math.PI) / 180;
  const across: Point = [Math.cos(angle), -Math.sin(angle)];
  const half = Math.hypot(body.shoulder[0] - body.underarm[0], body.shoulder[1] - body.underarm[1]) * 0.36;
  drawing.pair(() => {
    drawing.part({
      shape: sleeve.shape,
      fabric,
      grain: { at: body.shoulder, turn: -sleeve.hang },
      round: [add(middle, across, -half), add(middle, across, half), 0.5],
      folds: sleeveFolds(body, sleeve, softness),
    });
  });
}

/** The line across a sleeve at a distance before its opening. */
export function across(sleeve: Sleeve, before: number): Curve {
  const [end, inside] = sleeve.opening;
  const up = add(end, inside, -1);
  const length = Math.hypot(...up) || 1;
  const back: Point = [up[1] / length, -up[0] / length];
  return new Curve(add(end, back, before)).arc(
    add(add(between(end, inside, 0.5), back, before), back, -0.35),
    add(inside, back, before),
  );
}

/** A cuff: a band of `depth` at the end of the sleeve, `grip` narrower on each side than the sleeve it gathers. */
export function cuffOf(sleeve: Sleeve, depth: number, grip = 0): Curve {
  const [end, inside] = sleeve.opening;
  const up = add(end, inside, -1);
  const length = Math.hypot(...up) || 1;
  const along: Point = [up[0] / length, up[1] / length];
  const down: Point = [-along[1], along[0]];
  const [outer, inner] = [add(add(end, along, -grip), down, depth), add(add(inside, along, grip), down, depth)];
  const [top, low] = [add(end, down, -0.4), add(inside, down, -0.4)];
  return new Curve(top)
    .bend(add(top, down, depth * 0.3), add(outer, down, -depth * 0.4), outer)
    .arc(add(between(outer, inner, 0.5), down, 0.4), inner)
    .bend(add(inner, down, -depth * 0.4), add(low, down, depth * 0.3), low);
}
