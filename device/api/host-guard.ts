/**
 * Who may be asked, and by whose pages. A page of any site can make a browser in the store send requests here; what it cannot do is
 * lie about `Host` and `Origin`. So every request must name this box (DNS rebinding does not), and every request that changes
 * something must come from one of this box's own pages or from no page at all. What is not known to be right is refused.
 */
import type { FastifyRequest } from 'fastify';
import { type Authority, readAuthority } from '../authority.ts';
import { LookdialError } from '../errors.ts';
import { shown } from './validation.ts';

/** Where a connection came in: the box's own address and port as the kernel has them, and whether it is TLS. */
interface Endpoint {
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  readonly encrypted?: boolean;
}

/** What of a request is looked at; `raw` is as it came, before anything was joined or left out. */
interface Asked {
  readonly method: string;
  readonly headers: FastifyRequest['headers'];
  readonly raw: { readonly url?: string | undefined; readonly rawHeaders: readonly string[] };
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

  /** @param encrypted whether it is asked for by TLS; undefined where that is not known */
  #known(asked: Authority, at: Endpoint, encrypted?: boolean): boolean {
    const ownScheme = encrypted === undefined || encrypted === (at.encrypted ?? false);
    if (at.localAddress !== undefined && ownScheme && samePort(asked.port, at.localPort)) {
      if (readAuthority(written(at.localAddress))?.name === asked.name) return true;
    }
    // A name with a port is a proxy's, which may speak TLS before us.
    return this.#allowed.some(
      one =>
        one.name === asked.name &&
        (one.port !== undefined || ownScheme) &&
        samePort(asked.port, one.port ?? at.localPort),
    );
  }

  /**
   * @throws LookdialError `host-not-allowed` unless the request has one `Host`, that names this box, and asks for a path. A whole
   *   address in place of a path would go before `Host` (RFC 9112, 3.2.2), and only those ask for one who talk to a proxy.
   */
  checkHost({ headers, raw }: Omit<Asked, 'method'>, at: Endpoint): void {
    const host = headers.host ?? '';
    const asked = readAuthority(host);
    const once = raw.rawHeaders.filter((name, place) => place % 2 === 0 && name.toLowerCase() === 'host').length === 1;
    const isPath = raw.url?.startsWith('/') ?? false;
    if (once && isPath && asked !== undefined && this.#known(asked, at)) return;
    const target = isPath ? host : (raw.url ?? '');
    throw new LookdialError(
      'host-not-allowed',
      `The request is for ${once ? shown(target) : 'no host or several'}, and this box answers to its own addresses and to the names in its setting hosts. ` +
        'Add the name there if it is this box.',
      { field: 'host' },
    );
  }

  /**
   * A page's browser says in `Origin` whose page it is, and most say in `Sec-Fetch-Site` too whether that is ours.
   * @throws LookdialError `origin-not-allowed` for a request that changes something from a page of another origin
   */
  checkOrigin({ headers, method }: Omit<Asked, 'raw'>, at: Endpoint): void {
    const { origin } = headers;
    if (method === 'GET' || method === 'HEAD') return;
    if (origin === undefined) {
      const site = headers['sec-fetch-site'];
      if (site === undefined || site === 'same-origin') return;
      refuseOrigin(`another site (Sec-Fetch-Site: ${shown(site)})`, 'sec-fetch-site');
    }
    const [, scheme, rest] = /^(https?:)\/\/(.*)$/.exec(origin) ?? [];
    const from = rest === undefined ? undefined : readAuthority(rest);
    if (scheme !== undefined && from !== undefined) {
      const asked = { name: from.name, port: from.port ?? DEFAULT_PORTS[scheme] };
      if (this.#known(asked, at, scheme === 'https:')) return;
    }
    refuseOrigin(shown(origin), 'origin');
  }
}

function refuseOrigin(whose: string, field: string): never {
  throw new LookdialError(
    'origin-not-allowed',
    `The request comes from a page of ${whose}; only this box's own pages may send it. ` +
      'A program that is not a page sends no Origin.',
    { field },
  );
}
