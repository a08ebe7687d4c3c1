/** What goes where on the map: the names of the places, and as many pictures as have room. */
import { type Camera, type Spot, toScreen, toSheet } from './map-camera.ts';
import type { Scene } from './map-ink.ts';
import { linesOf } from './map-names.ts';

export interface View {
  readonly width: number;
  readonly height: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What was drawn where, for a finger to find: pixels. */
export interface Drawn {
  readonly labels: readonly (Box & { readonly place: number })[];
  /** Garments shown as pictures, the one on top last. */
  readonly pictures: readonly { readonly garment: number; readonly box: Box }[];
  /** SKUs of all pictures that are in sight, whether or not they are there yet; the most telling first. */
  readonly wanted: readonly string[];
}

/** Pixels of a garment's picture, and of one that stands for a place. */
const PICTURE = 74;
const STANDING = 112;
/** How much larger they grow, close by. */
const LARGEST = 1.7;

export const FONT = `italic 470 31px 'Fraunces Variable', Georgia, serif`;
export const COUNT_FONT = `500 18px 'Instrument Sans Variable', system-ui, sans-serif`;
/** Pixels between a name and the edge. */
const EDGE = 12;
export const LINE = 36;

/** Where the names go: of two that would lie on each other, the smaller place has none. */
export function layLabels(
  context: CanvasRenderingContext2D,
  view: View,
  camera: Camera,
  scene: Scene,
): Drawn['labels'] {
  const labels: (Box & { place: number })[] = [];
  context.font = FONT;
  const order = [...scene.sheet.places.keys()].sort((a, b) => Number(b === scene.focus) - Number(a === scene.focus));
  for (const place of order) {
    const { x, y, garments } = scene.sheet.places[place]!;
    const name = scene.names[place] ?? '';
    if (garments === 0 || name === '') continue;
    const lines = linesOf(name);
    const width = Math.max(...lines.map(line => context.measureText(line).width)) + 20;
    const height = lines.length * LINE + 30;
    const at = toScreen(camera, view, { x, y });
    if (at.x < 0 || at.x > view.width || at.y < 0 || at.y > view.height) continue;
    const left = Math.min(view.width - width - EDGE, Math.max(EDGE, at.x - width / 2));
    const top = Math.min(view.height - height - EDGE, Math.max(EDGE, at.y - height / 2));
    const box = beside({ left, right: left + width, top, bottom: top + height }, scene.covered, view);
    if (!labels.some(other => meets(box, other, 6))) labels.push({ ...box, place });
  }
  return labels;
}

/** The box where it is, or moved to the side of what covers it. */
function beside(box: Box, covered: Box | undefined, view: View): Box {
  if (covered === undefined || !meets(box, covered, 0)) return box;
  const by =
    covered.left + covered.right > view.width ? covered.left - EDGE - box.right : covered.right + EDGE - box.left;
  return { ...box, left: box.left + by, right: box.right + by };
}

const meets = (one: Box, other: Box, gap: number): boolean =>
  one.left - gap < other.right &&
  other.left - gap < one.right &&
  one.top - gap < other.bottom &&
  other.top - gap < one.bottom;

export interface Shown {
  readonly garment: number;
  readonly box: Box;
}

/** The garments that are shown as pictures: as many as have room, the ones that stand for a place among them. */
export function chooseGarments(
  view: View,
  camera: Camera,
  { sheet, crowd, closeness }: Scene,
  labels: Drawn['labels'],
): Shown[] {
  const standing = new Set(sheet.places.flatMap(({ sku }) => sku ?? []));
  const grown = Math.min(LARGEST, closeness ** 0.25);
  const picture = PICTURE * grown;
  const shown: Shown[] = [];
  const taken: Box[] = [...labels];
  const corner = toSheet(camera, view, { x: -picture / 2, y: -picture / 2 });
  const other = toSheet(camera, view, { x: view.width + picture / 2, y: view.height + picture / 2 });
  const found: number[] = [];
  crowd.within(corner.x, corner.y, other.x, other.y, picture / camera.scale, garment => {
    if (sheet.passes[garment] === 1) found.push(garment);
  });
  found.sort((a, b) => crowd.room[b]! - crowd.room[a]! || a - b);
  for (const garment of found) {
    const { x, y } = toScreen(camera, view, { x: sheet.xy[2 * garment]!, y: sheet.xy[2 * garment + 1]! });
    const half = (standing.has(sheet.skus[garment]!) ? STANDING * grown : picture) / 2;
    const box = { left: x - half, right: x + half, top: y - half, bottom: y + half };
    // What lies on a name or on what stands there already is stitched, until one looks closer.
    if (taken.some(one => meets(box, one, -14))) continue;
    taken.push(box);
    shown.push({ garment, box });
  }
  return shown;
}

/** What a finger finds: the name, and the picture on top. */
export function drawnAt(
  { labels, pictures }: Drawn,
  { x, y }: Spot,
): { readonly label: Drawn['labels'][number] | undefined; readonly picture: Shown | undefined } {
  const holds = (box: Box): boolean => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  return { label: labels.find(holds), picture: pictures.findLast(({ box }) => holds(box)) };
}
