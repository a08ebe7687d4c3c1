/** A connection that may send so much for one question, and no more: a server that sends without an end must not fill the box's memory. */
import type { Socket } from 'node:net';
import pg, { type ClientConfig } from 'pg';
import { Rubbish } from './chain-rows.ts';

/** More than any answer has: 200 encodings of 64 dimensions are 0.3 MB, 200 garments that twelve stores have about 1 MB. */
const MOST_MEBIBYTES = 8;
const MOST_BYTES = MOST_MEBIBYTES * 2 ** 20;
/** How often it is looked, milliseconds: what comes meanwhile is kept. */
const LOOK_MS = 50;

export class MeteredClient extends pg.Client {
  readonly #socket: Socket;
  /** Bytes that had come when the question began; those of shaking hands, and of a connection that nobody uses, count from 0. */
  #before = 0;

  constructor(config?: string | ClientConfig) {
    super(config);
    // Below TLS, where there is any: it counts what comes by the wire.
    this.#socket = this.connection.stream as Socket;
    const look = setInterval(() => {
      if (this.#socket.bytesRead - this.#before <= MOST_BYTES) return;
      this.#socket.destroy(new Rubbish(`more than ${MOST_MEBIBYTES} MiB for one question`));
    }, LOOK_MS);
    look.unref();
    this.#socket.once('close', () => clearInterval(look));
  }

  /** Another question begins. */
  begin(): void {
    this.#before = this.#socket.bytesRead;
  }
}
