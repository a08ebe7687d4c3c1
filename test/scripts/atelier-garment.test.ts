import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dice } from '../../scripts/store/atelier/dice.ts';
import { drawGarment } from '../../scripts/store/atelier/draw.ts';
import { companion } from '../../scripts/store/atelier/fabrics.ts';
import { normalShare, SCORE_LIMIT, throwGarment } from '../../scripts/store/atelier/garment.ts';
import { distance, fit, hex, labOf } from '../../scripts/store/atelier/lab.ts';
import { colourName, PALETTE } from '../../scripts/store/atelier/palette.ts';

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const mean = (v: readonly number[]): number => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((x, i) => (x - ma) * (b[i]! - mb)));
  return covariance / Math.sqrt(mean(a.map(x => (x - ma) ** 2)) * mean(b.map(x => (x - mb) ** 2)));
};

test('the same name throws the same garment and draws the same picture', () => {
  for (let i = 0; i < 20; i++) {
    const [a, b] = [throwGarment(new Dice(`same/${i}`)), throwGarment(new Dice(`same/${i}`))];
    assert.deepEqual(a, b);
    assert.equal(drawGarment(a), drawGarment(b));
  }
});

test('dice of neighbouring names are independent, and as spread as they should be', () => {
  const throws = Array.from({ length: 4000 }, (_, i) => new Dice(`7/${i}/length`).normal());
  const other = Array.from({ length: 4000 }, (_, i) => new Dice(`7/${i}/width`).normal());
  assert.ok(Math.abs(throws.reduce((s, x) => s + x, 0) / 4000) < 0.06);
  assert.ok(Math.abs(throws.reduce((s, x) => s + x * x, 0) / 4000 - 1) < 0.1);
  assert.ok(Math.abs(correlation(throws.slice(1), throws.slice(0, -1))) < 0.06);
  assert.ok(Math.abs(correlation(throws, other)) < 0.06);
});

test('one throw more for one purpose moves no other', () => {
  const dice = new Dice('purpose');
  const before = dice.for('sleeve').uniform();
  dice.uniform();
  assert.equal(dice.for('sleeve').uniform(), before);
});

test('dice pick as often as the weights say, and never what weighs nothing', () => {
  const counts = { a: 0, b: 0, c: 0 };
  for (let i = 0; i < 3000; i++) counts[new Dice(`pick/${i}`).pick({ a: 3, b: 1, c: 0 })]++;
  assert.equal(counts.c, 0);
  assert.ok(Math.abs(counts.a / 3000 - 0.75) < 0.04, String(counts.a));
});

test('garments of one look differ in measures and dye alone', () => {
  const [a, b] = ['one', 'other'].map(name => throwGarment(new Dice(name), { look: new Dice('look') }));
  assert.equal(a!.kind, b!.kind);
  assert.deepEqual(a!.style, b!.style);
  assert.equal(a!.fabric.weave, b!.fabric.weave);
  assert.equal(a!.fabric.repeat, b!.fabric.repeat);
  assert.notDeepEqual(a!.measures, b!.measures);
  assert.notDeepEqual(a!.fabric.colour, b!.fabric.colour);
});

test('a score is the percentile of its measure', () => {
  for (const [score, share] of [
    [0, 0.5],
    [1.2815515655446004, 0.9],
    [-1.6448536269514722, 0.05],
    [SCORE_LIMIT, 0.9918024640754038],
  ] as const) {
    assert.ok(Math.abs(normalShare(score) - share) < 1e-6, String(score));
  }
});

test('a colour goes to Lab and back, and one that no screen shows keeps its hue and lightness', () => {
  for (const colour of ['#000000', '#ffffff', '#1f2c47', '#d2382f', '#93a487']) {
    const lab = labOf(colour);
    assert.ok(lab.l < 1 || lab.l > 99 || hex(lab) === colour, `${colour}: ${hex(lab)}`);
  }
  const wild = { l: 60, a: 120, b: -60 };
  const shown = fit(wild);
  assert.equal(shown.l, 60);
  assert.ok(Math.abs(shown.b / shown.a - wild.b / wild.a) < 1e-9);
  assert.ok(shown.a < wild.a);
});

test('every colour of the palette bears its own name, and no two are alike', () => {
  for (const { name, colour } of PALETTE) {
    assert.equal(colourName(colour), name);
    for (const other of PALETTE)
      assert.ok(other.name === name || distance(colour, other.colour) > 5, `${name}, ${other.name}`);
  }
});

test('a pattern is never so near its ground that it could not be seen', () => {
  for (const { name, colour } of PALETTE) {
    for (const contrast of [0, 0.5, 1])
      assert.ok(distance(companion(colour, contrast), colour) >= 19, `${name} at ${contrast}`);
  }
});
