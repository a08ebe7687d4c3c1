import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeMapFrame } from '../../../device/api/map-frame.ts';
import { readMapAnswer, SHEET, type Sheet } from '../../../ui/lib/map-answer.ts';
import {
  between,
  bounded,
  panned,
  paperFor,
  toScreen,
  toSheet,
  towards,
  whole,
  zoomed,
} from '../../../ui/lib/map-camera.ts';
import { Crowd } from '../../../ui/lib/map-crowd.ts';
import { MapGestures } from '../../../ui/lib/map-gestures.ts';
import { landOf } from '../../../ui/lib/map-land.ts';
import { linesOf, placeName } from '../../../ui/lib/map-names.ts';
import { de } from '../../../ui/locales/de.ts';
import { en } from '../../../ui/locales/en.ts';

const bufferOf = (frame: Buffer): ArrayBuffer =>
  frame.buffer.slice(frame.byteOffset, frame.byteOffset + frame.byteLength) as ArrayBuffer;

/** Garments in rows of a grid. */
function sheetOf(count: number, passes: (garment: number) => boolean = () => true): Sheet {
  const side = Math.ceil(Math.sqrt(count));
  return {
    edition: 'e',
    places: [{ x: 9_000, y: 9_000, garments: count, sku: 'g0', words: [] }],
    skus: Array.from({ length: count }, (_, garment) => `g${garment}`),
    xy: Uint16Array.from({ length: 2 * count }, (_, at) => {
      const garment = at >> 1;
      return 5_000 + ((at % 2 === 0 ? garment % side : Math.floor(garment / side)) * 50_000) / side;
    }),
    place: new Uint8Array(count),
    passes: Uint8Array.from({ length: count }, (_, garment) => Number(passes(garment))),
  };
}

