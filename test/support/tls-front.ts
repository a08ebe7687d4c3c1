/** PostgreSQL's TLS in front of a server that has none: what is asked is decrypted here, and passed on. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { TLSSocket } from 'node:tls';
import { Access } from '../../device/access/access.ts';
import type { Certificate } from '../../device/access/certificates.ts';
import { afterwards } from './afterwards.ts';

/** A certificate for these names, signed by its own key: who trusts it names it as `ca`. */
export async function certificateFor(...names: string[]): Promise<Certificate> {
  const access = Access.open(':memory:', { pinCost: 2 ** 10 });
  try {
    return await access.certificates.renew(names);
  } finally {
    access.close();
  }
}

export interface TlsFront {
  readonly port: number;
  /** Bytes that came through TLS: 0 where nobody trusted the certificate. */
  readonly told: number;
}

/** Answers `SSLRequest`, shakes hands as `certificate`, and passes on to `port` of this machine. */
export async function startTlsFront(
  t: TestContext,
  { certificate, privateKey }: Certificate,
  port: number,
): Promise<TlsFront> {
  let told = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  };
  const server = createServer(socket => {
    keep(socket);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, cert: certificate, key: privateKey });
      keep(secure);
      secure.on('data', bytes => {
        told += bytes.length;
      });
      secure.once('data', first => {
        const behind = connect(port, '127.0.0.1');
        keep(behind);
        behind.write(first);
        secure.pipe(behind).pipe(secure);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterwards(t, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    get told() {
      return told;
    },
  };
}
