/** The sheet a garment is drawn on: cloth parts, the light on them, seams and stitching, in SVG. */
import { type Fabric, isPatterned, type Tile, tileOf } from './fabrics.ts';
import { type Box, type Curve, type Leaf, type Point, short, unite } from './geometry.ts';
import { type Shades, shadesOf } from './shades.ts';

/** Side of the square picture's coordinate system, px. */
export const SIDE = 512;

/** How far a fold fades beyond its own width, cm. */
const FADE = 1.3;

type Tone = 'shadow' | 'deep' | 'light';

/** A soft shape of shadow or light upon a part. */
export interface Fold {
  readonly shape: Leaf;
  readonly tone: Tone;
  readonly opacity: number;
}

/** How the pattern lies on a part: its origin, and its turn in degrees. */
export interface Grain {
  readonly at: Point;
  readonly turn: number;
}

export interface Part {
  readonly shape: Curve;
  /** Another cloth than the garment's: lining, ribbing, a contrast collar. */
  readonly fabric?: Fabric;
  /** Colour of the plain ground instead of the fabric's: the cloth's other side. */
  readonly ground?: string;
  /** Left out: the weave hangs straight from the centre line. A print lies straight on every part, as if laid on last. */
  readonly grain?: Grain;
  /** From where to where the part turns away from the light. */
  readonly round?: readonly [from: Point, to: Point, strength: number];
  readonly folds?: readonly Fold[];
  /** Opacity of the outline, 0..1. */
  readonly rim?: number;
  /** Darkness of the edge's inner shade, 0..1. */
  readonly edge?: number;
  /** Shadow that the part casts on those below, within `cast.on`. */
  readonly cast?: { readonly on: Curve; readonly opacity: number; readonly by?: Point };
}

interface Cloth {
  readonly shades: Shades;
  readonly pattern: string | undefined;
  readonly printed: boolean;
}

const patternOf = (id: string, { width, height, content }: Tile, more = ''): string =>
  `<pattern id="${id}" patternUnits="userSpaceOnUse"${attribute('width', width)}${attribute('height', height)}${more}>` +
  `${content}</pattern>`;

const attribute = (name: string, value: number): string => ` ${name}="${short(value)}"`;

/** A shape's outline that fades to both sides, up to `reach` cm wide. */
function feathered(d: string, colour: string, reach: number, opacity: number): string {
  const layers = [1, 0.72, 0.46, 0.22].map(
    share =>
      `<path d="${d}"${attribute('stroke-width', reach * share)}${attribute('stroke-opacity', opacity * 0.34)}/>`,
  );
  return `<g fill="none" stroke="${colour}" stroke-linejoin="round">${layers.join('')}</g>`;
}

export class Drawing {
  readonly fabric: Fabric;
  readonly shades: Shades;
  #box: Box | undefined;
  #mirroring = false;
  readonly #defs: string[] = [];
  readonly #cloths = new Map<Fabric, Cloth>();
  readonly #prints = new Map<string, Tile>();
  #body: string[] = [];
  readonly #soft = new Map<string, string>();
  #count = 0;

  constructor(fabric: Fabric) {
    this.fabric = fabric;
    this.shades = this.#cloth(fabric).shades;
  }

  /** The box of all parts so far, cm. */
  get box(): Box {
    return this.#box ?? { left: 0, top: 0, right: 0, bottom: 0 };
  }

