/** Servers that stand where the chain's catalogue should be, and are none: what a box meets when its link is in trouble. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { stepBack } from '../../../device/background.ts';

/**
 * `closed`: nobody listens. `silent`: connections are taken, and nothing is ever said, as by a server that is stopped.
 * `rubbish`: another protocol, bytes without sense, rows that nobody described, in turn. `endless`: a row that has no end, as fast as it goes.
 */
export type Trouble = 'closed' | 'silent' | 'rubbish' | 'endless';

/** A message of PostgreSQL's protocol: its letter, its length, its body. */
export const message = (letter: string, body: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** As if the password had been right, and the server ready. */
export const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const NONSENSE = Buffer.from(Array.from({ length: 4_000 }, (_, place) => (place * 167 + 13) % 256));
const RUBBISH: readonly Buffer[] = [
  Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  Buffer.concat([WELCOME, NONSENSE]),
  Buffer.concat([WELCOME, message('D', Buffer.from([0, 1, 0, 0, 0, 1, 65]))]),
];
const ROW_WITHOUT_END = Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]);
const FLOOD = Buffer.alloc(64 * 1024, 0x4e);

const pour = (socket: Socket): void => {
  if (socket.writable) socket.write(FLOOD, () => setImmediate(pour, socket));
};

let connections = 0;

const TREATMENTS: Readonly<Record<Trouble, (socket: Socket) => void>> = {
  closed: socket => socket.destroy(),
  silent: () => undefined,
  rubbish: socket => {
    connections += 1;
    const bytes = RUBBISH[connections % RUBBISH.length]!;
    socket.on('data', () => void socket.write(bytes));
  },
  endless: socket => {
    socket.once('data', () => {
      socket.write(Buffer.concat([WELCOME, ROW_WITHOUT_END]));
      pour(socket);
    });
  },
};

export interface TroubledServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts one in a thread of its own, so that it does not hold up whoever measures. */
export async function startTrouble(trouble: Trouble): Promise<TroubledServer> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: trouble });
  const [port] = (await once(worker, 'message')) as [number];
  return { port, close: async () => void (await worker.terminate()) };
}

async function serve(trouble: Trouble): Promise<void> {
  // In earnest it is on another machine: it is not to take the box's cores.
  stepBack();
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    TREATMENTS[trouble](socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  if (trouble === 'closed') server.close();
  parentPort?.postMessage(port);
  // A thread that nobody listens in would end, and its port would be given to others.
  setInterval(() => undefined, 60_000);
}

if (!isMainThread && parentPort !== null) await serve(workerData as Trouble);
