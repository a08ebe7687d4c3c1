import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { SECURITY_HEADERS, securityHeaders } from '../../device/api/headers.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';

describe('the headers of every answer', () => {
  it('hold on plain HTTP, and ask nobody to come by TLS', () => {
    const policy = SECURITY_HEADERS['content-security-policy'] ?? '';
    assert.doesNotMatch(policy, /upgrade-insecure-requests|unsafe-eval|unsafe-hashes|https?:|\*/);
    assert.match(policy, /default-src 'none'/);
    for (const directive of ['script-src', 'connect-src', 'style-src', 'worker-src']) {
      assert.match(policy, new RegExp(`${directive} 'self'(;|$)`), directive);
    }
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors']) {
      assert.match(policy, new RegExp(`${directive} 'none'(;|$)`), directive);
    }
    assert.match(policy, /require-trusted-types-for 'script'; trusted-types lit-html lookdial-worker$/);
    assert.equal(SECURITY_HEADERS['strict-transport-security'], undefined);
    assert.equal(SECURITY_HEADERS['cross-origin-opener-policy'], undefined);
    assert.equal(SECURITY_HEADERS['cross-origin-resource-policy'], 'same-origin');
    assert.match(SECURITY_HEADERS['permissions-policy'] ?? '', /camera=\(\).*microphone=\(\)/);
  });

  it('say more where the browser heeds it, and HSTS only where somebody vouches for the certificate', () => {
    const own = securityHeaders({ trustworthy: true, known: false });
    assert.equal(own['cross-origin-opener-policy'], 'same-origin');
    assert.equal(own['strict-transport-security'], undefined);
    const known = securityHeaders({ trustworthy: true, known: true });
    assert.equal(known['strict-transport-security'], 'max-age=2592000');
    assert.equal(known['cross-origin-opener-policy'], 'same-origin');
    assert.deepEqual(securityHeaders({ trustworthy: false, known: false }), SECURITY_HEADERS);
  });
});

describe('what goes over a socket', () => {
  const listening = async (t: TestContext): Promise<number> => {
    const daemon = await TestDaemon.start({ hosts: ['localhost', 'localhost:80'] });
    afterwards(t, () => daemon.close());
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    return (daemon.app.server.address() as AddressInfo).port;
  };
  const say = (port: number, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let heard = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      socket.setEncoding('utf8').on('data', part => {
        heard += part;
        if (/\r\n\r\n/.test(heard)) socket.end();
      });
      socket.on('close', () => resolve(heard)).on('error', reject);
    });

  it('is answered for one host of this box and a path, and for nothing else that HTTP allows', async t => {
    const port = await listening(t);
    const own = `localhost:${port}`;
    const status = async (line: string, ...headers: string[]): Promise<number> =>
      Number((await say(port, `${[line, ...headers].join('\r\n')}\r\n\r\n`)).slice(9, 12));
    assert.equal(await status('GET /api/v1/model HTTP/1.1', `Host: ${own}`), 200);
    assert.equal(await status('GET /api/v1/model HTTP/1.1', `host:${own}`), 200);
    const refused: [number[], string, ...string[]][] = [
      [[421], 'GET http://evil.example/api/v1/model HTTP/1.1', `Host: ${own}`],
      [[421], `GET http://${own}/api/v1/model HTTP/1.1`, `Host: ${own}`],
      [[400, 421], 'GET /api/v1/model HTTP/1.1', `Host: ${own}`, 'Host: evil.example'],
      [[400, 421], 'GET /api/v1/model HTTP/1.1', 'Host: evil.example', `Host: ${own}`],
      [[400, 421], 'GET /api/v1/model HTTP/1.1'],
      [[421], 'GET /api/v1/model HTTP/1.1', 'Host:'],
      [[421], 'GET /api/v1/model HTTP/1.0'],
      [[421], 'GET /api/v1/model HTTP/1.1', `Host: localhost.:${port}`],
      [[421], 'GET /api/v1/model HTTP/1.1', 'Host: localhost:81'],
      [[421], 'GET /api/v1/model HTTP/1.1', `Host: evil.example@${own}`],
      [[421], 'GET /api/v1/model HTTP/1.1', 'Host: evil.example', `X-Forwarded-Host: ${own}`],
      [[400, 421], 'OPTIONS * HTTP/1.1', `Host: ${own}`],
      [[400, 421, 404], `CONNECT ${own} HTTP/1.1`, `Host: ${own}`],
    ];
    for (const [expected, line, ...headers] of refused) {
      const got = await status(line, ...headers);
      // Node hangs up on CONNECT without a word.
      assert.ok(expected.includes(got) || (got === 0 && line.startsWith('CONNECT')), `${line} ${headers}: ${got}`);
    }
  });

  it('has the headers of the box itself, and no word of what program answers', async t => {
    const port = await listening(t);
    const heard = await say(port, `GET /api/v1/model HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    assert.match(heard, /\r\ncross-origin-opener-policy: same-origin\r\n/i);
    assert.doesNotMatch(heard, /\r\n(server|x-powered-by|access-control-allow-origin|strict-transport-security):/i);
  });
});
