/** The certificate of TLS: there, for how long, and for which names. Of its private key nothing is said but whether it fits. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { ACCESS_DATABASE } from '../../../device/access/access-database.ts';
import { readAuthority } from '../../../device/authority.ts';
import type { Config } from '../../../device/config.ts';
import { broken, type Check, type Finding, look, notHere, ok } from '../check.ts';
import { readDatabase } from '../read-database.ts';
import { count, daysUntil, said, sentence } from '../words.ts';

/** The box renews its own a month before; one from files is somebody's work. */
const SOON_DAYS = 21;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** What of `hosts` the certificate is not for; loopback comes by plain HTTP. */
function missingNames(certificate: X509Certificate, hosts: readonly string[]): string[] {
  const names = hosts.flatMap(host => readAuthority(host)?.name.replace(/^\[(.*)\]$/, '$1') ?? []);
  return names.filter(name => {
    if (LOOPBACK.test(name)) return false;
    return (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) === undefined;
  });
}

function judge(certificate: X509Certificate, { hosts, tls }: Config): Finding {
  const days = daysUntil(certificate.validToDate.getTime());
  const until = certificate.validToDate.toISOString().slice(0, 10);
  const measured = {
    daysLeft: days,
    validTo: certificate.validToDate.toISOString(),
    names: certificate.subjectAltName,
    fingerprint: certificate.fingerprint256,
  };
  const renew =
    tls === 'files'
      ? 'Have it renewed, and put it in the place of the files that tlsCertificate and tlsKey name: the daemon takes it by itself within 12 hours.'
      : 'Start the daemon, which makes a new one; whoever compares fingerprints must do so again.';
  if (days < 0)
    return broken(`The certificate was good until ${until}: browsers and tills refuse it.`, renew, { measured });
  if (certificate.validFromDate.getTime() > Date.now()) {
    return broken(
      `The certificate is good from ${certificate.validFromDate.toISOString().slice(0, 10)} on, and not before.`,
      'See the check clock; if the clock is right, get another certificate.',
      { measured },
    );
  }
  const missing = missingNames(certificate, hosts);
  if (missing.length > 0) {
    return look(
      `The certificate is not for ${missing.join(', ')}, which hosts names: who asks there is warned.`,
      tls === 'files'
        ? 'Get one for all names, or take the names out of hosts.'
        : 'Ask by a name that it is for, or give the box a certificate from files.',
      { measured },
    );
  }
  const found = `The certificate is good for ${count(days, 'more day')}, until ${until}, and for ${certificate.subjectAltName ?? 'no names'}.`;
  return tls === 'files' && days < SOON_DAYS ? look(found, renew, { measured }) : ok(found, { measured });
}

function fromFiles(config: Config): Finding {
  const { tlsCertificate, tlsKey } = config;
  try {
    const certificate = new X509Certificate(readFileSync(tlsCertificate));
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(tlsKey)))) {
      return broken(
        `The key ${tlsKey} is not that of the certificate ${tlsCertificate}.`,
        'Put the pair there that belongs together.',
      );
    }
    return judge(certificate, config);
  } catch (error) {
    return broken(
      sentence(`The certificate ${tlsCertificate} cannot be used with the key ${tlsKey}: ${said(error)}`),
      'Put the certificate with its chain, and its key, there as PEM, readable by the daemon’s user.',
    );
  }
}

function selfSigned(config: Config): Finding {
  const path = join(config.data, ACCESS_DATABASE);
  if (!existsSync(path)) return notHere('The box has made no certificate yet.', 'It makes one when the daemon starts.');
  try {
    const kept = readDatabase(path, database => database.prepare('SELECT certificate FROM certificate').get());
    if (typeof kept?.certificate !== 'string')
      return notHere('The box has made no certificate yet.', 'It makes one when the daemon starts.');
    return judge(new X509Certificate(kept.certificate), config);
  } catch (error) {
    return broken(sentence(`The box’s certificate cannot be read: ${said(error)}`), 'See the check databases.');
  }
}

export const certificate: Check = {
  name: 'certificate',
  about: 'the certificate of TLS: how long it is good, and for which names',
  async run({ config }) {
    if (config.tls === 'off')
      return notHere('TLS is off.', 'Where tills or tablets use the network, set tls: docs/security.md.');
    return config.tls === 'files' ? fromFiles(config) : selfSigned(config);
  },
};
