import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killInArrivals } from '../support/arrival-kills.ts';
import { oneOf } from '../support/share.ts';

const ROUNDS = Math.round(60 / oneOf());

test(`a daemon that is killed in the midst of arrivals ${ROUNDS} times has lost none that it answered for`, async t => {
  const { answered, rounds } = await killInArrivals(t, ROUNDS, 2);
  t.diagnostic(`${rounds} killed, ${answered} arrivals answered for`);
  assert.ok(answered > rounds, `${answered} arrivals were answered for`);
});
