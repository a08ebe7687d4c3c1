/** Who stands at the box: what the kernel says of a connection, not what a request says of itself. */
import type { FastifyRequest } from 'fastify';
import { readAuthority } from '../authority.ts';

/** What proxies add: such a request came from somewhere else, whoever hands it on. */
const HANDED_ON = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'];
const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export const isLoopback = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || /^(::ffff:)?127\./.test(address));

type Asking = Pick<FastifyRequest, 'headers' | 'socket'>;

/** From a program on the box itself, as far as can be known. */
export const isOnBox = ({ headers, socket }: Asking): boolean =>
  isLoopback(socket.remoteAddress) && HANDED_ON.every(name => headers[name] === undefined);

/** From the kiosk's own page, or from a shell on the box: asked for by a name of loopback too. */
export const isAtScreen = (request: Asking): boolean =>
  isOnBox(request) && LOOPBACK_NAME.test(readAuthority(request.headers.host ?? '')?.name ?? '');
