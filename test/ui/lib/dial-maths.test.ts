import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fractionOf, placeOf, tapped, valueAt } from '../../../ui/lib/dial-maths.ts';

const range = fc.double({ min: 0.5, max: 100, noNaN: true });

describe('a place on the track', () => {
  it('is the setting it came from, to half a step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), range, (fraction, a) => {
        assert.ok(Math.abs(fractionOf(valueAt(fraction, a), a) - fraction) <= 0.0025 + 1e-12);
      }),
    );
  });

  it('never leaves the range, wherever the finger goes', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), range, (fraction, a) => {
        assert.ok(Math.abs(valueAt(fraction, a)) <= a);
      }),
    );
    assert.equal(fractionOf(7, 5), 1);
    assert.equal(fractionOf(-7, 5), 0);
  });

  it('has the exact middle at 0, so that a reset dial stands there', () => {
    assert.equal(valueAt(0.5, 5), 0);
  });
});

describe('a tap on - or +', () => {
  it('goes from end to end in twenty taps, and stops there', () => {
    let value = -5;
    for (let taps = 0; taps < 20; taps++) value = tapped(value, 1, 5);
    assert.equal(value, 5);
    assert.equal(tapped(value, 1, 5), 5);
  });

  it('comes back to where it was after one tap each way', () => {
    assert.equal(tapped(tapped(1.5, 1, 5), -1, 5), 1.5);
  });

  it('brings a dial that stands beyond its end back onto the track', () => {
    assert.equal(tapped(8, -1, 5), 4.5);
  });
});

describe('the words for a setting', () => {
  it('are the same at equal distance to both sides', () => {
    for (const value of [0.1, 1, 3, 5, 8]) {
      assert.deepEqual(placeOf(value, 5).zone, placeOf(-value, 5).zone);
      assert.equal(placeOf(value, 5).side, 'high');
      assert.equal(placeOf(-value, 5).side, 'low');
    }
  });

  it('grow from the middle to the end', () => {
    assert.deepEqual(
      [0, 0.2, 1, 3, 5, 9].map(value => placeOf(value, 5).zone),
      ['middle', 'middle', 'little', 'well', 'end', 'end'],
    );
  });
});
