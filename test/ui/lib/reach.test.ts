import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { marginsFor, REACH_MM } from '../../../ui/lib/reach.ts';
import { floorMm, idleMs, inDarkRoom, placeOfScreen } from '../../../ui/lib/screen.ts';

const upright = { width: 1080, height: 1920, mmPerPx: 0.248, floorMm: 800 };

describe('what is put within reach', () => {
  it('is the whole page, until lower controls are asked for', () => {
    assert.deepEqual(marginsFor(upright, false), { head: 0, foot: 0 });
    const { head, foot } = marginsFor(upright, true);
    assert.equal(foot, 0);
    const top = upright.floorMm + (upright.height - head) * upright.mmPerPx;
    assert.ok(Math.abs(top - REACH_MM.high) < 1, `${top} mm`);
  });

  it('leaves what is too low free, asked for or not', () => {
    const low = { ...upright, floorMm: 100, mmPerPx: 0.5 };
    for (const lower of [true, false]) assert.equal(marginsFor(low, lower).foot, 560);
  });

  it('never makes the page smaller than its words can be', () => {
    const high = { ...upright, floorMm: 1_100 };
    const { head, foot } = marginsFor(high, true);
    assert.equal(Math.round((high.height - head - foot) * high.mmPerPx), 384);
    const lying = { width: 1920, height: 1080, mmPerPx: 0.248, floorMm: 1_500 };
    assert.equal(Math.round((lying.height - marginsFor(lying, true).head) * lying.mmPerPx), 216);
  });

  it('is between 380 and 1220 mm on every screen that hangs low enough', () => {
    const screen = fc.record({
      height: fc.integer({ min: 1_080, max: 3_840 }),
      heightMm: fc.integer({ min: 400, max: 1_500 }),
      floorMm: fc.integer({ min: 100, max: 836 }),
    });
    fc.assert(
      fc.property(screen, ({ height, heightMm, floorMm }) => {
        const mmPerPx = heightMm / height;
        const { head, foot } = marginsFor({ width: (height * 9) / 16, height, mmPerPx, floorMm }, true);
        assert.ok(floorMm + (height - head) * mmPerPx <= REACH_MM.high + 1);
        assert.ok(floorMm + foot * mmPerPx >= REACH_MM.low - 1 || heightMm - foot * mmPerPx <= 385);
      }),
    );
  });
});

describe('what the page’s address says of the screen', () => {
  it('is how it hangs, how long it waits, what it is called and where it stands', () => {
    const search = '?floorMm=650&idle=90&place=%20Window%20&room=dark';
    assert.deepEqual(
      [floorMm(search), idleMs(search), placeOfScreen(search), inDarkRoom(search)],
      [650, 90_000, 'Window', true],
    );
    assert.equal(idleMs('?idle=off'), undefined);
  });

  it('is what is usual where it says nothing, or nonsense', () => {
    for (const search of ['', '?floorMm=&idle=', '?floorMm=-1&idle=2', '?floorMm=low&idle=soon&room=light']) {
      assert.deepEqual(
        [floorMm(search), idleMs(search), placeOfScreen(search), inDarkRoom(search)],
        [800, 60_000, '', false],
      );
    }
    assert.equal(placeOfScreen(`?place=${'x'.repeat(99)}`).length, 60);
  });
});