  #id(): string {
    return `a${(this.#count++).toString(36)}`;
  }

  #define(make: (id: string) => string): string {
    const id = this.#id();
    this.#defs.push(make(id));
    return id;
  }

  #cloth(fabric: Fabric): Cloth {
    const known = this.#cloths.get(fabric);
    if (known !== undefined) return known;
    const tile = tileOf(fabric);
    const printed = isPatterned(fabric.weave);
    const cloth = { shades: shadesOf(fabric.colour), pattern: tile && this.#pattern(tile, printed), printed };
    this.#cloths.set(fabric, cloth);
    return cloth;
  }

  /** A print is put into place with the whole picture; until then only its name is known. */
  #pattern(tile: Tile, printed: boolean): string {
    if (!printed) return this.#define(id => patternOf(id, tile));
    const id = this.#id();
    this.#prints.set(id, tile);
    return id;
  }

  /** Draws a piece of cloth upon all that is there. */
  part(part: Part): void {
    const { shape, fabric = this.fabric, rim = 0.6, edge = 0.24 } = part;
    const cloth = this.#cloth(fabric);
    const { shades } = cloth;
    const d = shape.path();
    this.#measure(shape);
    if (part.cast !== undefined) this.#cast(d, part.cast, shades);
    this.#body.push(`<path d="${d}" fill="${part.ground ?? shades.base}"/>`);
    if (cloth.pattern !== undefined && part.ground === undefined)
      this.#weave(d, cloth.pattern, cloth.printed ? undefined : part.grain);
    const light = [...this.#round(d, part.round, shades), ...(part.folds ?? []).map(fold => this.#fold(fold, shades))];
    if (edge > 0) light.push(feathered(d, shades.shadow, 3.6, edge));
    if (light.length > 0) this.#clipped(d, light.join(''));
    if (rim > 0) {
      this.#body.push(
        `<path d="${d}" fill="none" stroke="${shades.rim}" stroke-width=".38" stroke-linejoin="round"${attribute('stroke-opacity', rim)}/>`,
      );
    }
  }

  #measure(shape: Curve): void {
    const box = shape.box();
    this.#box = this.#box === undefined ? box : unite(this.#box, box);
    if (this.#mirroring) this.#box = unite(this.#box, { ...box, left: -box.right, right: -box.left });
  }

  #clipped(d: string, content: string): void {
    const clip = this.#define(id => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
    this.#body.push(`<g clip-path="url(#${clip})">${content}</g>`);
  }

  #cast(d: string, cast: NonNullable<Part['cast']>, shades: Shades): void {
    const [x, y] = cast.by ?? [0, 0.9];
    const shadow = feathered(d, shades.deep, 2.9, cast.opacity * 0.6);
    this.#clipped(cast.on.path(), `<g transform="translate(${short(x)} ${short(y)})">${shadow}</g>`);
  }

  /** Radial gradients do what a blur would, for a tenth of its time. */
  #fold({ shape, tone, opacity }: Fold, shades: Shades): string {
    const { from, to, width, lean } = shape;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const turn = (Math.atan2(dy, dx) * 180) / Math.PI;
    const place = `translate(${short((from[0] + to[0]) / 2)} ${short((from[1] + to[1]) / 2)}) rotate(${short(turn)})`;
    return (
      `<ellipse${attribute('rx', Math.hypot(dx, dy) / 2 + 1)}${attribute('ry', width * 0.75 + FADE)} transform="${place}" ` +
      `fill="url(#${this.#softness(shades[tone], Math.sign(lean))})"${attribute('fill-opacity', opacity)}/>`
    );
  }

  #softness(colour: string, lean: number): string {
    const key = `${colour}${lean}`;
    const known = this.#soft.get(key);
    if (known !== undefined) return known;
    const stops = [
      [0, 1],
      [0.25, 0.8],
      [0.5, 0.42],
      [0.75, 0.13],
      [1, 0],
    ] as const;
    const id = this.#define(
      name =>
        `<radialGradient id="${name}" fy="${short(0.5 + lean * 0.3)}">${stops
          .map(([at, opacity]) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`)
          .join('')}</radialGradient>`,
    );
    this.#soft.set(key, id);
    return id;
  }

  #weave(d: string, pattern: string, grain: Grain | undefined): void {
    const turned =
      grain &&
      this.#define(
        id =>
          `<pattern id="${id}" href="#${pattern}" patternTransform="translate(${grain.at.map(short).join(' ')}) ` +
          `rotate(${short(grain.turn)})"/>`,
      );
    this.#body.push(`<path d="${d}" fill="url(#${turned ?? pattern})"/>`);
  }

  *#round(d: string, round: Part['round'], shades: Shades): Generator<string> {
    if (round === undefined) return;
    const [[x1, y1], [x2, y2], strength] = round;
    const stops: readonly (readonly [number, string, number])[] = [
      [0, shades.shadow, 0.5],
      [0.1, shades.shadow, 0.2],
      [0.22, shades.shadow, 0.02],
      [0.36, shades.light, 0.16],
      [0.56, shades.light, 0.03],
      [0.74, shades.shadow, 0.06],
      [0.9, shades.shadow, 0.26],
      [1, shades.shadow, 0.58],
    ];
    const id = this.#define(
      name =>
        `<linearGradient id="${name}" gradientUnits="userSpaceOnUse"${attribute('x1', x1)}${attribute('y1', y1)}` +
        `${attribute('x2', x2)}${attribute('y2', y2)}>${stops
          .map(
            ([at, colour, opacity]) =>
              `<stop offset="${at}" stop-color="${colour}"${attribute('stop-opacity', opacity * strength)}/>`,
          )
          .join('')}</linearGradient>`,
    );
    yield `<path d="${d}" fill="url(#${id})"/>`;
  }

  /** A seam, or an edge that lies upon the cloth. */
  seam(curve: Curve, { width = 0.34, opacity = 0.7, colour = this.shades.line } = {}): void {
    this.#body.push(
      `<path d="${curve.path(false)}" fill="none" stroke="${colour}"${attribute('stroke-width', width)}` +
        `${attribute('stroke-opacity', opacity)} stroke-linecap="round" stroke-linejoin="round"/>`,
    );
  }

  /** A row of stitches. */
  stitch(curve: Curve, { opacity = 0.6, colour = this.shades.line, width = 0.2 } = {}): void {
    this.#body.push(
      `<path d="${curve.path(false)}" fill="none" stroke="${colour}"${attribute('stroke-width', width)}` +
        `${attribute('stroke-opacity', opacity)} stroke-dasharray=".75 .45"/>`,
    );
  }

  /** Any mark that is no cloth: a button, a label. */
  mark(svg: string): void {
    this.#body.push(svg);
  }

  /** Draws once and shows it on both sides of the centre line, the mirror image first. */
  pair(draw: () => void): void {
    const before = this.#body;
    this.#body = [];
    this.#mirroring = true;
    draw();
    this.#mirroring = false;
    const content = this.#body.join('');
    const id = this.#id();
    this.#body = before;
    this.#body.push(`<g id="${id}">${content}</g><use href="#${id}" transform="scale(-1 1)"/>`);
  }

  /**
   * The whole picture.
   * @param scale px of the 512 px square for a centimetre.
   * @param size width and height of the picture, px.
   */
  svg(scale: number, size: number): string {
    const { left, right, top, bottom } = this.box;
    const x = SIDE / 2 - ((left + right) / 2) * scale;
    const middle = (top + bottom) / 2;
    const y = SIDE / 2 - middle * scale;
    // A print keeps its place in the picture, not on the garment: what is cut longer is cut from the same cloth.
    const prints = [...this.#prints].map(([id, tile]) =>
      patternOf(id, tile, ` patternTransform="translate(0 ${short(middle)})"`),
    );
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIDE} ${SIDE}" width="${size}" height="${size}">` +
      `<defs>${prints.join('')}${this.#defs.join('')}</defs>` +
      `<g transform="translate(${short(x)} ${short(y)}) scale(${short(scale)})">${this.#body.join('')}</g></svg>`
    );
  }
}
