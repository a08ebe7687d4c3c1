/** Points, curves and outlines in centimetres: x from the garment's centre line to the right, y downwards. */

export type Point = readonly [x: number, y: number];

type Step = readonly [c1x: number, c1y: number, c2x: number, c2y: number, x: number, y: number];

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const lerp = (from: number, to: number, share: number): number => from + (to - from) * share;

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** 0 up to `from`, 1 from `to` on, smooth between. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

export const add = (a: Point, b: Point, factor = 1): Point => [a[0] + b[0] * factor, a[1] + b[1] * factor];

export const between = (a: Point, b: Point, share: number): Point => [lerp(a[0], b[0], share), lerp(a[1], b[1], share)];

/** Unit vector that hangs `degrees` away from straight down, outwards. */
export function hanging(degrees: number): Point {
  const angle = (degrees * Math.PI) / 180;
  return [Math.sin(angle), Math.cos(angle)];
}

/** A number as it is written in SVG: hundredths, no trailing zeros, never -0. */
export function short(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

const cubic = (a: number, b: number, c: number, d: number, t: number): number => {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
};

/** A chain of cubic curves; straight lines are cubics too, so that every outline can be split, mirrored and measured. */
export class Curve {
  readonly start: Point;
  readonly #steps: Step[] = [];

  constructor(start: Point) {
    this.start = start;
  }

  get end(): Point {
    const last = this.#steps.at(-1);
    return last === undefined ? this.start : [last[4], last[5]];
  }

  to(...points: readonly Point[]): this {
    for (const point of points) {
      const from = this.end;
      this.#steps.push([...between(from, point, 1 / 3), ...between(from, point, 2 / 3), ...point]);
    }
    return this;
  }

  /** To `point` by a cubic with two handles. */
  bend(first: Point, second: Point, point: Point): this {
    this.#steps.push([...first, ...second, ...point]);
    return this;
  }

  /** To `point` by one handle, a quadratic. */
  arc(handle: Point, point: Point): this {
    return this.bend(between(this.end, handle, 2 / 3), between(point, handle, 2 / 3), point);
  }

  /** Smoothly through all points (Catmull and Rom's spline). */
  through(...points: readonly Point[]): this {
    const all = [this.end, ...points];
    for (let i = 0; i + 1 < all.length; i++) {
      const [a, b, c, d] = [all[Math.max(0, i - 1)]!, all[i]!, all[i + 1]!, all[Math.min(all.length - 1, i + 2)]!];
      this.bend(add(b, add(c, a, -1), 1 / 6), add(c, add(d, b, -1), -1 / 6), c);
    }
    return this;
  }

  /** Appends another chain, with a straight line to its start where that lies elsewhere. */
  join(other: Curve): this {
    if (Math.hypot(other.start[0] - this.end[0], other.start[1] - this.end[1]) > 1e-6) this.to(other.start);
    this.#steps.push(...other.#steps);
    return this;
  }

  reversed(): Curve {
    const turned = new Curve(this.end);
    for (let i = this.#steps.length - 1; i >= 0; i--) {
      const [c1x, c1y, c2x, c2y] = this.#steps[i]!;
      const before = this.#steps[i - 1];
      turned.bend([c2x, c2y], [c1x, c1y], before === undefined ? this.start : [before[4], before[5]]);
    }
    return turned;
  }

  /** The same on the other side of the centre line. */
  mirrored(): Curve {
    const other = new Curve([-this.start[0], this.start[1]]);
    for (const s of this.#steps) other.bend([-s[0], s[1]], [-s[2], s[3]], [-s[4], s[5]]);
    return other;
  }

  /** This half, from the centre line to the centre line, and its mirror image back to the start. */
  whole(): Curve {
    const all = new Curve(this.start);
    return all.join(this).join(this.mirrored().reversed());
  }

  /** The point at a share of the chain, each of its pieces counting alike. */
  at(share: number): Point {
    const place = clamp(share, 0, 1) * this.#steps.length;
    const piece = Math.min(this.#steps.length - 1, Math.floor(place));
    const step = this.#steps[piece];
    if (step === undefined) return this.start;
    const before = this.#steps[piece - 1];
    const [x, y] = before === undefined ? this.start : [before[4], before[5]];
    const t = place - piece;
    return [cubic(x, step[0], step[2], step[4], t), cubic(y, step[1], step[3], step[5], t)];
  }

  box(): Box {
    const count = Math.max(1, this.#steps.length * 6);
    let box: Box = { left: this.start[0], top: this.start[1], right: this.start[0], bottom: this.start[1] };
    for (let i = 0; i <= count; i++) {
      const [x, y] = this.at(i / count);
      box = unite(box, { left: x, top: y, right: x, bottom: y });
    }
    return box;
  }

  /** As the `d` of an SVG path. */
  path(closed = true): string {
    let text = `M${short(this.start[0])} ${short(this.start[1])}`;
    for (const step of this.#steps) text += `C${step.map(short).join(' ')}`;
    return closed ? `${text}Z` : text;
  }
}

export const unite = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

export const rectangle = (left: number, top: number, width: number, height: number): Curve =>
  new Curve([left, top]).to([left + width, top], [left + width, top + height], [left, top + height]);

/** A slim soft leaf: the shape of a fold. `lean` says on which side it is crisp: right of its way above 0, left below. */
export class Leaf {
  readonly from: Point;
  readonly to: Point;
  readonly width: number;
  readonly lean: number;

  constructor(from: Point, to: Point, width: number, lean: number) {
    this.from = from;
    this.to = to;
    this.width = width;
    this.lean = lean;
  }

  mirrored(): Leaf {
    return new Leaf([-this.from[0], this.from[1]], [-this.to[0], this.to[1]], this.width, -this.lean);
  }
}

export const leaf = (from: Point, to: Point, width: number, lean = 0): Leaf => new Leaf(from, to, width, lean);
