/**
 * From a photograph to the picture that is kept of a garment: as the model's training had its garments. A picture that has
 * transparency is one already; on a plain light ground it is centred; from any other ground it is cut out, in a thread.
 */
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { LookdialError } from '../errors.ts';
import { InTurn } from '../in-turn.ts';
import { formatOf, type Upright, withUpright } from '../inference/pictures.ts';
import type { Method } from './mask.ts';
import { type Doubt, doubtsOf, isGarment, type Measures } from './quality.ts';

export interface CutQuestion {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export type CutAnswer =
  | { readonly found: false; readonly measures: Measures }
  | {
      readonly found: true;
      readonly measures: Measures;
      readonly method: Method;
      readonly size: number;
      readonly rgba: Uint8Array;
    };

export interface CutOut {
  /** The picture to keep. */
  readonly bytes: Buffer;
  /** `image/jpeg`, `image/png` or `image/webp`. */
  readonly type: string;
  readonly method: 'transparent' | Method;
  readonly measures: Measures;
  /** What a person should look at; none where it came out well. */
  readonly doubts: readonly Doubt[];
}

export interface CutOutOptions {
  /** Largest photograph taken, pixels. */
  readonly maxPixels: number;
  /** Longest time that one takes, the thread's start with it, milliseconds. */
  readonly timeoutMs?: number;
  /** How long the thread is kept with nothing to do, milliseconds. */
  readonly idleMs?: number;
}

const TIMEOUT_MS = 180_000;
const IDLE_MS = 120_000;
/** Longer side that a photograph is brought down to, pixels: what is kept of it has no more. */
const LARGEST = 1000;
/** Share of transparent pixels from which on a picture is a cut-out already. */
const LEAST_TRANSPARENT = 0.01;
const QUALITY = 90;
/** What the thread's own JavaScript may take, megabytes; OpenCV's memory is bounded by the size it works at. */
const LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 } as const;

const nothingFound = ({ area }: Measures): LookdialError =>
  new LookdialError(
    'no-garment-found',
    `${area < 0.5 ? 'Nothing stands out from the ground' : 'The ground cannot be told from the garment'}: ` +
      'take it again, the whole garment on a ground of another colour.',
  );

interface Opened {
  readonly transparent: boolean;
  readonly alpha: Uint8Array;
  readonly question: CutQuestion;
}

/** A photograph as the thread takes it. */
async function open({ picture, hasAlpha }: Upright): Promise<Opened> {
  const small = picture.resize(LARGEST, LARGEST, { fit: 'inside', withoutEnlargement: true });
  const { data, info } = await small.ensureAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const [rgb, alpha] = [new Uint8Array(3 * width * height), new Uint8Array(width * height)];
  let clear = 0;
  for (let p = 0; p < alpha.length; p += 1) {
    for (let c = 0; c < 3; c += 1) rgb[3 * p + c] = data[4 * p + c]!;
    alpha[p] = data[4 * p + 3]!;
    if (alpha[p]! < 128) clear += 1;
  }
  return { transparent: hasAlpha && clear > LEAST_TRANSPARENT * alpha.length, alpha, question: { rgb, width, height } };
}

/** What there is to say of a picture that is a cut-out already. */
function measure(alpha: Uint8Array, { width, height }: CutQuestion): Measures {
  const solid = (x: number, y: number): number => (alpha[y * width + x]! >= 128 ? 1 : 0);
  let [area, edge] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      area += solid(x, y);
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) edge += solid(x, y);
    }
  }
  return { area: area / alpha.length, edge: edge / (2 * (width + height) - 4), parts: 1, contrast: 100 };
}

export class CutOuts {
  readonly #options: CutOutOptions;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #asked = new InTurn();

  constructor(options: CutOutOptions) {
    this.#options = options;
  }

  /**
   * One photograph at a time; whoever asks bounds how many wait.
   * @throws LookdialError `picture-unreadable`, `picture-too-large`, `no-garment-found`; `busy` where it takes too long; the
   * signal's reason
   */
  async cut(bytes: Uint8Array, signal?: AbortSignal): Promise<CutOut> {
    const opened = await withUpright(bytes, this.#options.maxPixels, open);
    if (opened.transparent) {
      const measures = measure(opened.alpha, opened.question);
      if (!isGarment(measures)) throw nothingFound(measures);
      // Its sides may be the garment's own: then it touches them, and nothing is missing.
      const doubts = doubtsOf({ ...measures, edge: 0 }).filter(doubt => doubt !== 'large');
      return { bytes: Buffer.from(bytes), type: `image/${formatOf(bytes)}`, method: 'transparent', measures, doubts };
    }
    const answer = await this.#asked.do(() => this.#ask(opened.question, signal));
    const { measures } = answer;
    if (!answer.found) throw nothingFound(measures);
    const { size, rgba, method } = answer;
    const raw = sharp(rgba, { raw: { width: size, height: size, channels: 4 } });
    const picture = method === 'plain' ? raw.removeAlpha() : raw;
    const kept = await picture.webp({ quality: QUALITY, alphaQuality: 100, smartSubsample: true }).toBuffer();
    return { bytes: kept, type: 'image/webp', method, measures, doubts: doubtsOf(measures) };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #ask(question: CutQuestion, signal: AbortSignal | undefined): Promise<CutAnswer> {
    // Once it has begun it goes to its end: it could not be stopped but with the thread, which takes longer to start.
    signal?.throwIfAborted();
    clearTimeout(this.#idle);
    const worker = this.#start();
    const { timeoutMs = TIMEOUT_MS, idleMs = IDLE_MS } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<CutAnswer | { readonly failure: string }>();
    const gone = (cause: unknown): void =>
      reject(new LookdialError('internal', 'The thread that cuts out pictures ended before it answered.', { cause }));
    const late = (): void =>
      reject(new LookdialError('busy', `The cut-out was not ready within ${timeoutMs / 1000} s. Send it again.`));
    const limit = setTimeout(late, timeoutMs);
    worker.once('message', resolve).once('error', gone).once('exit', gone);
    worker.ref();
    try {
      worker.postMessage(question);
      const answer = await promise;
      if ('failure' in answer) throw new LookdialError('internal', `The cut-out failed: ${answer.failure}`);
      worker.unref();
      this.#idle = setTimeout(() => void this.close(), idleMs).unref();
      return answer;
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      clearTimeout(limit);
      worker.off('message', resolve).off('error', gone).off('exit', gone);
    }
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./cutout-worker.ts', import.meta.url), { resourceLimits: LIMITS });
    // Asked or not: the next photograph starts another.
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    this.#worker = worker;
    return worker;
  }
}
