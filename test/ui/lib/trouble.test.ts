import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api, ApiError, DaemonGone, exchange } from '../../../ui/lib/api.ts';
import { troubleFrom, troubleWords } from '../../../ui/lib/trouble.ts';
import { en } from '../../../ui/locales/en.ts';
import { reportedIn } from '../support/reported.ts';

const FAULT = new TypeError('undefined is not a function');

test('what the box refuses is said by its code, and one that does not answer is away; neither is a fault', t => {
  const reported = reportedIn(t);
  const refusal = new ApiError({ type: '', title: '', status: 404, detail: 'no', code: 'not-found' });
  assert.equal(troubleFrom(refusal), 'not-found');
  assert.equal(troubleFrom(new DaemonGone('No answer.')), 'gone');
  assert.deepEqual(reported, []);
});

test('a fault of the page’s own is reported, and never said to be a box that is away', t => {
  const reported = reportedIn(t);
  assert.equal(troubleFrom(FAULT), 'internal');
  assert.deepEqual(reported, [FAULT]);
  assert.equal(troubleWords('internal', en), en.errors.internal);
});

test('a network that fails, a time that is over and an answer that breaks off are a box that is away', async () => {
  for (const thrown of [new TypeError('Failed to fetch'), new DOMException('late', 'TimeoutError')]) {
    await assert.rejects(
      exchange(() => Promise.reject(thrown), '/x', { method: 'GET' }),
      DaemonGone,
    );
  }
  const broken = new Api(async () => new Response('{"half'));
  await assert.rejects(broken.model(), DaemonGone);
});

test('what the page itself cannot write is its own fault, and nothing is asked', async () => {
  let asked = 0;
  const fetch = (): Promise<Response> => {
    asked += 1;
    return Promise.resolve(new Response('{}'));
  };
  await assert.rejects(exchange(fetch, '/x', { method: 'POST', written: { a: 1n } }), TypeError);
  assert.equal(asked, 0);
});
