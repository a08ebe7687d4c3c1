import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Dice } from '../../scripts/store/atelier/dice.ts';
import { drawGarment, extentOf } from '../../scripts/store/atelier/draw.ts';
import { SIDE } from '../../scripts/store/atelier/drawing.ts';
import { type Garment, measureAt, throwGarment } from '../../scripts/store/atelier/garment.ts';
import { lerp } from '../../scripts/store/atelier/geometry.ts';
import type { Kind, MeasureName } from '../../scripts/store/atelier/kind.ts';
import { KIND_NAMES, KINDS, type KindName } from '../../scripts/store/atelier/kinds/index.ts';
import { rgbaOf } from '../../scripts/store/atelier/render.ts';

const SIZE = 96;

const measuresOf = (kind: KindName): MeasureName[] => Object.keys(KINDS[kind].measures) as MeasureName[];

/** A garment of middle measures but those given, as shares of their ranges. */
function cut(kind: KindName, shares: Partial<Record<MeasureName, number>>, name = 'cut'): Garment {
  const spec: Kind = KINDS[kind];
  const measures = Object.fromEntries(
    measuresOf(kind).map(measure => {
      const share = shares[measure];
      const [low, high] = spec.measures[measure]!;
      return [measure, share === undefined ? measureAt(spec, measure, 0) : lerp(low, high, share)];
    }),
  );
  return { ...throwGarment(new Dice(name), { kind }), measures };
}

/** Whether a pixel is of the garment, by column and row of a picture `SIZE` wide. */
async function silhouette(garment: Garment): Promise<(x: number, y: number) => boolean> {
  const rgba = await rgbaOf(garment, SIZE);
  return (x, y) => rgba[(y * SIZE + x) * 4 + 3]! > 127;
}

const rows = Array.from({ length: SIZE }, (_, y) => y);
const middle = SIZE / 2;

/** The silhouette's measurements, px of the picture. */
async function measured(garment: Garment) {
  const inside = await silhouette(garment);
  const runs = rows.map(y => rows.filter(x => inside(x, y)));
  const used = rows.filter(y => runs[y]!.length > 0);
  const [top, bottom] = [used[0]!, used.at(-1)!];
  const central = rows.map(y => {
    let x = middle;
    while (x < SIZE && inside(x, y)) x++;
    return x - middle;
  });
  const crotch = used.find(y => y > top + 8 && !inside(middle, y));
  return {
    area: runs.reduce((sum, run) => sum + run.length, 0),
    height: bottom - top + 1,
    top,
    bottom,
    width: Math.max(...runs.map(run => (run.at(-1) ?? 0) - (run[0] ?? 0))),
    /** Pixels from the centre line to the first gap, at each row. */
    central,
    rows: runs.map(run => run.length),
    crotch,
    inside,
  };
}

test('every kind at either end of each of its measures is a garment inside the picture, without a number gone wrong', async () => {
  for (const kind of KIND_NAMES) {
    for (const measure of measuresOf(kind)) {
      for (const share of [0, 1]) {
        const garment = cut(kind, { [measure]: share }, `${kind}/${measure}/${share}`);
        const svg = drawGarment(garment, SIZE);
        assert.doesNotMatch(svg, /NaN|Infinity|undefined/, `${kind}, ${measure} at ${share}`);
        const { area, inside } = await measured(garment);
        const covered = area / SIZE ** 2;
        assert.ok(covered > 0.05 && covered < 0.7, `${kind}, ${measure} at ${share}: covers ${covered}`);
        const rim = rows.some(i => inside(i, 0) || inside(i, SIZE - 1) || inside(0, i) || inside(SIZE - 1, i));
        assert.ok(!rim, `${kind}, ${measure} at ${share}: touches the picture's rim`);
      }
    }
  }
});

test('any garment of any kind fits into the picture and is drawn without a number gone wrong', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const any = fc.record({
    kind: fc.constantFrom(...KIND_NAMES),
    shares: fc.array(share, { minLength: 10, maxLength: 10 }),
    name: fc.string(),
  });
  fc.assert(
    fc.property(any, ({ kind, shares, name }) => {
      const garment = cut(kind, Object.fromEntries(measuresOf(kind).map((measure, i) => [measure, shares[i]!])), name);
      const { width, height } = extentOf(garment);
      assert.ok(width < SIDE - 12 && height < SIDE - 12, `${kind}: ${width} x ${height}`);
      assert.doesNotMatch(drawGarment(garment), /NaN|Infinity|undefined/);
    }),
    { numRuns: 400 },
  );
});

const withMeasure = (measure: MeasureName): KindName[] => KIND_NAMES.filter(kind => measuresOf(kind).includes(measure));

/** `read` at the two ends of a measure, all else alike. */
async function ends<T>(
  kind: KindName,
  measure: MeasureName,
  read: (m: Awaited<ReturnType<typeof measured>>) => T,
  others: Partial<Record<MeasureName, number>> = {},
): Promise<[T, T]> {
  const [low, high] = [
    await measured(cut(kind, { ...others, [measure]: 0 })),
    await measured(cut(kind, { ...others, [measure]: 1 })),
  ];
  return [read(low), read(high)];
}

