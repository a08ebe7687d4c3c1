/** A web server for updates that does to each file what it is told: drops, stalls, ignores what it is asked, sends too much. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Certificate } from '../../device/access/certificates.ts';
import { afterwards } from './afterwards.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;

/** As a good server answers, with Range. */
export const honest: Answer = (request, response, bytes) => {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = range === null ? 0 : Number(range[1]);
  if (range === null) {
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  } else if (from >= bytes.length) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  } else {
    const rest = bytes.subarray(from);
    const headers = {
      'content-length': rest.length,
      'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}`,
    };
    response.writeHead(206, headers).end(rest);
  }
};

export class UpdateServer {
  /** By path, with its slash. */
  readonly answers = new Map<string, Answer>();
  readonly requests: {
    readonly path: string;
    readonly range: string | undefined;
    readonly encoding: string | undefined;
  }[] = [];
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #isSecure: boolean;
  #port = 0;

  private constructor(files: ReadonlyMap<string, Buffer>, isSecure: boolean) {
    this.#files = files;
    this.#isSecure = isSecure;
  }

  /**
   * @param files by path, without a slash before it
   * @param tls of whom; plain HTTP without
   */
  static async listen(t: TestContext, files: ReadonlyMap<string, Buffer>, tls?: Certificate): Promise<UpdateServer> {
    const made = new UpdateServer(files, tls !== undefined);
    const answer = (request: IncomingMessage, response: ServerResponse): void => made.#answer(request, response);
    const server = tls
      ? createSecureServer({ cert: tls.certificate, key: tls.privateKey }, answer)
      : createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    made.#port = (server.address() as AddressInfo).port;
    afterwards(t, () => {
      server.closeAllConnections();
      server.close();
    });
    return made;
  }

  get address(): string {
    return this.#isSecure ? `https://localhost:${this.#port}` : `http://127.0.0.1:${this.#port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const { range, 'accept-encoding': encoding } = request.headers;
    this.requests.push({ path, range, encoding: encoding?.toString() });
    const bytes = this.#files.get(decodeURIComponent(path.slice(1)));
    const answer = this.answers.get(path);
    if (bytes === undefined && answer === undefined) return void response.writeHead(404).end();
    (answer ?? honest)(request, response, bytes ?? Buffer.alloc(0));
  }
}
