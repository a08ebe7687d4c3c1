import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PointMap } from '../../../ui/lib/point-map.ts';

const number = fc.double({ min: -20, max: 20, noNaN: true });

describe('the dials’ scale', () => {
  it('is learnt from two settings, and holds for every other', () => {
    fc.assert(
      fc.property(number, fc.double({ min: 0.01, max: 3, noNaN: true }), number, (mean, slope, u) => {
        const map = new PointMap([mean], [mean + slope * 5], 5);
        const [z] = map.toZ([u]);
        assert.ok(Math.abs(z! - (mean + slope * u)) < 1e-9);
        assert.ok(Math.abs(map.toDials([z!])[0]! - u) < 1e-6);
      }),
    );
  });

  it('keeps a point beyond the dials’ ends where it is', () => {
    const map = new PointMap([0, 0], [1, 2], 5);
    assert.deepEqual(map.toZ(map.toDials([3, -9])), [3, -9]);
  });

  it('leaves a dimension that no dial moves at 0', () => {
    const map = new PointMap([0.5, 1], [0.5, 2], 5);
    assert.deepEqual(map.toDials([7, 1]), [0, 0]);
  });

  it('refuses two settings of different length', () => {
    assert.throws(() => new PointMap([0], [1, 2], 5), /1 numbers at 0 but 2 at the end/);
  });
});
