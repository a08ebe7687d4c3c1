import assert from 'node:assert/strict';
import test from 'node:test';
import { agreement } from '../../../../scripts/evaluate/truth/agreement.ts';
import {
  ClosestDrawing,
  COMPARED,
  compared,
  pictureError,
} from '../../../../scripts/evaluate/truth/closest-drawing.ts';
import { withDye, withShare } from '../../../../scripts/evaluate/truth/parameters.ts';
import { Dice } from '../../../../scripts/store/atelier/dice.ts';
import { throwGarment } from '../../../../scripts/store/atelier/garment.ts';
import { rgbaOf } from '../../../../scripts/store/atelier/render.ts';
import { disc } from '../../../support/store-model.ts';

const sweater = throwGarment(new Dice('closest'), { kind: 'sweater' });
const skirt = throwGarment(new Dice('closest'), { kind: 'skirt' });

test('the parameters of a drawing are found from a garment of another cut and dye', async () => {
  const start = withDye(withShare(withShare(sweater, 'length', 0.3), 'sleeve', 0.8), { l: 40, a: 20, b: -10 });
  const truth = withDye(withShare(withShare(sweater, 'length', 0.9), 'sleeve', 0.2), { l: 70, a: -10, b: 30 });
  const picture = await compared({ rgba: await rgbaOf(truth, 128), width: 128, height: 128 });
  const { garment } = await new ClosestDrawing(picture, true).find([skirt, start]);
  const { kind, apart, deltaE } = agreement(truth, garment);
  assert.equal(kind, 1, 'the better of two starts');
  assert.ok(apart.length! < 0.06 && apart.sleeve! < 0.06, JSON.stringify(apart));
  assert.ok(deltaE < 4, String(deltaE));
});

test('pictures are compared whole at one size, over white, and by alpha where they have it', async () => {
  const picture = await compared(disc(32));
  assert.equal(picture.length, COMPARED * COMPARED * 4);
  assert.equal(pictureError(picture, picture, true), 0);
  const [white, nothing] = [new Uint8Array(8).fill(255), Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0])];
  assert.equal(pictureError(white, nothing, false), 0, 'white cloth on white');
  assert.equal(pictureError(white, nothing, true), 0.25);
  const black = Uint8Array.from([0, 0, 0, 255, 0, 0, 0, 255]);
  assert.equal(pictureError(black, nothing, false), 1);
});
