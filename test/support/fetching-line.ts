import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Fetching, fetchFile } from '../../device/updates/fetch-file.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import type { Pace } from '../../device/updates/paced.ts';
import { afterwards } from './afterwards.ts';
import { temporaryFolder } from './store.ts';
import { QUICK_RETRIES } from './update-box.ts';
import { sha256 } from './update-repository.ts';
import { type Answer, honest, UpdateServer } from './update-server.ts';

export const BYTES = randomBytes(400_000);
export const PATH = '/file';
/** A machine that is busy with other tests stands still for a moment: that is no fault of the line's. */
export const PACE: Pace = { bytesPerSecond: 1_000, windowMs: 500 };
export const WANTED = { path: 'file', length: BYTES.length, hashes: { sha256: sha256(BYTES) } };

export interface Line {
  readonly server: UpdateServer;
  readonly part: string;
  readonly notices: string[];
  /** What was asked for: from which byte on. */
  froms(): number[];
  fetch(more?: Partial<Fetching>): Promise<void>;
}

export async function line(t: TestContext, answer: Answer = honest): Promise<Line> {
  const server = await UpdateServer.listen(t, new Map([['file', BYTES]]));
  server.answers.set(PATH, answer);
  const source = new HttpSource(new URL(server.address), { headersMs: 3_000 });
  afterwards(t, () => source.close());
  const part = join(await temporaryFolder(t), 'file.part');
  const notices: string[] = [];
  const usual = { pace: PACE, retries: QUICK_RETRIES, onNotice: (notice: string) => notices.push(notice) };
  return {
    server,
    part,
    notices,
    froms: () => server.requests.map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0])),
    fetch: more => fetchFile(source, WANTED, part, { ...usual, ...more }),
  };
}

/** Sends so much of what it was asked for, and then does something else. */
export const after =
  (bytes: number, then: (response: ServerResponse) => void): Answer =>
  (request, response, file) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from = Number(range?.[1] ?? 0);
    const rest = file.subarray(from);
    const headers = range ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {};
    response.writeHead(range ? 206 : 200, { ...headers, 'content-length': rest.length });
    if (rest.length <= bytes) response.end(rest);
    else response.write(rest.subarray(0, bytes), () => then(response));
  };

/** A moment later, so that what was sent is there. */
export const drop = (response: ServerResponse): void => void setTimeout(() => response.destroy(), 20);
