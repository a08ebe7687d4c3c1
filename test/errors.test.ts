import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { asLookdialError, problem } from '../device/api/problems.ts';
import { ERRORS, type ErrorCode, isDiskFull, LookdialError } from '../device/errors.ts';

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
