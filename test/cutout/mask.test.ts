import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import sharp from 'sharp';
import { findGarment, methodFor, Scope } from '../../device/cutout/mask.ts';
import { loadOpenCv, type OpenCv } from '../../device/cutout/opencv.ts';
import { doubtsOf, isGarment } from '../../device/cutout/quality.ts';
import { emptyGround, type Ground, type PhotographOptions, photograph } from '../support/photographs.ts';

const SMALL = 300;

interface Seen {
  /** Intersection over union with the true outline. */
  readonly iou: number;
  readonly method: string;
  readonly doubts: readonly string[];
  readonly area: number;
}

describe('the garment in a photograph', () => {
  let cv: OpenCv;
  before(async () => {
    cv = await loadOpenCv();
  });

  const small = (bytes: Buffer | Uint8Array): Promise<{ data: Buffer; info: { width: number; height: number } }> =>
    sharp(bytes).resize(SMALL, SMALL, { fit: 'inside' }).removeAlpha().raw().toBuffer({ resolveWithObject: true });

  const find = async (bytes: Buffer, truth?: Uint8Array, width = 600, height = 800): Promise<Seen> => {
    const { data, info } = await small(bytes);
    const scope = new Scope();
    try {
      const picture = scope.keep(cv.matFromArray(info.height, info.width, cv.CV_8UC3, data));
      const { mask, method, measures } = findGarment(cv, scope, picture);
      let [both, either] = [0, 0];
      for (let y = 0; y < info.height; y += 1) {
        for (let x = 0; x < info.width; x += 1) {
          const [v, u] = [Math.floor(((y + 0.5) / info.height) * height), Math.floor(((x + 0.5) / info.width) * width)];
          const expected = truth?.[v * width + u] === 255;
          const found = mask.data[y * info.width + x] === 255;
          if (expected && found) both += 1;
          if (expected || found) either += 1;
        }
      }
      return { iou: either === 0 ? 0 : both / either, method, doubts: doubtsOf(measures), area: measures.area };
    } finally {
      scope.end();
    }
  };

  const cases: [Ground, PhotographOptions, string][] = [
    ['planks', { colour: '#24508f' }, 'grabcut'],
    ['tiles', { colour: '#a02c3a' }, 'grabcut'],
    ['carpet', { colour: '#e9e2d4' }, 'grabcut'],
    ['paper', { colour: '#24508f' }, 'plain'],
  ];
  for (const [ground, options, method] of cases) {
    it(`is found on ${ground}`, async () => {
      const { bytes, truth } = await photograph({ ground, ...options });
      const seen = await find(bytes, truth);
      assert.deepEqual([seen.method, seen.doubts], [method, []]);
      assert.ok(seen.iou > 0.93, `it covers the garment by ${seen.iou.toFixed(3)}`);
    });
  }

  it('is doubted where it touches the edge, is far off, or has the ground’s colour', async () => {
    const cut = await photograph({ ground: 'tiles', at: [-60, 250] });
    assert.ok((await find(cut.bytes, cut.truth)).doubts.includes('touches-edge'));
    const far = await photograph({ ground: 'tiles', scale: 1.6 });
    assert.ok((await find(far.bytes, far.truth)).doubts.includes('small'));
    const alike = await photograph({ ground: 'tiles', colour: '#aeb6b9' });
    const seen = await find(alike.bytes, alike.truth);
    assert.ok(seen.doubts.length > 0, 'a grey shirt on grey tiles is not taken for well cut out');
  });

  it('is not found where there is none', async () => {
    const { data, info } = await small(await emptyGround('paper'));
    const scope = new Scope();
    const picture = scope.keep(cv.matFromArray(info.height, info.width, cv.CV_8UC3, data));
    const { measures, method } = findGarment(cv, scope, picture);
    scope.end();
    assert.deepEqual([method, isGarment(measures)], ['plain', false]);
  });

  it('takes a ground for plain where nearly all of its outline is white, and for another where a part is not', () => {
    const ground = (dark: number) => {
      const data = new Uint8Array(3 * 100 * 100).fill(250);
      data.fill(200, 0, 3 * dark);
      return methodFor({ rows: 100, cols: 100, data });
    };
    assert.deepEqual([ground(0), ground(5), ground(30)], ['plain', 'plain', 'grabcut']);
  });
});
