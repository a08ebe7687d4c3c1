/** Servers that stand where the chain's catalogue should be, and are none: for what a store does when its link is down, slow or mad. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Connection } from '../../device/chain/connection.ts';
import { afterwards } from './afterwards.ts';

export { message, WELCOME } from '../../scripts/bench/chain/trouble.ts';

/** Where a server is, as a connection file would say it. */
export const connectionTo = (port: number, password = 'secret'): Connection => ({
  host: '127.0.0.1',
  port,
  database: 'postgres',
  user: 'postgres',
  password,
  tls: 'off',
  ca: undefined,
  certificate: undefined,
  key: undefined,
});

/** Listens, and does to each connection what it is told. @returns its port */
export async function hostileServer(t: TestContext, treat: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    treat(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(t, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
