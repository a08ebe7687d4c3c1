import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killInArrivals } from '../support/arrival-kills.ts';

test('a daemon that is killed in the midst of arrivals 60 times has lost none that it answered for', async t => {
  const { answered, rounds } = await killInArrivals(t, 60, 2);
  assert.ok(answered > rounds, `${answered} arrivals were answered for`);
});
