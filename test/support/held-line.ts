/** A line to a database that stands still at a statement: what others do meanwhile, and what is left where it breaks there, is seen. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { afterwards } from './afterwards.ts';

export interface HeldLine {
  readonly port: number;
  /** The statement has been said, and has not reached the database. */
  readonly reached: Promise<void>;
  /** Lets it through, and all that follows. */
  release(): void;
}

/** @param to the database's port on this machine @param words of the statement that is held back, with all that follows it */
export async function heldLine(t: TestContext, to: number, words: string): Promise<HeldLine> {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let [isHeld, isReleased] = [false, false];
  const server = createServer(client => {
    const database = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
    database.on('data', bytes => client.write(bytes));
    client.on('data', (bytes: Buffer) => {
      isHeld ||= !isReleased && bytes.includes(words);
      if (!isHeld) return void database.write(bytes);
      waiting.push(() => database.write(bytes));
      resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(t, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const release = (): void => {
    [isHeld, isReleased] = [false, true];
    for (const pass of waiting.splice(0)) pass();
  };
  return { port: (server.address() as AddressInfo).port, reached, release };
}
