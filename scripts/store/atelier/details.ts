/** What is sewn on: buttons, pockets, labels, zips, drawstrings. Large enough to be seen from a step away. */
import type { Drawing } from './drawing.ts';
import type { Fabric } from './fabrics.ts';
import { Curve, type Point, short } from './geometry.ts';
import { hex, type Lab, tint } from './lab.ts';

/** A button with a rim and its shadow. */
export function button(drawing: Drawing, [x, y]: Point, radius: number, colour: string): void {
  const { deep } = drawing.shades;
  const circle = (cx: number, cy: number, r: number, fill: string, opacity = 1): string =>
    `<circle cx="${short(cx)}" cy="${short(cy)}" r="${short(r)}" fill="${fill}" fill-opacity="${short(opacity)}"/>`;
  drawing.mark(
    circle(x + 0.12, y + 0.26, radius * 1.08, deep, 0.55) +
      circle(x, y, radius, colour) +
      `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius * 0.68)}" fill="none" stroke="${deep}" stroke-width=".14" stroke-opacity=".45"/>` +
      circle(x - radius * 0.22, y, radius * 0.13, deep, 0.8) +
      circle(x + radius * 0.22, y, radius * 0.13, deep, 0.8),
  );
}

/** What a designer would sew on a cloth: horn on light ones, mother-of-pearl or tone in tone on others. */
export function buttonColour(cloth: Lab, style: 'pearl' | 'tonal' | 'horn'): string {
  if (style === 'pearl') return hex(cloth.l > 86 ? { l: 84, a: 1, b: 6 } : { l: 93, a: 0, b: 4 });
  if (style === 'horn') return hex(cloth.l < 34 ? { l: 52, a: 10, b: 24 } : { l: 27, a: 9, b: 13 });
  return hex(tint(cloth, cloth.l < 40 ? 17 : -20));
}

/** A row of buttons down the line x, `count` of them from `top` to `bottom`. */
export function buttonRow(
  drawing: Drawing,
  x: number,
  top: number,
  bottom: number,
  count: number,
  radius: number,
  colour: string,
): void {
  for (let i = 0; i < count; i++) {
    button(drawing, [x, count === 1 ? top : top + ((bottom - top) * i) / (count - 1)], radius, colour);
  }
}

/** A woven label inside the back of the neck. */
export function neckLabel(drawing: Drawing, y: number): void {
  const { colour } = drawing.fabric;
  const [ground, thread] = colour.l > 60 ? ['#2b2a2c', '#d9d2c3'] : ['#efe9dc', '#6b6258'];
  drawing.mark(
    `<rect x="-2.1" y="${short(y)}" width="4.2" height="1.9" rx=".12" fill="${ground}"/>` +
      `<rect x="-1.2" y="${short(y + 0.8)}" width="2.4" height=".3" fill="${thread}" fill-opacity=".8"/>`,
  );
}

export interface PatchPocket {
  /** What it is sewn on: its shadow falls nowhere else. */
  readonly on: Curve;
  readonly at: Point;
  readonly width: number;
  readonly height: number;
  /** Depth of the point at its foot. */
  readonly point?: number;
  readonly fabric?: Fabric;
}

/** A patch pocket; `at` is the middle of its upper edge. */
export function patchPocket(
  drawing: Drawing,
  { on, at: [x, y], width: w, height: h, point = 1.4, fabric = drawing.fabric }: PatchPocket,
): void {
  const shape = new Curve([x - w / 2, y])
    .to([x + w / 2, y], [x + w / 2, y + h - point])
    .arc([x + w / 2 - 0.2, y + h - point * 0.5], [x, y + h])
    .arc([x - w / 2 + 0.2, y + h - point * 0.5], [x - w / 2, y + h - point]);
  drawing.part({ shape, fabric, edge: 0.25, rim: 0.6, cast: { on, opacity: 0.4, by: [0.2, 0.6] } });
  drawing.stitch(new Curve([x - w / 2 + 0.2, y + 1.7]).to([x + w / 2 - 0.2, y + 1.7]));
}

/** The opening of a pocket within a seam or a welt: a dark line with a lip of light. */
export function welt(drawing: Drawing, on: Curve, from: Point, to: Point, lip = 1.5): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const down: Point = [(-dy / length) * lip, (dx / length) * lip];
  const low = (p: Point): Point => [p[0] + down[0], p[1] + down[1]];
  const shape = new Curve(from).to(to, low(to), low(from));
  drawing.part({ shape, edge: 0.2, rim: 0.8, cast: { on, opacity: 0.4, by: [0, 0.7] } });
}

/** A cord hanging from `from`, with a tip. */
export function cord(drawing: Drawing, from: Point, length: number, sway: number, colour: string, tip: string): void {
  const line = new Curve(from).bend(
    [from[0] + sway * 0.2, from[1] + length * 0.4],
    [from[0] + sway * 1.4, from[1] + length * 0.6],
    [from[0] + sway, from[1] + length],
  );
  drawing.seam(new Curve([line.start[0] + 0.25, line.start[1] + 0.4]).bend(...shifted(line, [0.3, 0.5])), {
    width: 1,
    opacity: 0.35,
    colour: drawing.shades.deep,
  });
  drawing.seam(line, { width: 0.8, opacity: 1, colour });
  const [x, y] = line.end;
  drawing.seam(new Curve([x, y]).to([x, y + 1.5]), { width: 0.9, opacity: 1, colour: tip });
}

const shifted = (curve: Curve, by: Point): [Point, Point, Point] => {
  const p = (share: number): Point => [curve.at(share)[0] + by[0], curve.at(share)[1] + by[1]];
  return [p(0.33), p(0.66), p(1)];
};

/** A zip from `top` to `bottom` on the centre line, teeth and puller. */
export function zip(drawing: Drawing, top: number, bottom: number, metal: string): void {
  drawing.seam(new Curve([0, top]).to([0, bottom]), { width: 1.5, opacity: 0.65, colour: drawing.shades.deep });
  drawing.mark(
    `<path d="M0 ${short(top)}V${short(bottom)}" stroke="${metal}" stroke-width=".7" stroke-dasharray=".34 .3"/>` +
      `<rect x="-.5" y="${short(top)}" width="1" height="3" rx=".45" fill="${metal}" stroke="${drawing.shades.deep}" stroke-width=".12"/>`,
  );
}
