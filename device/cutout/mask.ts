/** Finds the garment in a picture: on a plain light ground by its brightness, elsewhere by GrabCut (Rother et al., 2004). */
import type { Mat } from '@techstark/opencv-js';
import type { OpenCv } from './opencv.ts';
import type { Measures } from './quality.ts';

/** How the ground was told from the garment. */
export type Method = 'plain' | 'grabcut';

/** A pixel whose darkest channel is at least this bright is ground of a plain picture. As in training. */
const WHITE = 246;
/** Share of a picture's outline that is white where its ground is plain. */
const PLAIN = 0.98;
/** Share of the longer side, along each edge, that GrabCut takes for ground. */
const MARGIN = 0.03;
const ITERATIONS = 4;
/** A part smaller than this share of the largest one is dirt; a hole up to this share is a print. As in training. */
const SMALLEST_PART = 0.06;
const LARGEST_HOLE = 0.04;
/** Numbers that OpenCV has of a component: left, top, width, height, area. */
const STATS = 5;
/** Pixels to each side of the outline that its contrast is taken over. */
const RING = 5;

/** Frees what OpenCV holds outside of JavaScript's memory, however the work ends. */
export class Scope {
  readonly #held: { delete(): void }[] = [];

  keep<T extends { delete(): void }>(one: T): T {
    this.#held.push(one);
    return one;
  }

  end(): void {
    for (const one of this.#held.splice(0)) one.delete();
  }
}

/** Whether a picture [H, W, 3] has a ground as training had it. */
export function methodFor({ rows, cols, data }: Pick<Mat, 'rows' | 'cols' | 'data'>): Method {
  let [white, all] = [0, 0];
  for (let y = 0; y < rows; y += 1) {
    const step = y === 0 || y === rows - 1 ? 1 : cols - 1;
    for (let x = 0; x < cols; x += step) {
      const at = 3 * (y * cols + x);
      all += 1;
      if (Math.min(data[at]!, data[at + 1]!, data[at + 2]!) >= WHITE) white += 1;
    }
  }
  return white >= PLAIN * all ? 'plain' : 'grabcut';
}

const marginOf = ({ rows, cols }: Mat, method: Method): number =>
  method === 'plain' ? 0 : Math.max(1, Math.round(MARGIN * Math.max(rows, cols)));

/** 255 where there is garment, 0 elsewhere. */
function separate(cv: OpenCv, scope: Scope, picture: Mat, method: Method): Mat {
  const { rows, cols } = picture;
  const mask = scope.keep(new cv.Mat(rows, cols, cv.CV_8UC1, new cv.Scalar(cv.GC_BGD, 0, 0, 0)));
  const found = mask.data;
  if (method === 'plain') {
    const { data } = picture;
    for (let p = 0; p < found.length; p += 1) {
      found[p] = Math.min(data[3 * p]!, data[3 * p + 1]!, data[3 * p + 2]!) < WHITE ? 255 : 0;
    }
    return mask;
  }
  const margin = marginOf(picture, method);
  for (let y = margin; y < rows - margin; y += 1) found.fill(cv.GC_PR_FGD, y * cols + margin, (y + 1) * cols - margin);
  const [ground, garment] = [scope.keep(new cv.Mat()), scope.keep(new cv.Mat())];
  cv.grabCut(picture, mask, new cv.Rect(0, 0, 1, 1), ground, garment, ITERATIONS, cv.GC_INIT_WITH_MASK);
  const decided = mask.data;
  for (let p = 0; p < decided.length; p += 1) {
    decided[p] = decided[p] === cv.GC_FGD || decided[p] === cv.GC_PR_FGD ? 255 : 0;
  }
  return mask;
}

interface Component {
  readonly label: number;
  readonly area: number;
  readonly meetsBorder: boolean;
}

function components(cv: OpenCv, scope: Scope, mask: Mat, connectivity: 4 | 8): { labels: Mat; found: Component[] } {
  const [labels, stats, centres] = [scope.keep(new cv.Mat()), scope.keep(new cv.Mat()), scope.keep(new cv.Mat())];
  const count = cv.connectedComponentsWithStats(mask, labels, stats, centres, connectivity, cv.CV_32S);
  const found = Array.from({ length: Math.max(0, count - 1) }, (_, place) => {
    const row = STATS * (place + 1);
    const [left = 0, top = 0, width = 0, height = 0, area = 0] = stats.data32S.subarray(row, row + STATS);
    const meetsBorder = left === 0 || top === 0 || left + width === mask.cols || top + height === mask.rows;
    return { label: place + 1, area, meetsBorder };
  });
  return { labels, found };
}

/** Specks and hairs go, cracks close, dirt goes, prints of the ground's colour are filled. @returns how many parts are left */
function clean(cv: OpenCv, scope: Scope, mask: Mat): number {
  const brush = (size: number): Mat => scope.keep(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(size, size)));
  cv.morphologyEx(mask, mask, cv.MORPH_OPEN, brush(3));
  cv.morphologyEx(mask, mask, cv.MORPH_CLOSE, brush(5));
  const { labels, found } = components(cv, scope, mask, 8);
  const largest = Math.max(0, ...found.map(({ area }) => area));
  const parts = new Set(found.filter(({ area }) => area > SMALLEST_PART * largest).map(({ label }) => label));
  for (let p = 0; p < mask.data.length; p += 1) mask.data[p] = parts.has(labels.data32S[p]!) ? 255 : 0;
  const ground = scope.keep(new cv.Mat());
  cv.bitwise_not(mask, ground);
  const outside = components(cv, scope, ground, 4);
  const holes = new Set(
    outside.found.filter(one => !one.meetsBorder && one.area < LARGEST_HOLE * largest).map(({ label }) => label),
  );
  for (let p = 0; p < mask.data.length; p += 1) if (holes.has(outside.labels.data32S[p]!)) mask.data[p] = 255;
  return parts.size;
}

