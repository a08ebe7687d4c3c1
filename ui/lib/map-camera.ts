import { SHEET } from './map-answer.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What of the sheet is in sight: the sheet's point in the middle of the view, and pixels a unit of the sheet. */
export interface Camera extends Spot {
  readonly scale: number;
}

/** Pixels that the sheet may be scaled to over what fits it into the view. */
const CLOSEST = 28;

/** How much longer than wide the sheet may be drawn, or the other way round: its two directions have no scale of their own. */
const MOST_DRAWN_OUT = 1.4;

/** The sheet's sides as it is drawn: drawn out the way the view is long. */
export function paperFor({ width, height }: Size): Size {
  const across = Math.min(MOST_DRAWN_OUT, Math.max(1 / MOST_DRAWN_OUT, width / Math.max(1, height)));
  return { width: SHEET * Math.max(1, across), height: SHEET * Math.max(1, 1 / across) };
}

/** The whole sheet in the view. */
export function whole(size: Size): Camera {
  const paper = paperFor(size);
  const scale = Math.min(size.width / paper.width, size.height / paper.height);
  return { x: paper.width / 2, y: paper.height / 2, scale };
}

/** The camera that comes nearest to this one and neither loses the sheet nor goes closer than there is anything to see. */
export function bounded(camera: Camera, size: Size): Camera {
  const least = whole(size).scale;
  const scale = Math.min(CLOSEST * least, Math.max(least, camera.scale));
  const half = { x: size.width / 2 / scale, y: size.height / 2 / scale };
  const paper = paperFor(size);
  const within = (value: number, reach: number, side: number): number =>
    2 * reach >= side ? side / 2 : Math.min(side - reach, Math.max(reach, value));
  return { x: within(camera.x, half.x, paper.width), y: within(camera.y, half.y, paper.height), scale };
}

export const toScreen = (camera: Camera, size: Size, { x, y }: Spot): Spot => ({
  x: (x - camera.x) * camera.scale + size.width / 2,
  y: (y - camera.y) * camera.scale + size.height / 2,
});

export const toSheet = (camera: Camera, size: Size, { x, y }: Spot): Spot => ({
  x: (x - size.width / 2) / camera.scale + camera.x,
  y: (y - size.height / 2) / camera.scale + camera.y,
});

/** So many times as close, with the point of the view under the finger staying under it. */
export function zoomed(camera: Camera, size: Size, factor: number, finger: Spot): Camera {
  const held = toSheet(camera, size, finger);
  const { scale } = bounded({ ...camera, scale: camera.scale * factor }, size);
  return bounded(
    {
      x: held.x - (finger.x - size.width / 2) / scale,
      y: held.y - (finger.y - size.height / 2) / scale,
      scale,
    },
    size,
  );
}

/** Moved with a finger. @param by pixels */
export const panned = (camera: Camera, size: Size, by: Spot): Camera =>
  bounded({ ...camera, x: camera.x - by.x / camera.scale, y: camera.y - by.y / camera.scale }, size);

/** Between two cameras: as close as needed on the way in equal steps. @param part 0 to 1 */
export const between = (from: Camera, to: Camera, part: number): Camera => ({
  x: from.x + (to.x - from.x) * part,
  y: from.y + (to.y - from.y) * part,
  scale: from.scale * (to.scale / from.scale) ** part,
});

/** The place to go to with an arrow key: the nearest that lies rather in its direction than beside it; -1 where there is none. */
export function towards(places: readonly Spot[], from: number, key: string): number {
  const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const start = places[from];
  if (along === undefined || start === undefined) return -1;
  let best = { place: -1, far: Number.POSITIVE_INFINITY };
  places.forEach(({ x, y }, place) => {
    const ahead = (x - start.x) * along[0]! + (y - start.y) * along[1]!;
    const aside = Math.abs((x - start.x) * along[1]!) + Math.abs((y - start.y) * along[0]!);
    if (place === from || ahead <= 0 || aside > 2 * ahead) return;
    const far = ahead + 2 * aside;
    if (far < best.far) best = { place, far };
  });
  return best.place;
}