const px = (kind: KindName, measure: MeasureName): number => {
  const [low, high] = (KINDS[kind] as Kind).measures[measure]!;
  return ((high - low) * KINDS[kind].scale * SIZE) / SIDE;
};

test('a longer garment is longer by as much as its measure says', async () => {
  for (const kind of withMeasure('length')) {
    const [low, high] = await ends(kind, 'length', m => m.height, { sleeve: 0, leg: 0.5 });
    const wanted = px(kind, 'length');
    assert.ok(
      high - low > wanted * 0.6 && high - low < wanted * 1.2 + 2,
      `${kind}: ${high - low} px, and not about ${wanted}`,
    );
  }
});

test('a longer sleeve reaches further from the neck, by most of what its measure says', async () => {
  for (const kind of withMeasure('sleeve')) {
    // Right of the body there is nothing but the sleeve.
    const chest = measureAt(KINDS[kind], 'width', 0);
    const beside = middle + Math.ceil(((chest + 6) * KINDS[kind].scale * SIZE) / SIDE);
    const [low, high] = await ends(
      kind,
      'sleeve',
      ({ inside, top }) => {
        let furthest = 0;
        for (const y of rows)
          for (let x = beside; x < SIZE; x++)
            if (inside(x, y)) furthest = Math.max(furthest, Math.hypot(x - middle, y - top));
        return furthest;
      },
      { length: 0.5, flare: 0 },
    );
    assert.ok(
      high - low > px(kind, 'sleeve') * 0.5,
      `${kind}: ${low} to ${high}, for ${px(kind, 'sleeve')} px of sleeve`,
    );
  }
});

test('width, shoulder and leg add cloth; a waist taken in takes some away', async () => {
  for (const [measure, sign] of [
    ['width', 1],
    ['shoulder', 1],
    ['leg', 1],
    ['waist', -1],
  ] as const) {
    for (const kind of withMeasure(measure)) {
      const [low, high] = await ends(kind, measure, m => m.area);
      assert.ok((high - low) * sign > 20, `${kind}, ${measure}: area ${low} to ${high}`);
    }
  }
});

test('flare widens the hem and leaves the shoulders alone', async () => {
  for (const kind of withMeasure('flare')) {
    const hem = await ends(kind, 'flare', ({ central, bottom }) => central[bottom - 6]!, { length: 1, sleeve: 0 });
    assert.ok(hem[1] - hem[0] > px(kind, 'flare') * 0.55, `${kind}: hem ${hem}`);
    const upper = await ends(kind, 'flare', ({ rows, top }) => rows[top + 8]!, { length: 1, sleeve: 0 });
    assert.ok(Math.abs(upper[1] - upper[0]) <= 6, `${kind}: upper ${upper}`);
  }
});

test('a higher rise sets the legs apart further down', async () => {
  for (const kind of withMeasure('rise')) {
    const [low, high] = await ends(kind, 'rise', ({ crotch, top }) => (crotch ?? 0) - top, { length: 1 });
    assert.ok(high - low > px(kind, 'rise') * 0.6, `${kind}: ${low} to ${high}`);
  }
});

test('the neck changes what is between the shoulders more than all else', async () => {
  for (const kind of withMeasure('neck')) {
    const [a, b] = await Promise.all(
      [0, 1].map(async share => {
        const garment = cut(kind, { neck: share, length: 1 });
        return await rgbaOf({ ...garment, fabric: { ...garment.fabric, weave: 'plain' } }, SIZE);
      }),
    );
    const reach = (11 * KINDS[kind].scale * SIZE) / SIDE;
    let [within, beyond] = [0, 0];
    for (let i = 0; i < SIZE ** 2; i++) {
      const difference = [0, 1, 2].reduce((sum, c) => sum + Math.abs(a![i * 4 + c]! - b![i * 4 + c]!), 0);
      if (Math.abs((i % SIZE) - middle) < reach) within += difference;
      else beyond += difference;
    }
    assert.ok(within > 1500 && within > 1.5 * beyond, `${kind}: ${within} within, ${beyond} beyond`);
  }
});

test('an SVG is well formed: tags close in order, no id is there twice, and every reference is kept', () => {
  for (const kind of KIND_NAMES) {
    for (let number = 0; number < 6; number++) {
      const svg = drawGarment(throwGarment(new Dice(`form/${number}`), { kind }));
      const open: string[] = [];
      for (const [, close, name, empty] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s+[\w:-]+="[^"<&]*")*\s*(\/?)>/g)) {
        if (close) assert.equal(open.pop(), name, kind);
        else if (!empty) open.push(name!);
      }
      assert.deepEqual(open, [], kind);
      assert.equal(
        svg.replaceAll(/<\/?[a-zA-Z]+(?:\s+[\w:-]+="[^"<&]*")*\s*\/?>/g, ''),
        '',
        `${kind}: there is more than tags`,
      );
      const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
      assert.equal(new Set(ids).size, ids.length, kind);
      for (const [, a, b] of svg.matchAll(/url\(#([^)]+)\)|href="#([^"]+)"/g))
        assert.ok(ids.includes(a ?? b!), `${kind}: ${a ?? b}`);
    }
  }
});
