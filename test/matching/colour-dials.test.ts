import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { centralOf } from '../../device/matching/central.ts';
import { colourDials } from '../../device/matching/colour-dials.ts';
import { Random } from '../../device/matching/random.ts';
import { drawSurprise } from '../../device/matching/surprise.ts';
import { indexOf } from './support.ts';

const random = new Random(11);
const COLOURS = ['red', 'green', 'blue'];
/** The first dimension is the colour's, the second half, the third none of it. */
const entries = Array.from({ length: 90 }, (_, at) => ({
  sku: `g${at}`,
  mu: [(at % 3) * 2 + 0.2 * random.normal(), (at % 3) + 1.6 * random.normal(), random.normal()],
  sigma: [0.1, 0.1, 0.1],
}));
const index = indexOf(entries, 3);
const colours = entries.map((_, row) => COLOURS[Number(index.sku(row).slice(1)) % 3]!);

describe('the dials of the colour', () => {
  it('are those in which garments of one colour are alike', () => {
    assert.deepEqual(colourDials(index, 3, colours), [0]);
  });

  it('are none where the catalogue says too little of colours', () => {
    assert.deepEqual(
      colourDials(
        index,
        3,
        colours.map(() => null),
      ),
      [],
    );
    assert.deepEqual(
      colourDials(
        index,
        3,
        colours.map(() => 'red'),
      ),
      [],
    );
    assert.deepEqual(
      colourDials(
        index,
        3,
        colours.map((_, at) => `of its own ${at}`),
      ),
      [],
    );
    const few = colours.map((colour, at) => (at < 40 ? colour : null));
    assert.deepEqual(colourDials(index, 3, few), []);
  });
});

describe('one garment for many', () => {
  it('is the one nearest to their middle', () => {
    const three = indexOf(
      [[0], [5], [7]].map((mu, at) => ({ sku: `${at}`, mu, sigma: [1] })),
      1,
    );
    assert.equal(three.sku(centralOf(three, 1, [0, 1, 2])), '1');
    assert.equal(centralOf(three, 1, [2]), 2);
  });
});

describe('a surprise that keeps some dials', () => {
  const draw = (seed: number, tolerance = 0.1) =>
    drawSurprise(index, new Random(seed), undefined, { on: [0], z: [4, 9, 9], tolerance })!;

  it('keeps them to the last digit, and draws the others from a garment that has them', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { row, z } = draw(seed);
      seen.add(row);
      assert.equal(z[0], 4);
      assert.ok(Math.abs(index.posterior(row).mu[0]! - 4) < 1, 'a garment of another colour was drawn');
      assert.ok(Math.abs(z[2]! - index.posterior(row).mu[2]!) < 0.6);
    }
    assert.ok(seen.size > 8, `only ${seen.size} garments were ever drawn`);
  });

  it('draws each garment as often as its likelihood says', () => {
    const two = indexOf(
      [
        { sku: 'a', mu: [0], sigma: [1] },
        { sku: 'b', mu: [1], sigma: [1] },
      ],
      1,
    );
    // At 0 the odds of a are exp(1/2) to 1.
    const wanted = Math.exp(0.5) / (1 + Math.exp(0.5));
    let times = 0;
    for (let seed = 0; seed < 4_000; seed++) {
      const { row } = drawSurprise(two, new Random(seed), undefined, { on: [0], z: [0], tolerance: 0 })!;
      if (two.sku(row) === 'a') times++;
    }
    assert.ok(Math.abs(times / 4_000 - wanted) < 0.03, `${times / 4_000}, expected ${wanted}`);
  });

  it('heeds the filter', () => {
    const allowed = new Uint8Array(index.count);
    allowed[3] = 1;
    for (let seed = 0; seed < 20; seed++) {
      assert.equal(drawSurprise(index, new Random(seed), allowed, { on: [0], z: [4, 0, 0], tolerance: 0.1 })?.row, 3);
    }
  });
});
