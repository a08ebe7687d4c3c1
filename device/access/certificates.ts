/** The certificate of a box that has nobody to sign it one: made by itself, kept in its file of keys, renewed in time. */
import { randomBytes, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { AccessDatabase } from './access-database.ts';

const DAY_MS = 24 * 3_600_000;
/** The longest that Apple's devices take. */
export const VALID_DAYS = 825;
export const RENEW_DAYS = 30;
/** Clocks of tablets are behind by some minutes, or by a time zone. */
const EARLIER_MS = DAY_MS;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly privateKey: string;
  /** SHA-256 of the certificate as `AB:CD:…`, as browsers show it. */
  readonly fingerprint: string;
  readonly validTo: Date;
}

const described = (certificate: string, privateKey: string): Certificate => {
  const { fingerprint256, validToDate } = new X509Certificate(certificate);
  return { certificate, privateKey, fingerprint: fingerprint256, validTo: validToDate };
};

/** A certificate for these names and addresses, signed by its own key. */
async function make(names: readonly string[], now: Date): Promise<Certificate> {
  // Loaded where it is needed alone: it takes a third of a second.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    name: 'CN=Lookdial',
    notBefore: new Date(now.getTime() - EARLIER_MS),
    notAfter: new Date(now.getTime() - EARLIER_MS + VALID_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map(value => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  });
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return described(certificate.toString('pem'), x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'));
}

export class Certificates {
  readonly #database: AccessDatabase;
  readonly #statements;

  constructor(database: AccessDatabase) {
    this.#database = database;
    this.#statements = {
      get: database.prepare('SELECT certificate, private_key AS privateKey FROM certificate'),
      set: database.prepare(
        `INSERT INTO certificate (one, certificate, private_key) VALUES (1, ?1, ?2)
         ON CONFLICT DO UPDATE SET certificate = ?1, private_key = ?2`,
      ),
    };
  }

  get kept(): Certificate | undefined {
    const row = this.#database.attempt(() => this.#statements.get.get());
    return row === undefined ? undefined : described(String(row.certificate), String(row.privateKey));
  }

  /**
   * The certificate that is kept, or a new one where there is none or it ends within a month; on the disk when it returns.
   * One that is kept stays as it is though the names change: whoever noted its fingerprint must find it again.
   * @param names DNS names and addresses that a new one is for
   */
  async current(names: readonly string[], now = new Date()): Promise<Certificate> {
    const { kept } = this;
    if (kept !== undefined && kept.validTo.getTime() - now.getTime() > RENEW_DAYS * DAY_MS) return kept;
    return await this.renew(names, now);
  }

  /** A new one, whatever is kept. */
  async renew(names: readonly string[], now = new Date()): Promise<Certificate> {
    const made = await make([...new Set(names)], now);
    this.#database.attempt(() => this.#statements.set.run(made.certificate, made.privateKey));
    return made;
  }
}
