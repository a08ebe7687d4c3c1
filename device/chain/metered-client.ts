/** A connection that may send so much for one question, and no more: a server that sends without an end must not fill the box's memory. */
import pg, { type ClientConfig } from 'pg';
import { Rubbish } from './chain-rows.ts';

/** More than any answer has: 200 encodings of 64 dimensions are 0.3 MB, 200 garments that twelve stores have about 1 MB. */
const MOST_MEBIBYTES = 8;
const MOST_BYTES = MOST_MEBIBYTES * 2 ** 20;

/**
 * The lengths that messages say of themselves (PostgreSQL's protocol, version 3: a letter, four bytes of length that count
 * themselves, the body), from bytes that come in pieces. What says that it is too long is known by its first five bytes.
 */
class Lengths {
  readonly #head = Buffer.alloc(5);
  #headBytes = 0;
  #bodyLeft = 0;

  /** @returns the greatest length of the messages that begin in this piece, bytes; 0 where none does */
  greatestOf(piece: Buffer): number {
    let greatest = 0;
    for (let at = 0; at < piece.length; ) {
      const skipped = Math.min(this.#bodyLeft, piece.length - at);
      this.#bodyLeft -= skipped;
      at += skipped;
      const read = piece.copy(this.#head, this.#headBytes, at, at + this.#head.length - this.#headBytes);
      this.#headBytes += read;
      at += read;
      if (this.#headBytes < this.#head.length) continue;
      const length = this.#head.readUInt32BE(1);
      greatest = Math.max(greatest, length);
      this.#bodyLeft = Math.max(0, length - 4);
      this.#headBytes = 0;
    }
    return greatest;
  }
}

export class MeteredClient extends pg.Client {
  readonly #lengths = new Lengths();
  /** Bytes since the question began; those of shaking hands, and of a connection that nobody uses, count as if they were for one. */
  #come = 0;
  #cutOff: Rubbish | undefined;

  constructor(config?: string | ClientConfig) {
    super(config);
    // Where there is TLS, what it says to shake hands is OpenSSL's to bound.
    this.connection.once(this.ssl ? 'sslconnect' : 'connect', () => this.#meter());
  }

  /** Why it was cut off, where it was: perhaps before anybody asked, and then pg says no more than that it cannot be asked. */
  get cutOff(): Rubbish | undefined {
    return this.#cutOff;
  }

  /** Another question begins. */
  begin(): void {
    this.#come = 0;
  }

  #meter(): void {
    const { stream } = this.connection;
    // With every piece, not by a clock: over a quick link a look each 50 ms let in for tens of milliseconds what nobody would read.
    stream.on('data', (piece: Buffer) => {
      this.#come += piece.length;
      if (this.#come <= MOST_BYTES && this.#lengths.greatestOf(piece) <= MOST_BYTES) return;
      this.#cutOff ??= new Rubbish(`more than ${MOST_MEBIBYTES} MiB for one question`);
      stream.destroy(this.#cutOff);
    });
  }
}
