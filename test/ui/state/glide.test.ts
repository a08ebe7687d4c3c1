import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GLIDE_MS, Glide } from '../../../ui/state/glide.ts';

function frames(reduced = false) {
  let waiting: ((milliseconds: number) => void) | undefined;
  return {
    reduced,
    next: (run: (milliseconds: number) => void) => {
      waiting = run;
      return run;
    },
    cancel: () => {
      waiting = undefined;
    },
    show: (milliseconds: number) => {
      const run = waiting;
      waiting = undefined;
      run?.(milliseconds);
      return run !== undefined;
    },
  };
}

describe('one garment becoming another', () => {
  it('goes all the way, without turning back, and ends exactly there', () => {
    const screen = frames();
    const glide = new Glide(screen);
    const seen: number[][] = [];
    glide.run([0, 10], [1, -10], point => seen.push(point));
    for (let now = 1000; screen.show(now); now += 16);
    assert.deepEqual(seen.at(-1), [1, -10]);
    assert.ok(seen.length > GLIDE_MS / 16 - 1);
    const first = seen.map(([x]) => x!);
    assert.deepEqual(
      first,
      first.toSorted((a, b) => a - b),
    );
    assert.equal(glide.moving, false);
  });

  it('stays where it is when it is stopped', () => {
    const screen = frames();
    const glide = new Glide(screen);
    let steps = 0;
    glide.run([0], [1], () => steps++);
    screen.show(0);
    glide.stop();
    assert.equal(screen.show(100), false);
    assert.equal(steps, 1);
  });

  it('is one step where less motion is asked for', () => {
    const seen: [number[], boolean][] = [];
    new Glide(frames(true)).run([0], [1], (point, done) => seen.push([point, done]));
    assert.deepEqual(seen, [[[1], true]]);
  });
});
