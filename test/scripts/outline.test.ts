import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlausible, type Outline, outlineOf } from '../../scripts/store/outline.ts';
import { disc } from '../support/store-model.ts';

const measured = (change: (rgba: Uint8Array, size: number) => void, size = 64): Outline | undefined => {
  const picture = disc(size, size / 3);
  const rgba = Uint8Array.from(picture.rgba);
  change(rgba, size);
  return outlineOf({ ...picture, rgba });
};
const alpha = (rgba: Uint8Array, size: number, x: number, y: number, value: number): void => {
  rgba[4 * (y * size + x) + 3] = value;
};

test('a crisp disc is covered by its area, in one piece, with the outline of a disc', () => {
  const outline = measured(() => undefined);
  assert.ok(outline);
  assert.ok(Math.abs(outline.coverage - Math.PI / 9) < 0.01);
  assert.equal(outline.whole, 1);
  assert.equal(outline.softness, 0);
  assert.ok(Math.abs(outline.roughness - 1) < 0.05);
  assert.equal(outline.rim, 0);
  assert.ok(isPlausible(outline));
});

test('what is torn, melted, cropped, tiny or all over the place is not plausible', () => {
  const stripe = measured((rgba, size) => {
    for (let y = 0; y < size; y++) for (let x = 2; x < 8; x++) alpha(rgba, size, x, y, y < 40 ? 255 : 0);
  });
  assert.ok(stripe && stripe.whole < 0.9 && !isPlausible(stripe));
  const melted = measured((rgba, size) => {
    for (let y = 4; y < size - 4; y++) for (let x = 4; x < size - 4; x++) alpha(rgba, size, x, y, 140);
  });
  assert.ok(melted && melted.softness > 5 && !isPlausible(melted));
  const cropped = outlineOf(disc(32, 21));
  assert.ok(cropped && cropped.rim > 0.1 && !isPlausible(cropped));
  const tiny = outlineOf(disc(64, 4));
  assert.ok(tiny && tiny.coverage < 0.02 && !isPlausible(tiny));
  const comb = measured((rgba, size) => {
    for (let y = 20; y < 44; y++) for (let x = 0; x < size; x += 2) alpha(rgba, size, x, y, y === 20 ? 255 : 0);
  });
  assert.ok(comb && comb.roughness > 3 && !isPlausible(comb));
});

test('an opaque picture and an empty one have no outline', () => {
  assert.equal(
    measured(rgba => rgba.fill(255)),
    undefined,
  );
  assert.equal(
    measured(rgba => rgba.fill(0)),
    undefined,
  );
});
