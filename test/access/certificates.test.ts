import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Access } from '../../device/access/access.ts';
import { RENEW_DAYS, VALID_DAYS } from '../../device/access/certificates.ts';
import { testAccess } from '../support/access.ts';
import { afterwards } from '../support/afterwards.ts';
import { temporaryFolder } from '../support/store.ts';

const DAY = 24 * 3_600_000;
const NAMES = ['localhost', '127.0.0.1', '::1', 'kiosk.shop.example', '192.0.2.7', 'localhost'];

describe('the certificate that a box makes for itself', () => {
  it('is for its names and addresses, signed by its own key, and no authority', async t => {
    const { access } = testAccess(t);
    const made = await access.certificates.current(NAMES);
    const certificate = new X509Certificate(made.certificate);
    for (const name of ['localhost', 'kiosk.shop.example']) assert.equal(certificate.checkHost(name), name);
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) assert.ok(certificate.checkIP(address), address);
    assert.equal(certificate.checkHost('evil.example'), undefined);
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkPrivateKey(createPrivateKey(made.privateKey)));
    assert.ok(!certificate.ca);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.equal(made.fingerprint, certificate.fingerprint256);
    assert.match(made.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.equal(
      Math.round((certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / DAY),
      VALID_DAYS,
    );
    assert.ok(
      certificate.validFromDate.getTime() < Date.now() - DAY / 2,
      'a tablet whose clock is behind takes it too',
    );
  });

  it('is kept over a restart, though the names change', async t => {
    const path = join(await temporaryFolder(t), 'access.sqlite');
    const { access } = testAccess(t, { path });
    const first = await access.certificates.current(NAMES);
    const again = Access.open(path);
    afterwards(t, () => again.close());
    assert.deepEqual(await again.certificates.current(['other.example']), first);
  });

  it('is renewed a month before it ends, and after the box’s clock was wrong', async t => {
    const { access } = testAccess(t);
    const first = await access.certificates.current(NAMES);
    const due = first.validTo.getTime() - RENEW_DAYS * DAY;
    assert.equal((await access.certificates.current(NAMES, new Date(due - 1000))).fingerprint, first.fingerprint);
    const second = await access.certificates.current(NAMES, new Date(due));
    assert.notEqual(second.fingerprint, first.fingerprint);
    assert.equal(access.certificates.kept?.fingerprint, second.fingerprint);
    await access.certificates.renew(NAMES, new Date(0));
    const now = await access.certificates.current(NAMES);
    assert.ok(now.validTo.getTime() > Date.now() + 365 * DAY);
  });
});
