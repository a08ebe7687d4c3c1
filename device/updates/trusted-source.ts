/** A source that has the timestamp a box trusts, and nothing newer: what is trusted is held against itself while its own source is away. */
import { UpdateRefused } from './refusals.ts';
import type { Reading, Source } from './source.ts';

export class TrustedSource implements Source {
  readonly name = 'what this box trusts';
  readonly #path: string;
  readonly #timestamp: Buffer | undefined;

  /** @param path of the timestamp in a source @param timestamp its bytes; undefined where none is trusted */
  constructor(path: string, timestamp: Buffer | undefined) {
    this.#path = path;
    this.#timestamp = timestamp;
  }

  async open(path: string): Promise<Reading> {
    const timestamp = this.#timestamp;
    if (path !== this.#path || timestamp === undefined) {
      throw new UpdateRefused('source-incomplete', `${path} is not among ${this.name}.`);
    }
    return {
      from: 0,
      total: timestamp.length,
      bytes: (async function* () {
        yield timestamp;
      })(),
      close: () => undefined,
    };
  }

  close(): void {}
}
