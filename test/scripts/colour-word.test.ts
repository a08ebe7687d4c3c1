import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourOf, colourWord, toLab } from '../../scripts/store/colour-word.ts';
import { disc } from '../support/store-model.ts';

test('colours have the words a shop would use', () => {
  const word = (red: number, green: number, blue: number): string => colourWord(toLab(red, green, blue));
  assert.equal(word(10, 10, 12), 'black');
  assert.equal(word(250, 250, 250), 'white');
  assert.equal(word(30, 40, 80), 'navy');
  assert.equal(word(200, 30, 40), 'red');
  assert.equal(word(60, 130, 70), 'green');
  assert.equal(word(130, 130, 130), 'grey');
});

test('Lab is that of CIE 15 for white, black and the primaries of sRGB', () => {
  const near = (actual: readonly number[], expected: readonly number[]): void => {
    for (const [place, value] of expected.entries())
      assert.ok(Math.abs((actual[place] ?? 0) - value) < 0.15, `${actual}`);
  };
  near(toLab(255, 255, 255), [100, 0, 0]);
  near(toLab(0, 0, 0), [0, 0, 0]);
  near(toLab(255, 0, 0), [53.24, 80.09, 67.2]);
  near(toLab(0, 0, 255), [32.3, 79.19, -107.86]);
});

test('the colour is that of the inside, whatever stands at the rim', () => {
  const picture = disc();
  const rgba = picture.rgba.map((byte, at) => (at % 4 === 3 && byte === 0 ? 150 : byte));
  assert.deepEqual(colourOf({ ...picture, rgba }), colourOf(picture));
  assert.deepEqual(colourOf(picture)?.map(Math.round), toLab(180, 30, 40).map(Math.round));
  assert.equal(colourOf({ ...picture, rgba: new Uint8Array(picture.rgba.length) }), undefined);
});
