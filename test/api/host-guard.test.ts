import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostGuard } from '../../device/api/host-guard.ts';
import { readAuthority } from '../../device/authority.ts';
import { LookdialError } from '../../device/errors.ts';

const at = { localAddress: '192.0.2.7', localPort: 8080 };
const guard = new HostGuard(['localhost', '127.0.0.1', '[::1]', 'kiosk.shop.example:443', 'proxy.example:9000']);

/** A request as Node hands it on; `hosts` are the `Host` headers it came with, of which Node keeps the first. */
const requestOf = (hosts: readonly string[], url = '/api/v1/model') => ({
  headers: hosts[0] === undefined ? {} : { host: hosts[0] },
  raw: { url, rawHeaders: hosts.flatMap(host => ['Host', host]) },
});

const hostAllowed = (host: string | undefined, endpoint: object = at, request?: object): boolean => {
  try {
    guard.checkHost({ ...requestOf(host === undefined ? [] : [host]), ...request }, endpoint);
    return true;
  } catch (error) {
    assert.ok(error instanceof LookdialError && error.code === 'host-not-allowed' && error.status === 421);
    return false;
  }
};

const originAllowed = (origin: string | undefined, method = 'POST', more: object = {}, endpoint = at): boolean => {
  try {
    guard.checkOrigin({ method, headers: { ...(origin === undefined ? {} : { origin }), ...more } }, endpoint);
    return true;
  } catch (error) {
    assert.ok(error instanceof LookdialError && error.code === 'origin-not-allowed' && error.status === 403);
    return false;
  }
};

