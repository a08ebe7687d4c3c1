import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killInArrivals } from '../../support/arrival-kills.ts';

test('a daemon that is killed in the midst of arrivals has lost none that it answered for', async t => {
  const { answered } = await killInArrivals(t, 4);
  assert.ok(answered > 0, 'some were answered for');
});
