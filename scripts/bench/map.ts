/** What the map of a store costs, in the daemon and on the screen, and how much of its neighbourhoods it keeps: the store's own, and larger ones with its structure. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { MAP_FILE } from '../../device/edition/store-maps.ts';
import { openBundle } from '../../device/inference/bundle.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { HAND_FLAG } from './hand.ts';
import { growStore } from './map/grown-store.ts';
import { type MapOnScreen, mapOnScreen } from './map/on-screen.ts';
import type { MapRun } from './map/run.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Bar, Context, Result, Suite, Table } from './suite.ts';

/** A larger store than this says nothing new. */
const MOST = 200_000;
/** What is promised of a picture under a finger holds for the map under it too, milliseconds. */
const FRAME = { p50: 33, p95: 100 } as const;

const rounded = (value: number): number => Number(value.toPrecision(3));
const part = (value: number): string => value.toFixed(3);

/** The store that is measured: indexed first, where that has not been done. @returns its state folder */
async function grown(context: Context, own: string, garments: number): Promise<string> {
  const { config, seed, say } = context;
  const folder = join(own, `grown-${garments}`);
  say(`making a store of ${garments} garments`);
  await growStore(own, folder, await openBundle(config.bundle), garments, seed);
  return folder;
}

function make(folder: string): MapRun {
  const script = join(import.meta.dirname, 'map', 'run.ts');
  const args = [script, join(folder, INDEX_FILE), join(folder, MAP_FILE)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

async function show(context: Context, folder: string): Promise<MapOnScreen> {
  const daemon = await startDaemon(context, folder);
  const browser = await launchBrowser({ webgl: false, flags: [HAND_FLAG] });
  try {
    return await mapOnScreen(browser, daemon.address);
  } finally {
    await browser.close();
    await daemon.stop();
  }
}

interface Measured {
  readonly made: MapRun;
  readonly seen: MapOnScreen;
}

const madeTable = (measured: readonly Measured[]): Table => ({
  title: 'The map; of each garment’s 15 nearest by Jeffreys divergence the part that is kept, and trustworthiness',
  columns: [
    'garments',
    'places',
    'seconds',
    'peak MiB',
    'kept: map',
    'plane',
    'random',
    'trust: map',
    'plane',
    'random',
  ],
  rows: measured.map(({ made: { garments, places, seconds, peakMiB, map, plane, random } }) => [
    garments,
    places,
    rounded(seconds),
    Math.round(peakMiB),
    ...[map, plane, random].map(({ kept }) => part(kept)),
    ...[map, plane, random].map(({ trust }) => part(trust)),
  ]),
});

const seenTable = (measured: readonly Measured[]): Table => ({
  title: 'On an upright screen in Chromium, drawn without a graphics card; milliseconds',
  columns: [
    'garments',
    'answer bytes',
    'first answer',
    'later',
    'tap to the store',
    'to its pictures',
    'longest frame',
    'panned: frame p50',
    'p95',
    'longest',
    'pinched: frame p50',
    'p95',
    'longest',
  ],
  rows: measured.map(({ made: { garments }, seen }) => [
    garments,
    seen.bytes,
    ...[seen.firstAnswer, seen.answer, seen.drawn, seen.pictured, seen.still].map(rounded),
    ...[seen.panned, seen.pinched].flatMap(({ p50, p95, longest }) => [p50, p95, longest].map(rounded)),
  ]),
});

function barsOf({ made: { garments }, seen }: Measured): Bar[] {
  return (['panned', 'pinched'] as const).flatMap(how =>
    (['p50', 'p95'] as const).map(which => ({
      what: `${garments} garments, ${how}: frame ${which}`,
      unit: 'ms',
      got: seen[how][which],
      atMost: FRAME[which],
    })),
  );
}

export const mapSuite: Suite = {
  name: 'map',
  about:
    'the map of the store: seconds, memory, the neighbours it keeps; on the screen, until it is drawn and its frames',
  long: true,
  async run(context): Promise<Result> {
    const { garments, say } = context;
    // The store that the kiosk's bench has.
    const own = stateOf(context, 'kiosk');
    await prepare(context, own);
    const measured: Measured[] = [];
    for (const size of [undefined, ...garments.filter(one => one <= MOST)]) {
      const folder = size === undefined ? own : await grown(context, own, size);
      say(size === undefined ? 'making the store’s own map' : `making the map of ${size} garments`);
      const made = make(folder);
      say(`${rounded(made.seconds)} s; looking at it`);
      measured.push({ made, seen: await show(context, folder) });
    }
    return {
      tables: [madeTable(measured), seenTable(measured)],
      bars: measured.flatMap(barsOf),
      sink: measured.reduce((sum, { made }) => sum + made.map.kept, 0),
    };
  },
};
