/** When a store's index is built anew: some time after a change, at once where it is asked for, later again where it could not be. */
import { sentenceOf } from '../errors.ts';

export interface CompactionOptions {
  /** Builds it, and serves it. */
  readonly build: () => Promise<void>;
  /** How long after a change, milliseconds; a minute unless given. */
  readonly afterMs: number | undefined;
  /** Aborted once the store is being closed. */
  readonly closing: AbortSignal;
  readonly log: { warn(text: string): void };
}

const AFTER_MS = 60_000;
/** What could not be built is tried again after so many times the usual wait. */
const PATIENCE = 10;

export class Compaction {
  readonly #options: CompactionOptions;
  readonly #afterMs: number;
  #underWay: Promise<void> | undefined;
  #later: NodeJS.Timeout | undefined;

  constructor(options: CompactionOptions) {
    this.#options = options;
    this.#afterMs = options.afterMs ?? AFTER_MS;
  }

  get isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** Builds it now, or ends with the one under way. @throws what `build` throws */
  now(): Promise<void> {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#underWay ??= this.#options.build().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Something has changed. @param wait milliseconds; 0: it is urgent, and does not wait for one that is due later */
  soon(wait = this.#afterMs): void {
    const { closing, log } = this.#options;
    if (closing.aborted) return;
    if (wait === 0) clearTimeout(this.#later);
    else if (this.#later !== undefined) return;
    const build = (): void => {
      this.now().catch(error => {
        if (closing.aborted) return;
        log.warn(`The index could not be built anew, and is tried again later: ${sentenceOf(error)}`);
        this.soon(PATIENCE * this.#afterMs);
      });
    };
    this.#later = setTimeout(build, wait).unref();
  }

  /** Lets the one under way end, well or ill. */
  async close(): Promise<void> {
    clearTimeout(this.#later);
    await this.#underWay?.catch(() => undefined);
  }
}
