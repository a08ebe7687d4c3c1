import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { asLookdialError, problem } from '../device/api/problems.ts';
import {
  ERRORS,
  type ErrorCode,
  isDatabaseDamaged,
  isDiskFull,
  isDiskReadOnly,
  LookdialError,
} from '../device/errors.ts';
import { startFailure } from '../device/start-failure.ts';
import { damagePage } from './support/damage.ts';
import { temporaryFolder } from './support/store.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const CODES = Object.keys(ERRORS) as ErrorCode[];
const request = { id: 'req-7', headers: { 'content-type': 'text/csv' } };

describe('an error', () => {
  it('carries its code, its status, its field and what caused it', () => {
    const cause = new Error('deeper');
    const error = new LookdialError('invalid-point', 'dials[3] is 7.2.', { cause, field: 'dials[3]' });
    assert.deepEqual([error.code, error.status, error.field, error.cause], ['invalid-point', 400, 'dials[3]', cause]);
    assert.deepEqual(problem(error), {
      type: 'urn:lookdial:error:invalid-point',
      title: ERRORS['invalid-point'].title,
      status: 400,
      detail: 'dials[3] is 7.2.',
      code: 'invalid-point',
      field: 'dials[3]',
    });
    assert.ok(!('field' in problem(new LookdialError('busy', 'Later.'))));
  });

  it('that nobody foresaw says nothing of the inside', () => {
    for (const thrown of [new TypeError('/etc/secret'), 'text', undefined, null, { statusCode: 502 }]) {
      const error = asLookdialError(thrown, request);
      assert.equal(error.code, 'internal');
      assert.match(error.message, /under request req-7/);
      assert.ok(!error.message.includes('secret'));
      assert.equal(error.cause, thrown);
    }
  });

  it('of the server that has a status below 500 stays the client’s', () => {
    const thrown = Object.assign(new Error('Odd.'), { statusCode: 418, code: 'FST_ERR_UNHEARD_OF' });
    assert.equal(asLookdialError(thrown, request).code, 'invalid-request');
    const media = Object.assign(new Error(''), { statusCode: 415, code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE' });
    assert.match(asLookdialError(media, request).message, /text\/csv/);
  });
});

describe('a full disk', () => {
  const full = () => {
    const database = new DatabaseSync(':memory:');
    database.exec('PRAGMA max_page_count = 2; CREATE TABLE t (x)');
    database.exec('INSERT INTO t VALUES (zeroblob(100000))');
  };

  it('is told from other failures, however deep it lies', () => {
    assert.throws(full, error => isDiskFull(error));
    const system = (code: string) => Object.assign(new Error('write'), { code, syscall: 'write' });
    assert.ok(isDiskFull(system('ENOSPC')) && isDiskFull(system('EDQUOT')));
    const wrapped = new LookdialError('store-invalid', 'It stopped.', {
      cause: new Error('x', { cause: system('ENOSPC') }),
    });
    assert.ok(isDiskFull(wrapped));
    for (const other of [system('EIO'), new Error('full'), { code: 'ENOSPC' }, undefined])
      assert.ok(!isDiskFull(other));
    const circle = new Error('circle');
    circle.cause = circle;
    assert.ok(!isDiskFull(circle));
  });

  it('is answered as one, whoever says so', () => {
    assert.throws(full, error => {
      const answer = problem(asLookdialError(error, request));
      return answer.code === 'disk-full' && answer.status === 507 && /Free some space/.test(answer.detail);
    });
  });
});

describe('a damaged database', () => {
  const damaged = async (t: TestContext): Promise<unknown> => {
    const path = join(await temporaryFolder(t), 'cats.sqlite');
    const made = new DatabaseSync(path);
    made.exec("CREATE TABLE cat (name TEXT); INSERT INTO cat VALUES ('Tom')");
    made.close();
    damagePage(path, 'cat');
    const database = new DatabaseSync(path);
    try {
      return database.prepare('SELECT * FROM cat').all();
    } catch (error) {
      return error;
    } finally {
      database.close();
    }
  };

  it('is told from other failures, and answered with where to look', async t => {
    const error = await damaged(t);
    assert.ok(isDatabaseDamaged(error) && !isDiskFull(error) && !isDiskReadOnly(error), String(error));
    const answer = problem(asLookdialError(error, request));
    assert.deepEqual([answer.code, answer.status], ['store-invalid', 500]);
    assert.match(answer.detail, /is damaged\. On the box, npm run doctor -- databases says which, and what to do\.$/);
    assert.ok(!isDatabaseDamaged(new Error('database disk image is malformed')));
  });

  it('and a disk that can only be read are told apart, whoever says so', () => {
    const thrown = Object.assign(new Error('write'), { code: 'EROFS' });
    const sqlite = Object.assign(new Error('attempt to write a readonly database'), { errcode: 8 + 256 });
    for (const cause of [thrown, sqlite]) {
      const answer = problem(asLookdialError(new LookdialError('access-unavailable', 'Not now.', { cause }), request));
      assert.deepEqual([answer.code, answer.status], ['write-failed', 507]);
      assert.match(answer.detail, /npm run doctor -- disk says what to do\.$/);
    }
  });

  it('and a disk that did not take a write are told apart, though SQLite does not say why it did not', () => {
    for (const [errcode, code] of [
      [778, 'write-failed'],
      [1034, 'write-failed'],
      [266, 'access-unavailable'],
    ] as const) {
      const cause = Object.assign(new Error('disk I/O error'), { errcode });
      const answer = problem(asLookdialError(new LookdialError('access-unavailable', 'Not now.', { cause }), request));
      assert.equal(answer.code, code);
    }
  });

  it('and a disk that is full, fails or can only be read stop a start with a sentence; a fault of ours keeps its place', async t => {
    const system = (code: string) => Object.assign(new Error(`${code}: odd, open '/state/x'`), { code });
    const said = (error: unknown): string => startFailure(error)?.message ?? 'as it is';
    assert.match(
      said(await damaged(t)),
      /^A database of the state folder is damaged: .* npm run doctor -- databases\.$/,
    );
    assert.equal(
      said(system('ENOSPC')),
      "The disk is full: ENOSPC: odd, open '/state/x'. Free some space, and start again.",
    );
    assert.match(
      said(system('EROFS')),
      /^The disk can only be read: EROFS: .*\. Look for errors of the disk \(dmesg\)/,
    );
    for (const code of ['EACCES', 'EPERM', 'EIO', 'ERR_SQLITE_ERROR']) {
      assert.match(said(system(code)), /^The state folder cannot be used: .* npm run doctor\.$/);
    }
    assert.equal(said(new LookdialError('busy', 'Later.')), 'Later.');
    assert.match(
      said(new LookdialError('bundle-invalid', 'It is missing.')),
      /^It is missing\. Copy the bundle again, or/,
    );
    assert.equal(said(new TypeError('x is not a function')), 'as it is');
  });
});

describe('the errors', () => {
  it('have titles that are sentences, and statuses that are errors', () => {
    for (const [code, { status, title }] of Object.entries(ERRORS)) {
      assert.match(code, /^[a-z]+(-[a-z]+)*$/);
      assert.match(title, /^[A-Z].*\.$/, code);
      assert.ok(status >= 400 && status <= 599, code);
    }
  });

  it('are each thrown somewhere', () => {
    const source = globSync('device/**/*.ts', { cwd: PROJECT })
      .filter(path => path !== join('device', 'errors.ts'))
      .map(path => readFileSync(join(PROJECT, path), 'utf8'))
      .join('\n');
    for (const code of CODES) assert.ok(source.includes(`'${code}'`), code);
  });
});

describe('docs/errors.md', () => {
  const page = readFileSync(join(PROJECT, 'docs', 'errors.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line => line.split('|').map(cell => cell.trim()));

  it('lists every error and no other, with its status and its title', () => {
    assert.deepEqual(
      rows.map(cells => [cells[1], cells[2], cells[3]]),
      Object.entries(ERRORS).map(([code, { status, title }]) => [`\`${code}\``, String(status), title]),
    );
  });

  it('says of each what to do', () => {
    for (const cells of rows) assert.match(cells[4] ?? '', /^[A-Z].{10,}\.$/, cells[1]);
  });
});