describe('the host guard', () => {
  it('takes the address and port the request came in at, and the names of the setting', () => {
    for (const host of ['192.0.2.7:8080', 'localhost:8080', 'LOCALHOST:8080', '127.0.0.1:8080', '[::1]:8080']) {
      assert.ok(hostAllowed(host), host);
    }
    assert.ok(hostAllowed('proxy.example:9000'));
    assert.ok(hostAllowed('kiosk.shop.example'), 'a proxy on the scheme’s own port writes none');
    assert.ok(hostAllowed('[2001:db8:0:0::5]:8080', { localAddress: '2001:db8::5', localPort: 8080 }));
    assert.ok(hostAllowed('192.0.2.7:8080', { localAddress: '::ffff:192.0.2.7', localPort: 8080 }));
    assert.ok(hostAllowed('[fe80::1]:8080', { localAddress: 'fe80::1%eth0', localPort: 8080 }));
    assert.ok(hostAllowed('localhost', { localAddress: '127.0.0.1', localPort: 80 }));
  });

  it('refuses every other name, port and spelling', () => {
    const refused = [
      undefined,
      '',
      'evil.example',
      'evil.example:8080',
      'localhost',
      'localhost:8081',
      'localhost:',
      'localhost:0',
      'localhost:99999',
      'localhost:8080:8080',
      'localhost.:8080',
      'localhost.evil.example:8080',
      'evil.example@localhost:8080',
      'localhost:8080/',
      ' localhost:8080',
      'local host:8080',
      'proxy.example',
      'proxy.example:8080',
      'kiosk.shop.example:8080',
      '192.0.2.8:8080',
      '192.0.2.7',
      '[::1',
      '::1:8080',
      '[::2]:8080',
      '*',
      '2130706433:8080',
      '127.1:8080',
      '0x7f000001:8080',
      '127.0.0.01:8080',
      '０.0.0.0:8080',
      'ｌocalhost:8080',
      'localhost%2e:8080',
      'localhost:08080',
      'localhost:+8080',
      'xn--a:8080',
      '[::ffff:192.0.2.8]:8080',
      'localhost:8080, evil.example',
      'evil.example, localhost:8080',
      'localhost:8080\u0000',
    ];
    for (const host of refused) assert.ok(!hostAllowed(host), String(host));
  });

  it('refuses a request with two hosts, and one that asks for a whole address in place of a path', () => {
    const own = 'localhost:8080';
    assert.ok(!hostAllowed(own, at, requestOf([own, 'evil.example'])));
    assert.ok(!hostAllowed(own, at, requestOf([own, own])));
    for (const url of [
      'http://evil.example/api/v1/model',
      'http://localhost:8080/',
      'HTTP://evil.example/',
      '*',
      '',
      'x',
    ]) {
      assert.ok(!hostAllowed(own, at, requestOf([own], url)), url);
    }
    for (const url of ['/', '//evil.example/', '/http://evil.example/']) {
      assert.ok(hostAllowed(own, at, requestOf([own], url)), url);
    }
  });

  it('refuses names on the daemon’s own port where that port is not known', () => {
    assert.ok(!hostAllowed('localhost:8080', {}));
    assert.ok(hostAllowed('proxy.example:9000', {}));
  });

  it('takes changes from pages of this box, and from programs that are not pages', () => {
    for (const origin of [undefined, 'http://localhost:8080', 'http://192.0.2.7:8080', 'https://kiosk.shop.example']) {
      assert.ok(originAllowed(origin), String(origin));
    }
  });

  it('refuses changes from pages of anywhere else', () => {
    const refused = [
      'null',
      '',
      'http://evil.example',
      'http://localhost',
      'https://localhost',
      'http://localhost:5173',
      'http://kiosk.shop.example',
      'file://',
      'chrome-extension://abcdef',
      'http://localhost:8080/page',
      'http://localhost:8080 http://evil.example',
    ];
    for (const origin of refused) assert.ok(!originAllowed(origin), origin);
  });

  it('tells a page that came by TLS from one that came by plain HTTP and may be anybody’s', () => {
    const tls = { ...at, localPort: 8443, encrypted: true };
    assert.ok(originAllowed('https://192.0.2.7:8443', 'POST', {}, tls));
    assert.ok(originAllowed('https://localhost:8443', 'POST', {}, tls));
    assert.ok(!originAllowed('http://192.0.2.7:8443', 'POST', {}, tls));
    assert.ok(!originAllowed('http://localhost:8443', 'POST', {}, tls));
    assert.ok(!originAllowed('https://192.0.2.7:8080'));
    assert.ok(!originAllowed('http://192.0.2.7:8080', 'POST', {}, tls), 'nor may the one change what the other shows');
    for (const scheme of ['http', 'https']) assert.ok(originAllowed(`${scheme}://proxy.example:9000`, 'POST', {}, tls));
  });

  it('goes by what the browser says of the site where it says no origin', () => {
    const site = (written: string) => ({ 'sec-fetch-site': written });
    assert.ok(originAllowed(undefined, 'POST', site('same-origin')));
    for (const written of ['cross-site', 'same-site', 'none', '', 'same-origin, cross-site', 'SAME-ORIGIN']) {
      assert.ok(!originAllowed(undefined, 'POST', site(written)), written);
      assert.ok(!originAllowed(undefined, 'DELETE', site(written)), written);
      assert.ok(originAllowed(undefined, 'GET', site(written)), written);
    }
    assert.ok(!originAllowed('http://evil.example', 'POST', site('same-origin')), 'the origin goes first');
    assert.ok(originAllowed('http://localhost:8080', 'POST', site('same-site')));
  });

  it('lets any page look, for nothing changes and its browser keeps the answer from it', () => {
    assert.ok(originAllowed('http://evil.example', 'GET'));
    assert.ok(originAllowed('http://evil.example', 'HEAD'));
    assert.ok(!originAllowed('http://evil.example', 'OPTIONS'));
  });

  it('reads no entry of the setting that is not a host', () => {
    for (const host of ['http://localhost', 'a b', '*', 'name:x', '']) {
      assert.throws(() => new HostGuard([host]), { code: 'config-invalid', field: 'hosts' }, host);
    }
  });

  it('spells an address one way', () => {
    assert.deepEqual(readAuthority('[0:0:0:0:0:0:0:1]:80'), { name: '[::1]', port: 80 });
    assert.deepEqual(readAuthority('Kiosk.Local'), { name: 'kiosk.local', port: undefined });
    assert.equal(readAuthority('256.1.1.1'), undefined);
  });
});
