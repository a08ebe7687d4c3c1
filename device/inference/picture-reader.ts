/**
 * Reads many pictures while others want the processor: in a process of its own that stands behind all of them. Within the
 * daemon libvips decodes on threads that nothing can put behind a drag, and making the tensor holds up the event loop.
 */

import { setBackground } from '../background.ts';
import { LookdialError } from '../errors.ts';
import { InTurn } from '../in-turn.ts';
import { HelperProcess } from './helper-process.ts';
import type { PictureJob, PictureRead } from './picture-job.ts';
import type { EncoderInput } from './pictures.ts';

type Reader = HelperProcess<PictureJob, PictureRead>;
type Answer = PictureRead | { readonly ended: string };

const MAIN = new URL('./picture-reader-main.ts', import.meta.url);
/** Longest time for one picture, milliseconds, of a process that may get little of the processor. */
const READ_MS = 60_000;
/** A process may end for something else than the picture, once. */
const TRIES = 2;

export class PictureReader {
  readonly #inTurn = new InTurn();
  readonly #readMs: number;
  #process: Reader | undefined;
  /** Who waits for an answer. */
  #asked: { readonly reader: Reader; readonly resolve: (answer: Answer) => void } | undefined;
  #closed = false;

  /** @param readMs longest time for one picture */
  constructor(readMs: number = READ_MS) {
    this.#readMs = readMs;
  }

  /** The process that reads; undefined before the first picture. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * As `readPicture`, one after another.
   * @throws LookdialError `picture-unreadable`, also where the picture ends the process, and another; `picture-too-large`
   */
  read(
    bytes: Uint8Array,
    input: EncoderInput,
    { maxPixels }: { maxPixels: number },
  ): Promise<Float32Array<ArrayBuffer>> {
    return this.#inTurn.do(async () => {
      let end = '';
      for (let tries = 0; tries < TRIES; tries += 1) {
        if (this.#closed) throw new Error('Pictures are not read any more.');
        const answer = await this.#ask({ bytes, input, maxPixels });
        if ('tensor' in answer) return answer.tensor;
        if ('refused' in answer) throw new LookdialError(answer.refused.code, answer.refused.message);
        if ('failure' in answer) throw new Error(answer.failure);
        end = answer.ended;
      }
      throw new LookdialError(
        'picture-unreadable',
        `It ends the program that decodes it (${end}). Save it anew, and send it.`,
      );
    });
  }

  /** What is being read is given up. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#process?.kill();
    await this.#process?.gone;
    await this.#inTurn.ended();
  }

  #started(): Reader {
    if (this.#process?.connected) return this.#process;
    const reader: Reader = new HelperProcess(MAIN, () => undefined);
    if (reader.pid !== undefined) void setBackground(reader.pid, true);
    this.#process = reader;
    // Said to whoever waits just then: a promise would keep every picture that was ever awaited beside it.
    void reader.gone.then(ended => this.#end(reader, ended));
    return reader;
  }

  #end(reader: Reader, ended: string): void {
    if (this.#asked?.reader === reader) this.#asked.resolve({ ended });
  }

  async #ask(job: PictureJob): Promise<Answer> {
    const reader = this.#started();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#asked = { reader, resolve };
    reader.onMessage(resolve);
    const late = setTimeout(() => reader.kill(), this.#readMs);
    try {
      reader.send(job);
      return await promise;
    } finally {
      clearTimeout(late);
      this.#asked = undefined;
      reader.onMessage(() => undefined);
    }
  }
}