describe('the answer of the map', () => {
  const written = {
    json: JSON.stringify({ edition: 'own@1+2', places: [{ x: 1, y: 2, garments: 3, sku: 'ä', words: [] }] }),
    skus: ['ä', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
    xy: Uint16Array.from({ length: 18 }, (_, at) => at * 3_000),
    place: Uint8Array.from([0, 0, 0, 1, 1, 1, 2, 2, 2]),
    passes: Uint8Array.from([1, 0, 1, 1, 0, 0, 0, 1, 1]),
  };
  const frame = writeMapFrame(written);

  it('is read as it was written', () => {
    const { edition, places, ...rest } = readMapAnswer(bufferOf(frame));
    const { json, ...arrays } = written;
    assert.deepEqual(rest, arrays);
    assert.deepEqual({ edition, places }, JSON.parse(json));
    const none = {
      json: '{"edition":"e","places":[]}',
      skus: [],
      xy: new Uint16Array(),
      place: new Uint8Array(),
      passes: new Uint8Array(),
    };
    assert.deepEqual(readMapAnswer(bufferOf(writeMapFrame(none))).skus, []);
  });

  it('is refused where it is another or was cut short', () => {
    assert.throws(() => readMapAnswer(new ArrayBuffer(3)), /3 bytes/);
    assert.throws(() => readMapAnswer(new ArrayBuffer(40)), /expected LDM1/);
    assert.throws(() => readMapAnswer(bufferOf(frame.subarray(0, 80))), RangeError);
    assert.throws(() => readMapAnswer(bufferOf(frame.subarray(0, -4))), /7 SKUs; expected 9/);
  });
});

describe('the camera', () => {
  const size = { width: 1000, height: 1400 };

  it('keeps the point under the finger under it', () => {
    const finger = { x: 300, y: 900 };
    let camera = whole(size);
    for (const factor of [2, 1.5, 3]) {
      const held = toSheet(camera, size, finger);
      camera = zoomed(camera, size, factor, finger);
      const now = toScreen(camera, size, held);
      assert.ok(Math.hypot(now.x - finger.x, now.y - finger.y) < 1e-6);
    }
  });

  it('never loses the sheet', () => {
    const near = zoomed(whole(size), size, 4, { x: 500, y: 700 });
    const far = panned(near, size, { x: 1e6, y: -1e6 });
    const paper = paperFor(size);
    assert.ok(Math.abs(toSheet(far, size, { x: 0, y: 0 }).x) < 1e-6);
    assert.ok(Math.abs(toSheet(far, size, { x: 0, y: size.height }).y - paper.height) < 1e-6);
    assert.deepEqual(zoomed(near, size, 1e-9, { x: 0, y: 0 }), whole(size));
    assert.ok(bounded({ ...near, scale: 1e9 }, size).scale < 1);
  });

  it('draws the sheet out the way the view is long, and no more than its two directions bear', () => {
    assert.deepEqual(paperFor({ width: 500, height: 500 }), { width: SHEET, height: SHEET });
    assert.deepEqual(paperFor({ width: 500, height: 5_000 }), { width: SHEET, height: SHEET * 1.4 });
    assert.deepEqual(paperFor({ width: 5_000, height: 500 }), { width: SHEET * 1.4, height: SHEET });
  });

  it('flies from one place to another', () => {
    const [from, to] = [whole(size), zoomed(whole(size), size, 8, { x: 100, y: 100 })];
    assert.deepEqual(between(from, to, 0), from);
    assert.ok(Math.abs(between(from, to, 0.5).scale - Math.sqrt(from.scale * to.scale)) < 1e-9);
  });

  it('goes to the next place that lies that way', () => {
    const places = [
      { x: 0, y: 0 },
      { x: 100, y: 10 },
      { x: 300, y: 0 },
      { x: 10, y: 90 },
      { x: Number.NaN, y: Number.NaN },
    ];
    assert.equal(towards(places, 0, 'ArrowRight'), 1);
    assert.equal(towards(places, 1, 'ArrowRight'), 2);
    assert.equal(towards(places, 0, 'ArrowDown'), 3);
    assert.equal(towards(places, 0, 'ArrowLeft'), -1);
    assert.equal(towards(places, 0, 'Enter'), -1);
  });
});

describe('the crowd', () => {
  it('gives no two garments that are shown at once less than their room', () => {
    const sheet = sheetOf(900);
    const crowd = new Crowd(sheet);
    for (const room of [10_000, 6_000, 2_500]) {
      const shown: number[] = [];
      crowd.within(0, 0, SHEET, SHEET, room, garment => shown.push(garment));
      assert.ok(shown.length > 3, `${shown.length} at ${room}`);
      for (const [at, one] of shown.entries()) {
        for (const other of shown.slice(0, at)) {
          const apart = Math.hypot(
            sheet.xy[2 * one]! - sheet.xy[2 * other]!,
            sheet.xy[2 * one + 1]! - sheet.xy[2 * other + 1]!,
          );
          assert.ok(apart >= room, `${one} and ${other} are ${apart} apart`);
        }
      }
    }
  });

  it('shows every garment when one is close enough', () => {
    const seen = new Set<number>();
    new Crowd(sheetOf(500)).within(0, 0, SHEET, SHEET, 200, garment => seen.add(garment));
    assert.equal(seen.size, 500);
  });

  it('finds the garment under a finger, among those that pass alone', () => {
    const crowd = new Crowd(sheetOf(100, garment => garment !== 11));
    assert.equal(crowd.nearest({ x: 5_000, y: 5_000 }, 1_000), 0);
    assert.notEqual(crowd.nearest({ x: 10_000, y: 10_000 }, 9_000), 11);
    assert.equal(crowd.nearest({ x: 10_000, y: 10_000 }, 100), -1);
    assert.equal(crowd.nearest({ x: -9_000, y: 5_000 }, 500), -1);
  });
});

describe('the land', () => {
  it('has a coast around the garments, water around the coast, and a ground for each place', () => {
    const { coast, waters, regions } = landOf(sheetOf(400), { width: SHEET, height: SHEET });
    assert.ok(coast.length > 0);
    assert.equal(waters.length, 3);
    assert.equal(regions.length, 1);
    const width = (rings: typeof coast): number => {
      const across = rings.flat().filter((_, at) => at % 2 === 0);
      return Math.max(...across) - Math.min(...across);
    };
    assert.ok(width(waters[0]!) > width(coast) && width(coast) > 40_000);
    for (const value of coast.flat()) assert.ok(value >= 0 && value <= SHEET);
  });

  it('is there for one garment and for none', () => {
    assert.ok(landOf(sheetOf(1), { width: SHEET, height: SHEET }).coast.length > 0);
    assert.deepEqual(landOf({ ...sheetOf(0), places: [] }, { width: SHEET, height: SHEET }).coast, []);
  });
});

describe('fingers on the map', () => {
  const hands = () => {
    const told: string[] = [];
    const gestures = new MapGestures({
      pan: ({ x, y }) => told.push(`pan ${x},${y}`),
      pinch: (factor, about, by) => told.push(`pinch ${factor} at ${about.x},${about.y} by ${by.x},${by.y}`),
      tap: ({ x, y }) => told.push(`tap ${x},${y}`),
    });
    return { told, gestures };
  };

  it('tap where they hardly move, and drag where they do', () => {
    const { told, gestures } = hands();
    gestures.down(1, { x: 100, y: 100 });
    gestures.move(1, { x: 104, y: 102 });
    gestures.up(1);
    gestures.down(1, { x: 100, y: 100 });
    gestures.move(1, { x: 150, y: 100 });
    gestures.move(1, { x: 160, y: 90 });
    gestures.up(1);
    assert.deepEqual(told, ['tap 100,100', 'pan 50,0', 'pan 10,-10']);
  });

  it('pinch two by two, and tap nothing thereby', () => {
    const { told, gestures } = hands();
    gestures.down(1, { x: 100, y: 100 });
    gestures.down(2, { x: 200, y: 100 });
    gestures.down(3, { x: 500, y: 500 });
    gestures.move(2, { x: 300, y: 100 });
    gestures.move(3, { x: 600, y: 500 });
    gestures.up(3);
    gestures.up(2);
    gestures.move(1, { x: 110, y: 100 });
    gestures.up(1);
    assert.deepEqual(told, ['pinch 2 at 200,100 by 50,0', 'pan 10,0']);
  });

  it('do nothing once they were taken away', () => {
    const { told, gestures } = hands();
    gestures.down(1, { x: 0, y: 0 });
    gestures.cancel(1);
    gestures.move(1, { x: 100, y: 0 });
    gestures.up(1);
    assert.deepEqual(told, []);
  });
});

describe('a place’s name', () => {
  const words = [
    { attribute: 'pattern', values: ['plain'] },
    { attribute: 'category', values: ['T-shirt', 'Polo'] },
  ];

  it('is the catalogue’s words in the language chosen', () => {
    assert.equal(placeName({ words }, en), 'Plain · T-shirts and Polos');
    assert.equal(placeName({ words }, de), 'Einfarbig · T-Shirts und Polos');
    assert.equal(placeName({ words: [{ attribute: 'colour', values: ['Tobacco'] }] }, de), 'Tobacco');
  });

  it('is none where the garments have no word in common', () => {
    assert.equal(placeName({ words: [] }, en), '');
  });

  it('stands on two lines where it is long', () => {
    assert.deepEqual(linesOf('Plain · T-shirts and Polos'), ['Plain', 'T-shirts and Polos']);
    assert.deepEqual(linesOf('Red · Coats'), ['Red · Coats']);
  });
});
