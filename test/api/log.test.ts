import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Audit } from '../../device/api/access-schemas.ts';
import { afterwards } from '../support/afterwards.ts';
import { TestDaemon } from '../support/daemon.ts';

const URL = '/api/v1/log';

async function daemonWith(t: TestContext) {
  const lines: string[] = [];
  const daemon = await TestDaemon.start({ log: { write: line => void lines.push(line) } });
  afterwards(t, () => daemon.close());
  const put = (level: string, headers: Record<string, string>) =>
    daemon.ask({ method: 'PUT', url: URL, payload: { level }, headers });
  /** What the log says of lines of these levels. */
  const said = (): string[] => {
    lines.length = 0;
    for (const level of ['debug', 'info', 'warn', 'error'] as const) daemon.app.log[level](`a ${level}`);
    return lines.map(line => (JSON.parse(line) as { msg: string }).msg);
  };
  return { daemon, put, said, lines };
}

test('the log says as much as it is told to, at once', async t => {
  const { daemon, put, said, lines } = await daemonWith(t);
  const admin = daemon.key('admin');
  const seen = await daemon.ask({ method: 'GET', url: URL, headers: admin });
  assert.deepEqual([seen.statusCode, seen.json()], [200, { level: 'trace', setting: 'trace' }]);
  for (const [level, expected] of [
    ['error', ['a error']],
    ['silent', []],
    ['info', ['a info', 'a warn', 'a error']],
    ['debug', ['a debug', 'a info', 'a warn', 'a error']],
  ] as const) {
    const changed = await put(level, admin);
    assert.deepEqual([changed.statusCode, changed.json()], [200, { level, setting: 'trace' }]);
    assert.deepEqual(said(), expected, level);
    assert.deepEqual((await daemon.ask({ method: 'GET', url: URL, headers: admin })).json(), changed.json());
  }
  lines.length = 0;
  await put('warn', admin);
  assert.match(lines.join(), /The log level goes from debug to warn; the next start goes back to trace\./);
  lines.length = 0;
  await put('info', admin);
  assert.match(lines.join(), /from warn to info/, 'it is told by a log that says it again, too');
});

test('who changed it is in the book, and from what to what', async t => {
  const { daemon, put } = await daemonWith(t);
  const admin = daemon.key('admin');
  await put('warn', admin);
  const { lines } = (await daemon.ask({ method: 'GET', url: '/api/v1/audit?limit=1', headers: admin })).json<Audit>();
  const { who, keyName, what, subject, outcome } = lines[0]!;
  assert.deepEqual(
    [who, keyName, what, subject, outcome],
    ['key', 'a test’s admin', 'PUT /api/v1/log', 'trace to warn', 200],
  );
});

test('nobody else changes it or sees it, and no other level is taken', async t => {
  const { daemon, put, said } = await daemonWith(t);
  for (const headers of [{}, daemon.key('inventory')]) {
    assert.ok([401, 403].includes((await put('silent', headers)).statusCode));
    assert.ok([401, 403].includes((await daemon.ask({ method: 'GET', url: URL, headers })).statusCode));
  }
  const admin = daemon.key('admin');
  for (const level of ['loud', '', 'INFO']) assert.equal((await put(level, admin)).statusCode, 400);
  assert.equal(said().length, 4);
});
