import type { Sheet } from './map-answer.ts';
import { type Camera, type Spot, toScreen, toSheet } from './map-camera.ts';
import type { Crowd } from './map-crowd.ts';
import type { Land, Rings } from './map-land.ts';
import {
  type Box,
  COUNT_FONT,
  chooseGarments,
  type Drawn,
  FONT,
  LINE,
  layLabels,
  type Shown,
  type View,
} from './map-lay.ts';
import { linesOf } from './map-names.ts';
import type { MapPicture } from './map-pictures.ts';

/** Everything that is to be seen on the map. */
export interface Scene {
  readonly sheet: Sheet;
  readonly crowd: Crowd;
  readonly paths: Paths;
  /** What each place is called; an empty name is not written. */
  readonly names: readonly string[];
  /** The ground's colour of each place, CSS. */
  readonly tints: readonly string[];
  readonly picture: (sku: string) => MapPicture | undefined;
  /** What of the view lies under buttons; undefined for nothing. */
  readonly covered: Box | undefined;
  /** How much closer than the whole sheet it is looked at. */
  readonly closeness: number;
  /** Where what is dialled lies. */
  readonly here: Spot | undefined;
  readonly accent: string;
  /** The place that a keyboard stands on; -1 for none. */
  readonly focus: number;
  /** Of the names' writing. */
  readonly direction: CanvasDirection;
}

interface Paths {
  readonly coast: Path2D;
  readonly waters: readonly Path2D[];
  readonly regions: readonly Path2D[];
}

/** Pixels between two stitches, and half of one's. */
const STITCHES = 9;
const STITCH = 3.2;

const INK = '#1c1a17';
const INK_SOFT = '#5c554b';
const PAPER = '#faf7f2';
const LAND = '#fffdf9';

/** Rounded from the middle of each side to the middle of the next: a pen turns no corners. */
function pathOf(rings: Rings): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    // The last point is the first again.
    const points = ring.length / 2 - 1;
    const [x, y] = [(at: number) => ring[2 * (at % points)]!, (at: number) => ring[2 * (at % points) + 1]!];
    path.moveTo((x(0) + x(1)) / 2, (y(0) + y(1)) / 2);
    for (let at = 1; at <= points; at++) {
      path.quadraticCurveTo(x(at), y(at), (x(at) + x(at + 1)) / 2, (y(at) + y(at + 1)) / 2);
    }
    path.closePath();
  }
  return path;
}

/** The land as the canvas takes it; made once a map. */
export const pathsOf = ({ coast, waters, regions }: Land): Paths => ({
  coast: pathOf(coast),
  waters: waters.map(pathOf),
  regions: regions.map(pathOf),
});

