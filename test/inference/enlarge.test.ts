import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { enlarge } from '../../device/inference/enlarge.ts';

/** A row of grey pixels as RGB. */
const row = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap(value => [value, value, value]));
const first = (rgb: Uint8Array, count: number): number[] => Array.from({ length: count }, (_, i) => rgb[3 * i]!);

describe('enlarging', () => {
  it('gives the numbers that Pillow’s bicubic gives for a step', () => {
    const step = row(0, 0, 0, 0, 100, 100, 100, 100);
    const twice = enlarge(step, { width: 8, height: 1 }, { width: 16, height: 4 });
    assert.deepEqual(first(twice, 16), [0, 0, 0, 0, 0, 0, 0, 20, 80, 107, 102, 100, 100, 100, 100, 100]);
    const odd = enlarge(step, { width: 8, height: 1 }, { width: 15, height: 4 });
    assert.deepEqual(first(odd, 15), [0, 0, 0, 0, 0, 0, 0, 50, 102, 105, 100, 100, 100, 100, 100]);
  });

  it('leaves a picture of that size already as it is', () => {
    const rgb = Uint8Array.from({ length: 5 * 4 * 3 }, (_, i) => (i * 37) % 256);
    assert.deepEqual(enlarge(rgb, { width: 5, height: 4 }, { width: 5, height: 4 }), rgb);
  });

  it('does not shift: the mirrored picture comes out mirrored, across and down', () => {
    const values = fc.array(fc.nat({ max: 255 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(values, fc.integer({ min: 6, max: 40 }), (line, to) => {
        const across = enlarge(row(...line), { width: 6, height: 1 }, { width: to, height: 1 });
        const mirrored = enlarge(row(...line.toReversed()), { width: 6, height: 1 }, { width: to, height: 1 });
        // Sums in another order may round to the neighbouring byte.
        const back = first(mirrored, to).toReversed();
        for (const [i, value] of first(across, to).entries()) assert.ok(Math.abs(value - back[i]!) <= 1, `pixel ${i}`);
        const down = enlarge(row(...line), { width: 1, height: 6 }, { width: 1, height: to });
        assert.deepEqual(down, across);
      }),
    );
  });
});
