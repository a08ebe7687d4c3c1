import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { mostDifferent, unlikeReference } from './support/reference-pictures.ts';

const SIZE = { width: 360, height: 240 };

/** Paper with words on it. */
const paper = (svg: string): Promise<Buffer> =>
  sharp({ create: { ...SIZE, channels: 3, background: '#faf7f2' } })
    .composite([
      { input: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240">${svg}</svg>`) },
    ])
    .removeAlpha()
    .raw()
    .toBuffer();
const raw = async (svg: string) => ({ ...SIZE, rgb: await paper(svg) });
const bars = (x: number, fill = '#1c1a17'): string =>
  [0, 1, 2, 3].map(n => `<rect x="${x + 9 * n}" y="100" width="3" height="16" fill="${fill}"/>`).join('');

describe('the comparison of screens with their pictures', () => {
  it('allows what another build does at the edges of letters', async () => {
    const { most } = mostDifferent(await raw(bars(60)), await raw(bars(60.15)));
    assert.ok(most > 0 && most < 18, String(most));
  });

  it('finds a letter that is missing, one in another place, and another colour, and says where', async () => {
    for (const other of ['', bars(64), bars(60, '#b04030')]) {
      const { most, x, y } = mostDifferent(await raw(bars(60)), await raw(other));
      assert.ok(most > 18, String(most));
      // Pixels of the screen, which is twice as large as the picture.
      assert.ok(x > 100 && x < 220 && y > 180 && y < 250, `${x}, ${y}`);
    }
  });

  it('takes no picture of another size', async () => {
    const rgb = Buffer.alloc(3 * 10 * 10);
    assert.equal(mostDifferent({ width: 10, height: 10, rgb }, await raw('')).most, Number.POSITIVE_INFINITY);
  });

  it('says how a screen is kept that has no picture', async () => {
    const screen = await sharp(await paper(''), { raw: { ...SIZE, channels: 3 } })
      .png()
      .toBuffer();
    assert.match(
      (await unlikeReference('no-such-screen', screen)) ?? '',
      /Look at the screen, and keep it: LOOKDIAL_KEEP_SCREENS=1/,
    );
  });
});
