/** Cut-outs that were shown and may yet be taken: in memory alone, for a while, and no more than so many bytes. */
import { randomBytes } from 'node:crypto';
import { LookdialError } from '../errors.ts';
import type { CutOut } from './cutouts.ts';

export interface Preview extends CutOut {
  /** Whoever has it may see the cut-out: it cannot be guessed. */
  readonly id: string;
  readonly expires: Date;
}

export interface PreviewOptions {
  /** How long one is kept, milliseconds. */
  readonly keepMs?: number;
  /** Bytes of all of them together; the oldest goes first. */
  readonly mostBytes?: number;
  /** Milliseconds that only go forward: setting the box's clock keeps nothing for longer. */
  readonly steady?: () => number;
}

interface Kept {
  readonly preview: Preview;
  readonly until: number;
}

const KEEP_MS = 10 * 60_000;
const MOST_BYTES = 64_000_000;

export class Previews {
  readonly #keepMs: number;
  readonly #mostBytes: number;
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  readonly #steady: () => number;

  constructor({ keepMs = KEEP_MS, mostBytes = MOST_BYTES, steady = () => performance.now() }: PreviewOptions = {}) {
    this.#steady = steady;
    this.#keepMs = keepMs;
    this.#mostBytes = mostBytes;
  }

  keep(cutout: CutOut): Preview {
    const preview = { ...cutout, id: randomBytes(16).toString('hex'), expires: new Date(Date.now() + this.#keepMs) };
    this.#kept.set(preview.id, { preview, until: this.#steady() + this.#keepMs });
    this.#bytes += cutout.bytes.length;
    for (const { preview: one, until } of this.#kept.values()) {
      if (one === preview || (this.#bytes <= this.#mostBytes && until > this.#steady())) break;
      this.#drop(one);
    }
    return preview;
  }

  /** @throws LookdialError `cutout-not-found` */
  get(id: string): Preview {
    const kept = this.#kept.get(id);
    if (kept !== undefined && kept.until > this.#steady()) return kept.preview;
    if (kept !== undefined) this.#drop(kept.preview);
    throw new LookdialError('cutout-not-found', 'Cut-outs are kept for ten minutes: send the photograph again.', {
      field: 'cutout',
    });
  }

  #drop({ id, bytes }: Preview): void {
    if (this.#kept.delete(id)) this.#bytes -= bytes.length;
  }
}
