/** TLS on a port of its own, over the same app: the certificate, its renewal without a restart, and the server that main lets listen. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { hostname, networkInterfaces } from 'node:os';
import type { Access } from './access/access.ts';
import type { Certificate } from './access/certificates.ts';
import type { Api } from './api/services.ts';
import { KEEP_ALIVE_MS, REQUEST_MS } from './app.ts';
import { readAuthority } from './authority.ts';
import type { Config } from './config.ts';
import { LookdialError } from './errors.ts';

/** How often it is looked whether the certificate must be, or was, renewed, milliseconds. */
const LOOK_MS = 12 * 3_600_000;
/** How long a handshake may take, milliseconds. */
const HANDSHAKE_MS = 10_000;

type TlsConfig = Pick<Config, 'tls' | 'tlsCertificate' | 'tlsKey' | 'hosts'>;

/** Every name and address that this box may be asked by. */
function ownNames(hosts: readonly string[]): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap(one => one ?? []);
  return [
    ...hosts.flatMap(host => readAuthority(host)?.name ?? []).map(name => name.replace(/^\[(.*)\]$/, '$1')),
    hostname(),
    `${hostname()}.local`,
    // A link-local address of IPv6 is no use in a certificate: it goes with an interface's name.
    ...addresses.map(({ address }) => address).filter(address => !/^fe80:/i.test(address)),
  ];
}

function read(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new LookdialError('config-invalid', `${field}: ${path} cannot be read: ${(cause as Error).message}.`, {
      cause,
      field,
    });
  }
}

/** @throws LookdialError `config-invalid` where they cannot be read, are none, or do not belong together */
function fromFiles({ tlsCertificate, tlsKey }: TlsConfig): Certificate {
  const [certificate, privateKey] = [read(tlsCertificate, 'tlsCertificate'), read(tlsKey, 'tlsKey')];
  try {
    const parsed = new X509Certificate(certificate);
    if (!parsed.checkPrivateKey(createPrivateKey(privateKey)))
      throw new Error('the key is not that of the certificate');
    return { certificate, privateKey, fingerprint: parsed.fingerprint256, validTo: parsed.validToDate };
  } catch (cause) {
    throw new LookdialError(
      'config-invalid',
      `The certificate ${tlsCertificate} cannot be used with the key ${tlsKey}: ${(cause as Error).message}. Both must be PEM.`,
      { cause, field: 'tlsCertificate' },
    );
  }
}

export class SecureServer {
  readonly server: Server;
  readonly #find: () => Promise<Certificate>;
  readonly #timer: NodeJS.Timeout;
  #shown: Certificate;

  private constructor(app: Api, find: () => Promise<Certificate>, first: Certificate) {
    this.#find = find;
    this.#shown = first;
    this.server = createServer(
      {
        cert: first.certificate,
        key: first.privateKey,
        minVersion: 'TLSv1.2',
        handshakeTimeout: HANDSHAKE_MS,
        requestTimeout: REQUEST_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      (request, response) => app.routing(request, response),
    );
    // What is refused before there is a request is refused, and counted, as on the plain port.
    this.server.on('clientError', (error, socket) => app.server.emit('clientError', error, socket));
    const look = (): void => {
      this.refresh().catch((error: unknown) => app.log.error({ err: error }, 'The certificate could not be renewed.'));
    };
    this.#timer = setInterval(look, LOOK_MS);
    this.#timer.unref();
  }

  /**
   * A server over the app that does not listen yet; undefined where TLS is off.
   * @throws LookdialError `config-invalid` for files that are no certificate and its key
   */
  static async of(app: Api, config: TlsConfig, access: Access): Promise<SecureServer | undefined> {
    if (config.tls === 'off') return undefined;
    if (config.tls === 'self-signed') {
      const find = (): Promise<Certificate> => access.certificates.current(ownNames(config.hosts));
      return new SecureServer(app, find, await find());
    }
    const find = async (): Promise<Certificate> => fromFiles(config);
    if ((statSync(config.tlsKey, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) {
      app.log.warn(`Others on this box may read ${config.tlsKey}: chmod 600 it.`);
    }
    return new SecureServer(app, find, await find());
  }

  /** What those who come by TLS see. */
  get shown(): Certificate {
    return this.#shown;
  }

  /** Takes the certificate anew where it was, or had to be, renewed: for the connections that come from now on. */
  async refresh(): Promise<void> {
    const found = await this.#find();
    if (found.fingerprint === this.#shown.fingerprint) return;
    this.server.setSecureContext({ cert: found.certificate, key: found.privateKey });
    this.#shown = found;
  }

  /** Takes no more connections, and waits for what is under way. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (!this.server.listening) return;
    await new Promise<void>(done => {
      this.server.close(() => done());
      this.server.closeIdleConnections();
    });
  }
}
