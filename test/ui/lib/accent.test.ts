import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { accentFor, contrast, cssColour, meanColour, type Rgb } from '../../../ui/lib/accent.ts';
import { PAPER } from '../../../ui/styles/paper.ts';

const DARK: Rgb = [24, 22, 20];
const byte = fc.integer({ min: 0, max: 255 });
const colour = fc.tuple(byte, byte, byte) as fc.Arbitrary<Rgb>;

describe('contrast', () => {
  it('is that of WCAG 2.2', () => {
    assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
    assert.equal(contrast([119, 119, 119], [255, 255, 255]).toFixed(2), '4.48');
    assert.equal(contrast([255, 255, 255], [118, 118, 118]).toFixed(2), '4.54');
  });
});

describe('the accent', () => {
  it('keeps 4.5:1 to the paper for a garment of any colour, by day and in a dark room', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom(PAPER, DARK), (garment, paper) => {
        assert.ok(contrast(accentFor(garment, paper), paper) >= 4.5, cssColour(garment));
      }),
      { numRuns: 500 },
    );
  });

  it('is the garment’s own colour where that can be read already', () => {
    const accent = accentFor([140, 40, 50], PAPER);
    for (const [index, value] of [140, 40, 50].entries()) assert.ok(Math.abs(accent[index]! - value) <= 1);
  });

  it('keeps the hue when it has to be darker', () => {
    const [red, green, blue] = accentFor([250, 210, 60], PAPER);
    assert.ok(red > green && green > blue, cssColour([red, green, blue]));
    const [r, g, b] = accentFor([170, 205, 250], PAPER);
    assert.ok(b > g && g > r, cssColour([r, g, b]));
  });
});

describe('the garment’s mean colour', () => {
  const picture = (pixels: number[][]) => ({ width: pixels.length, height: 1, rgba: Uint8Array.from(pixels.flat()) });

  it('is that of what is seen, not of what is clear', () => {
    const mean = meanColour(
      picture([
        [200, 30, 40, 255],
        [200, 30, 40, 255],
        [0, 255, 0, 10],
      ]),
    )!;
    assert.deepEqual(mean.map(Math.round), [200, 30, 40]);
  });

  it('is unknown where nothing is to be seen', () => {
    assert.equal(
      meanColour(
        picture([
          [9, 9, 9, 0],
          [9, 9, 9, 0],
        ]),
      ),
      undefined,
    );
  });
});
