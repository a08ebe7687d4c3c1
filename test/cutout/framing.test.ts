import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf, FILL, frame, type Layer } from '../../device/cutout/framing.ts';

/** A picture of 100 x 60 with a solid red box, on a green ground. */
function layer(left: number, top: number, width: number, height: number): Layer {
  const [rgb, alpha] = [new Uint8Array(3 * 100 * 60), new Uint8Array(100 * 60)];
  for (let y = 0; y < 60; y += 1) {
    for (let x = 0; x < 100; x += 1) {
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      rgb.set(inside ? [200, 10, 20] : [10, 200, 20], 3 * (y * 100 + x));
      alpha[y * 100 + x] = inside ? 255 : 0;
    }
  }
  return { width: 100, height: 60, rgb, alpha };
}

test('the garment’s longer side fills the frame but for the margin, and it lies in the middle', () => {
  const framed = frame(layer(55, 5, 40, 20), 'grabcut');
  assert.ok(framed);
  const { size, rgba } = framed;
  assert.equal(size, Math.ceil(40 / FILL));
  const alpha = rgba.filter((_, at) => at % 4 === 3);
  const box = boxOf({ width: size, height: size, alpha });
  assert.deepEqual([box?.width, box?.height], [40, 20]);
  assert.ok(Math.abs(2 * (box?.left ?? 0) + 40 - size) <= 2 && Math.abs(2 * (box?.top ?? 0) + 20 - size) <= 2);
});

test('the ground’s colour is nowhere in a cut-out, and white is all that a plain picture has outside', () => {
  const cut = frame(layer(20, 10, 30, 30), 'grabcut');
  const plain = frame(layer(20, 10, 30, 30), 'plain');
  assert.ok(cut && plain);
  for (let at = 0; at < cut.rgba.length; at += 4) {
    assert.deepEqual([...cut.rgba.subarray(at, at + 3)], [200, 10, 20]);
    const [r, g, , alpha] = plain.rgba.subarray(at, at + 4);
    assert.ok(alpha === 255 && (r === 255 ? g === 255 : r === 200));
  }
});

test('a garment at the edge of its photograph is framed as another, and nothing solid is nothing', () => {
  assert.equal(frame(layer(0, 0, 50, 60), 'grabcut')?.size, Math.ceil(60 / FILL));
  assert.equal(frame(layer(0, 0, 0, 0), 'plain'), undefined);
});
