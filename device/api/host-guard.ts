/**
 * Who may be asked, and by whose pages. A page of any site can make a browser in the store send requests here; what it cannot do is
 * lie about `Host` and `Origin`. So every request must name this box (DNS rebinding does not), and every request that changes
 * something must come from one of this box's own pages or from no page at all. What is not known to be right is refused.
 */
import type { FastifyRequest } from 'fastify';
import { LookdialError } from '../errors.ts';
import { shown } from './validation.ts';

/** Where a connection came in: the box's own address and port as the kernel has them. */
interface Endpoint {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

interface Authority {
  readonly name: string;
  /** Undefined where none is written. */
  readonly port: number | undefined;
}

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(\d{1,5}))?$/i;

/** Reads `name`, `name:port`, `[v6]` or `[v6]:port`; anything else is undefined. */
export function readAuthority(written: string): Authority | undefined {
  const [, name, port] = AUTHORITY.exec(written) ?? [];
  if (name === undefined) return undefined;
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > 65535)) return undefined;
  // The platform's own parser makes one spelling of the many an IPv6 or IPv4 address has.
  if (!URL.canParse(`http://${name}`)) return undefined;
  return { name: new URL(`http://${name}`).hostname, port: number };
}

/** The address a browser would write for the one the kernel reports, e.g. `::ffff:192.0.2.7` is 192.0.2.7. */
const written = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return plain.includes(':') ? `[${plain.replace(/%.*$/, '')}]` : plain;
};

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

/** True where the ports agree; a port that is not written is the scheme's own, and a proxy's scheme is not known. */
const samePort = (asked: number | undefined, allowed: number | undefined): boolean =>
  allowed !== undefined && (asked === undefined ? allowed === 80 || allowed === 443 : asked === allowed);

export class HostGuard {
  readonly #allowed: readonly Authority[];

  /**
   * @param hosts names this box answers to beside the address a request came in at: `name` on the daemon's own port, `name:port` on
   *   that port, as through a proxy
   * @throws LookdialError `config-invalid` for an entry that is neither
   */
  constructor(hosts: readonly string[]) {
    this.#allowed = hosts.map(host => {
      const authority = readAuthority(host);
      if (authority !== undefined) return authority;
      throw new LookdialError(
        'config-invalid',
        `hosts holds ${shown(host)}, and must hold names or addresses with or without a port, e.g. kiosk.local or kiosk.local:443.`,
        { field: 'hosts' },
      );
    });
  }

  #known(asked: Authority, at: Endpoint): boolean {
    if (at.localAddress !== undefined && samePort(asked.port, at.localPort)) {
      if (readAuthority(written(at.localAddress))?.name === asked.name) return true;
    }
    return this.#allowed.some(one => one.name === asked.name && samePort(asked.port, one.port ?? at.localPort));
  }

  /** @throws LookdialError `host-not-allowed` unless `Host` names this box. */
  checkHost(request: Pick<FastifyRequest, 'headers'>, at: Endpoint): void {
    const host = request.headers.host ?? '';
    const asked = readAuthority(host);
    if (asked !== undefined && this.#known(asked, at)) return;
    throw new LookdialError(
      'host-not-allowed',
      `The request is for ${shown(host)}, and this box answers to its own addresses and to the names in its setting hosts. ` +
        'Add the name there if it is this box.',
      { field: 'host' },
    );
  }

  /** @throws LookdialError `origin-not-allowed` for a request that changes something from a page of another origin. */
  checkOrigin(request: Pick<FastifyRequest, 'headers' | 'method'>, at: Endpoint): void {
    const { origin } = request.headers;
    if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return;
    const [, scheme, rest] = /^(https?:)\/\/(.*)$/.exec(origin) ?? [];
    const from = rest === undefined ? undefined : readAuthority(rest);
    if (scheme !== undefined && from !== undefined) {
      if (this.#known({ name: from.name, port: from.port ?? DEFAULT_PORTS[scheme] }, at)) return;
    }
    throw new LookdialError(
      'origin-not-allowed',
      `The request comes from a page of ${shown(origin)}; only this box's own pages may send it. ` +
        'A program that is not a page sends no Origin.',
      { field: 'origin' },
    );
  }
}
