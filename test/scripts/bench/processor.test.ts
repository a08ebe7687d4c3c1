import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processorSeconds } from '../../../scripts/bench/load/processor.ts';

test('the processor’s seconds of a process are those that it has used', () => {
  const [before, own] = [processorSeconds([process.pid]), process.cpuUsage()];
  const began = performance.now();
  while (performance.now() - began < 300);
  const used = process.cpuUsage(own);
  const seconds = (used.user + used.system) / 1e6;
  assert.ok(Math.abs(processorSeconds([process.pid]) - before - seconds) < 0.06, `${seconds} s`);
});

test('a process that has ended counts for nothing', () => {
  assert.equal(processorSeconds([2 ** 22 + 1]), 0);
});
