/** How many connections strangers may hold open: a laptop that opens thousands must not keep the kiosk from getting one. */
import type { Server, Socket } from 'node:net';
import { isLoopback } from './api/loopback.ts';

export interface ConnectionLimits {
  /** From one address. */
  readonly each: number;
  /** From all of them, but for the box itself. */
  readonly all: number;
}

/** Well within the 1024 files that a process may have open by default. */
export const CONNECTION_LIMITS: ConnectionLimits = { each: 64, all: 512 };

/** What is over the limit is closed at once, without a word: there is no request yet to answer. Counted over all servers it is given. */
export function connectionLimiter({ each, all }: ConnectionLimits = CONNECTION_LIMITS): (server: Server) => void {
  const open = new Map<string, number>();
  let total = 0;
  const count = (socket: Socket): void => {
    const { remoteAddress } = socket;
    if (isLoopback(remoteAddress)) return;
    const address = remoteAddress ?? '';
    const before = open.get(address) ?? 0;
    if (before >= each || total >= all) {
      socket.destroy();
      return;
    }
    open.set(address, before + 1);
    total += 1;
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
      total -= 1;
    });
  };
  return server => void server.prependListener('connection', count);
}
