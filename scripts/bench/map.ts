/** What the map of a store costs, and how much of its neighbourhoods it keeps: the store's own, and stores grown from it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { garmentsOf } from '../../device/matching/index-file.ts';
import type { MapRun } from './map-run.ts';
import type { Result, Suite } from './suite.ts';

/** A larger store than this says nothing new, and takes an hour. */
const MOST = 200_000;

const part = (value: number): string => value.toFixed(3);

function garmentsIn(path: string): number {
  try {
    return garmentsOf(readFileSync(path));
  } catch (cause) {
    throw new LookdialError('index-invalid', `There is no index at ${path}. Make one: npm start, or npm run index.`, {
      cause,
    });
  }
}

export const mapSuite: Suite = {
  name: 'map',
  about: 'drawing the map of the store: seconds, memory, and the neighbours it keeps',
  long: true,
  async run({ config, garments, say }): Promise<Result> {
    const path = join(config.data, INDEX_FILE);
    const sizes = [garmentsIn(path), ...garments.filter(one => one <= MOST)];
    const runs = sizes.map((size): MapRun => {
      say(`drawing the map of ${size} garments`);
      const script = join(import.meta.dirname, 'map-run.ts');
      return JSON.parse(execFileSync(process.execPath, [script, path, String(size)], { encoding: 'utf8' }));
    });
    const columns = [
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
    ];
    return {
      tables: [
        {
          title:
            'The map; of each garment’s 15 nearest by Jeffreys divergence the part that is kept, and trustworthiness',
          columns,
          rows: runs.map(({ garments: count, places, seconds, peakMiB, map, plane, random }) => [
            count,
            places,
            Number(seconds.toFixed(1)),
            Math.round(peakMiB),
            ...[map, plane, random].map(({ kept }) => part(kept)),
            ...[map, plane, random].map(({ trust }) => part(trust)),
          ]),
        },
      ],
      sink: runs.reduce((sum, { map }) => sum + map.kept, 0),
    };
  },
};
