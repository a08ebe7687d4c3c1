/** The cut-out's thread: finds the garment in one photograph after another, behind everything else that wants the processor. */
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { CutAnswer, CutQuestion } from './cutouts.ts';
import { frame } from './framing.ts';
import { findGarment, Scope } from './mask.ts';
import { loadOpenCv, type OpenCv } from './opencv.ts';
import { isGarment } from './quality.ts';

if (parentPort === null) throw new Error('cutout-worker.ts is started by CutOuts, not by itself.');
const port = parentPort;
// On Linux this is the thread's own: a drag is answered first.
setPriority(constants.priority.PRIORITY_LOW);

/** Longer side that the garment is looked for at, pixels: time grows with its square, and this takes about a second. */
const WORKING = 300;
/** Softness of the outline, in pixels of the working size. As in training. */
const SOFT = 0.8;

/** The mask at the photograph's own size, its outline soft. */
function alphaOf(
  cv: OpenCv,
  scope: Scope,
  mask: ReturnType<typeof findGarment>['mask'],
  size: [number, number],
): Uint8Array {
  const [width, height] = size;
  const alpha = scope.keep(new cv.Mat());
  cv.resize(mask, alpha, new cv.Size(width, height), 0, 0, cv.INTER_LINEAR);
  const sigma = (SOFT * Math.max(width, height)) / Math.max(mask.cols, mask.rows);
  cv.GaussianBlur(alpha, alpha, new cv.Size(0, 0), sigma);
  return Uint8Array.from(alpha.data);
}

function cut(cv: OpenCv, { rgb, width, height }: CutQuestion): CutAnswer {
  const scope = new Scope();
  try {
    const picture = scope.keep(cv.matFromArray(height, width, cv.CV_8UC3, rgb as unknown as number[]));
    const scale = Math.min(1, WORKING / Math.max(width, height));
    const small = scope.keep(new cv.Mat());
    const size = new cv.Size(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    cv.resize(picture, small, size, 0, 0, cv.INTER_AREA);
    const { mask, method, measures } = findGarment(cv, scope, small);
    if (!isGarment(measures)) return { found: false, measures };
    const framed = frame({ width, height, rgb, alpha: alphaOf(cv, scope, mask, [width, height]) }, method);
    return framed === undefined ? { found: false, measures } : { found: true, measures, method, ...framed };
  } finally {
    scope.end();
  }
}

const opened = loadOpenCv();
port.on('message', async (question: CutQuestion) => {
  try {
    port.postMessage(cut(await opened, question));
  } catch (error) {
    port.postMessage({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
