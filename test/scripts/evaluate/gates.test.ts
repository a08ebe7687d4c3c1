import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { GATES, judge, notHeld, trainersGates, verdictOn } from '../../../scripts/evaluate/gates.ts';

const gate = (key: string) => GATES.find(one => one.key === key)!;

test('a figure holds at its floor, and is at the goal at its goal, whichever way the gate opens', () => {
  assert.equal(verdictOn(gate('recall'), 0.9899), 'falls short');
  assert.equal(verdictOn(gate('recall'), 0.99), 'holds');
  assert.equal(verdictOn(gate('recall'), 0.998), 'holds, at the goal');
  assert.equal(verdictOn(gate('errorRatio'), 1.51), 'falls short');
  assert.equal(verdictOn(gate('errorRatio'), 1.5), 'holds');
  assert.equal(verdictOn(gate('errorRatio'), 1.4), 'holds, at the goal');
  assert.equal(verdictOn(gate('psnr'), undefined), 'not measured');
  assert.equal(verdictOn(gate('psnr'), Number.NaN), 'not measured');
});

test('this box’s figure stands before the trainer’s, and each says whose it is', () => {
  const evaluation = {
    gates: [
      { gate: 'recall', key: 'recall', figure: 0.5, floor: 0.99, goal: 0.998 },
      { gate: 'psnr', key: 'psnr', figure: 19.2, floor: 19, goal: 19.5 },
      { gate: 'a sleeve turned', key: 'drawnSleeve', figure: 4, floor: 3, goal: 1.5 },
    ],
  };
  const gates = judge({ recall: 0.995, iou: undefined }, evaluation);
  const of = (key: string) => gates.find(one => one.key === key)!;
  assert.deepEqual([of('recall').figure, of('recall').from, of('recall').verdict], [0.995, 'this box', 'holds']);
  assert.deepEqual([of('psnr').figure, of('psnr').from, of('psnr').verdict], [19.2, 'the trainer', 'holds']);
  assert.deepEqual([of('iou').from, of('iou').verdict], [undefined, 'not measured']);
  assert.deepEqual([of('drawnSleeve').from, of('drawnSleeve').verdict], ['the trainer', 'falls short']);
  assert.ok(of('drawnSleeve').atMost);
  const short = notHeld(gates).map(one => one.key);
  assert.ok(short.includes('iou') && short.includes('drawnSleeve') && !short.includes('psnr'));
});

test('an evaluation of any shape is read for what it has', () => {
  for (const evaluation of [{}, { gates: 'none' }, { gates: [null, 3, {}, { key: 'psnr', figure: 'high' }] }]) {
    assert.deepEqual(trainersGates(evaluation), []);
    assert.ok(judge({}, evaluation).every(({ verdict }) => verdict === 'not measured'));
  }
});

test('the gates are those of the trainer, with the same floors and goals', () => {
  const source = readFileSync(new URL('../../../models/train/gates.py', import.meta.url), 'utf8');
  const written = [...source.matchAll(/Gate\("[^"]*", "(\w+)", ([\d.]+), ([\d.]+)(, True)?\)/g)];
  const theirs = written.map(([, key, floor, goal, atMost]) => [
    key,
    Number(floor),
    Number(goal),
    atMost !== undefined,
  ]);
  assert.deepEqual(
    GATES.map(({ key, floor, goal, atMost }) => [key, floor, goal, atMost]),
    theirs,
  );
});