/** Share of the outermost pixels that could be garment which are. */
function edgeOf({ rows, cols, data }: Mat, margin: number): number {
  let [met, all] = [0, 0];
  for (let y = margin; y < rows - margin; y += 1) {
    const whole = y === margin || y === rows - margin - 1;
    for (let x = margin; x < cols - margin; x += whole ? 1 : Math.max(1, cols - 2 * margin - 1)) {
      all += 1;
      if (data[y * cols + x] === 255) met += 1;
    }
  }
  return met / all;
}

/** CIE Lab distance of the mean colours to both sides of the outline. */
function contrastOf(cv: OpenCv, scope: Scope, picture: Mat, mask: Mat): number {
  const lab = scope.keep(new cv.Mat());
  cv.cvtColor(picture, lab, cv.COLOR_RGB2Lab);
  const brush = scope.keep(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(2 * RING + 1, 2 * RING + 1)));
  const [inner, outer] = [scope.keep(new cv.Mat()), scope.keep(new cv.Mat())];
  cv.erode(mask, inner, brush);
  cv.subtract(mask, inner, inner);
  cv.dilate(mask, outer, brush);
  cv.subtract(outer, mask, outer);
  const [garment, ground] = [cv.mean(lab, inner), cv.mean(lab, outer)];
  // Eight-bit Lab has L stretched to 255.
  return Math.hypot(((garment[0]! - ground[0]!) * 100) / 255, garment[1]! - ground[1]!, garment[2]! - ground[2]!);
}

export interface FoundMask {
  /** 255 where there is garment: as large as the picture. It is the scope's. */
  readonly mask: Mat;
  readonly method: Method;
  readonly measures: Measures;
}

/** @param picture [H, W, 3] bytes, a few hundred pixels across */
export function findGarment(cv: OpenCv, scope: Scope, picture: Mat): FoundMask {
  const method = methodFor(picture);
  const mask = separate(cv, scope, picture, method);
  const parts = clean(cv, scope, mask);
  const area = cv.countNonZero(mask) / (mask.rows * mask.cols);
  const edge = edgeOf(mask, marginOf(picture, method));
  return { mask, method, measures: { area, edge, parts, contrast: contrastOf(cv, scope, picture, mask) } };
}
