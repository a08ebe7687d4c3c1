import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, Progress } from '../../scripts/store/progress.ts';

function terminal(
  isTTY: boolean,
  columns = 80,
): { isTTY: boolean; columns: number; text: string[]; write(t: string): void } {
  const text: string[] = [];
  return { isTTY, columns, text, write: one => text.push(one) };
}

test('away from a terminal there is a plain line now and then, with rate and time left', () => {
  const out = terminal(false);
  let now = 0;
  const progress = new Progress({ terminal: out, label: 'Encoding', unit: 'garments', clock: () => now });
  for (let done = 0; done <= 1_200; done++, now += 10) progress.update(done, 4_522);
  progress.end();
  assert.deepEqual(out.text, [
    'Encoding  0 of 4,522  0 %\n',
    'Encoding  500 of 4,522  11 %  100 garments/s  41 s left\n',
    'Encoding  1,000 of 4,522  22 %  100 garments/s  36 s left\n',
  ]);
});

test('on a terminal a bar is drawn over itself within the width, and taken away at the end', () => {
  const out = terminal(true, 60);
  let now = 0;
  const progress = new Progress({ terminal: out, label: 'Encoding', unit: 'garments', clock: () => now });
  for (let done = 0; done <= 100; done++, now += 20) progress.update(done, 100);
  progress.end();
  assert.equal(out.text[0], '\rEncoding  ░░░░░░░░░░░░░░░░░░░░░░░░  0 of 100  0 %\u001b[K');
  assert.match(out.text.at(-2) ?? '', /^\rEncoding {2}█{24} {2}100 of 100/);
  assert.equal(out.text.at(-1), '\r\u001b[K');
  assert.ok(out.text.every(line => line.replace('\u001b[K', '').length <= 60));
  assert.ok(out.text.length < 25, `drawn ${out.text.length} times in two seconds`);
});

test('the rate forgets what went by at once, long ago', () => {
  const out = terminal(false);
  let now = 0;
  const progress = new Progress({ terminal: out, label: 'Encoding', unit: 'garments', clock: () => now });
  progress.update(0, 2_000);
  now = 10;
  progress.update(1_000, 2_000);
  for (let done = 1_000; done < 1_200; done++, now += 100) progress.update(done, 2_000);
  assert.match(out.text.at(-1) ?? '', /1,15\d of 2,000 {2}57 % {2}10 garments\/s {2}1 min 2\d s left/);
});

test('nothing to do is done', () => {
  const out = terminal(true);
  const progress = new Progress({ terminal: out, label: 'Encoding', unit: 'garments' });
  progress.end();
  progress.update(0, 0);
  assert.match(out.text[0] ?? '', /0 of 0 {2}100 %/);
});

test('times are said as people say them', () => {
  assert.deepEqual([0, 900, 59_000, 61_000, 3_600_000, 7_500_000].map(duration), [
    '0 s',
    '1 s',
    '59 s',
    '1 min 1 s',
    '1 h 0 min',
    '2 h 5 min',
  ]);
});
