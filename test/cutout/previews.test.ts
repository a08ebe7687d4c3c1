import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CutOut } from '../../device/cutout/cutouts.ts';
import { Previews } from '../../device/cutout/previews.ts';
import { LookdialError } from '../../device/errors.ts';

const cutOut = (bytes: number): CutOut => ({
  bytes: Buffer.alloc(bytes),
  type: 'image/webp',
  method: 'grabcut',
  measures: { area: 0.3, edge: 0, parts: 1, contrast: 30 },
  doubts: [],
});
const isGone = (error: unknown): boolean => error instanceof LookdialError && error.code === 'cutout-not-found';

test('cut-outs are kept by a name that nobody can guess', () => {
  const previews = new Previews();
  const [first, second] = [previews.keep(cutOut(10)), previews.keep(cutOut(10))];
  assert.match(first.id, /^[0-9a-f]{32}$/);
  assert.notEqual(first.id, second.id);
  assert.equal(previews.get(first.id), first);
  assert.throws(() => previews.get('0'.repeat(32)), isGone);
});

test('the oldest go where they are too many bytes together', () => {
  const previews = new Previews({ mostBytes: 100 });
  const kept = Array.from({ length: 5 }, () => previews.keep(cutOut(40)).id);
  assert.deepEqual(
    kept.map(id => {
      try {
        return previews.get(id).id === id;
      } catch {
        return false;
      }
    }),
    [false, false, false, true, true],
  );
  assert.ok(previews.get(previews.keep(cutOut(500)).id), 'one that is larger than all may be is kept alone');
});

test('they are kept for a while and no longer, whatever the box’s clock says', t => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 4, 4) });
  let now = 0;
  const previews = new Previews({ keepMs: 1000, steady: () => now });
  const { id } = previews.keep(cutOut(1));
  now = 999;
  t.mock.timers.setTime(Date.UTC(2027, 4, 4));
  assert.equal(previews.get(id).id, id);
  now = 1000;
  t.mock.timers.setTime(Date.UTC(2025, 4, 4));
  assert.throws(() => previews.get(id), isGone);
});