/** Draws the map. @param ratio device pixels a CSS pixel */
export function drawMap(
  context: CanvasRenderingContext2D,
  view: View,
  camera: Camera,
  scene: Scene,
  ratio: number,
): Drawn {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  drawLand(context, view, camera, scene, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const labels = layLabels(context, view, camera, scene);
  const shown = chooseGarments(view, camera, scene, labels);
  drawStitches(context, view, camera, scene, new Set(shown.map(({ garment }) => garment)));
  const pictures = drawPictures(context, scene, shown);
  drawLabels(context, labels, scene);
  if (scene.here !== undefined) drawPin(context, toScreen(camera, view, scene.here), scene.accent);
  return { labels, pictures, wanted: shown.map(({ garment }) => scene.sheet.skus[garment]!) };
}

function drawLand(context: CanvasRenderingContext2D, view: View, camera: Camera, scene: Scene, ratio: number): void {
  const { coast, waters, regions } = scene.paths;
  const { scale } = camera;
  const [x, y] = [view.width / 2 - camera.x * scale, view.height / 2 - camera.y * scale];
  context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
  context.lineJoin = 'round';
  context.strokeStyle = INK_SOFT;
  waters.forEach((water, line) => {
    context.globalAlpha = [0.4, 0.24, 0.13][line] ?? 0.1;
    context.lineWidth = 1.1 / scale;
    context.stroke(water);
  });
  context.globalAlpha = 1;
  context.fillStyle = LAND;
  context.fill(coast);
  context.save();
  context.clip(coast);
  regions.forEach((region, place) => {
    const tint = scene.tints[place];
    if (tint === undefined) return;
    context.fillStyle = tint;
    context.strokeStyle = tint;
    context.globalAlpha = 0.3;
    context.fill(region);
    // Where a wash has dried its edge is darker.
    for (const [width, alpha] of [
      [16, 0.1],
      [7, 0.12],
      [2.2, 0.3],
    ] as const) {
      context.globalAlpha = alpha;
      context.lineWidth = width / scale;
      context.stroke(region);
    }
  });
  context.restore();
  context.globalAlpha = 0.85;
  context.strokeStyle = INK;
  context.lineWidth = 1.7 / scale;
  context.stroke(coast);
  context.globalAlpha = 1;
}

function drawLabels(context: CanvasRenderingContext2D, labels: Drawn['labels'], scene: Scene): void {
  context.direction = scene.direction;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.lineJoin = 'round';
  for (const { left, right, top, bottom, place } of labels) {
    const middle = (left + right) / 2;
    const write = (words: string, font: string, ink: string, y: number): void => {
      context.font = font;
      context.lineWidth = 7;
      context.strokeStyle = PAPER;
      context.globalAlpha = 0.86;
      context.strokeText(words, middle, y);
      context.globalAlpha = 1;
      context.fillStyle = ink;
      context.fillText(words, middle, y);
    };
    for (const [at, line] of linesOf(scene.names[place]!).entries()) write(line, FONT, INK, top + 28 + at * LINE);
    write(String(scene.sheet.places[place]!.garments), COUNT_FONT, INK_SOFT, bottom - 10);
    if (place !== scene.focus) continue;
    context.strokeStyle = scene.accent;
    context.lineWidth = 3;
    context.strokeRect(left - 4, top - 6, right - left + 8, bottom - top + 10);
  }
}

function drawStitches(
  context: CanvasRenderingContext2D,
  view: View,
  camera: Camera,
  { sheet, crowd }: Scene,
  pictured: ReadonlySet<number>,
): void {
  const corner = toSheet(camera, view, { x: 0, y: 0 });
  const other = toSheet(camera, view, { x: view.width, y: view.height });
  const kinds = [new Path2D(), new Path2D()] as const;
  crowd.within(corner.x, corner.y, other.x, other.y, STITCHES / camera.scale, garment => {
    if (pictured.has(garment)) return;
    const { x, y } = toScreen(camera, view, { x: sheet.xy[2 * garment]!, y: sheet.xy[2 * garment + 1]! });
    // No two stitches of a hand lean alike.
    const lean = ((garment * 37) % 100) / 100 - 0.5;
    const [dx, dy] = [STITCH * (0.8 + 0.3 * lean), STITCH * (0.75 + lean)];
    const path = kinds[sheet.passes[garment] === 1 ? 0 : 1];
    path.moveTo(x - dx, y + dy);
    path.lineTo(x + dx, y - dy);
  });
  context.lineCap = 'round';
  context.lineWidth = 1.7;
  context.strokeStyle = INK_SOFT;
  [0.62, 0.16].forEach((alpha, kind) => {
    context.globalAlpha = alpha;
    context.stroke(kinds[kind]!);
  });
  context.globalAlpha = 1;
}

function drawPictures(context: CanvasRenderingContext2D, { sheet, picture }: Scene, shown: readonly Shown[]): Shown[] {
  const drawn = shown.filter(({ garment }) => picture(sheet.skus[garment]!) !== undefined);
  // What lies lower lies in front.
  drawn.sort((a, b) => a.box.bottom - b.box.bottom);
  for (const { garment, box } of drawn) {
    const { image, opaque } = picture(sheet.skus[garment]!)!;
    context.globalCompositeOperation = opaque ? 'multiply' : 'source-over';
    const side = box.right - box.left;
    const [width, height] = fitted(image.naturalWidth, image.naturalHeight, side);
    context.drawImage(image, (box.left + box.right - width) / 2, (box.top + box.bottom - height) / 2, width, height);
  }
  context.globalCompositeOperation = 'source-over';
  return drawn;
}

function fitted(width: number, height: number, side: number): [number, number] {
  const scale = side / Math.max(width, height, 1);
  return [width * scale, height * scale];
}

/** A dressmaker's pin, its head in the garment's colour. */
function drawPin(context: CanvasRenderingContext2D, { x, y }: Spot, accent: string): void {
  context.lineCap = 'round';
  context.strokeStyle = 'rgb(74 52 30 / 28%)';
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 22, y - 14);
  context.stroke();
  context.strokeStyle = INK;
  context.lineWidth = 2.4;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + 14, y - 44);
  context.stroke();
  context.beginPath();
  context.arc(x + 16, y - 52, 13, 0, 2 * Math.PI);
  context.fillStyle = accent;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = LAND;
  context.stroke();
  context.beginPath();
  context.arc(x + 12, y - 56, 3.4, 0, 2 * Math.PI);
  context.fillStyle = 'rgb(255 255 255 / 75%)';
  context.fill();
}
