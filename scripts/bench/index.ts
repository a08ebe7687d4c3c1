/** How fast a store is encoded and indexed, from a folder of pictures to the files the daemon opens. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openBundle } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import { CATALOGUE_DATABASE } from '../../device/inventory/catalogue.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { isMade, makeCollection } from '../store/atelier/collection.ts';
import { storeSource } from '../store/sources.ts';
import type { Context, Result, Suite } from './suite.ts';

/** The promise: so many garments within a minute. */
const PROMISED_GARMENTS = 4_522;
const PROMISED_SECONDS = 60;

async function indexFresh(context: Context, data: string): Promise<Result> {
  const { config, say } = context;
  const bundle = await openBundle(config.bundle);
  const { folder, name, demonstration } = storeSource(config.store, config.data);
  const { providers, threads, ortModule, rungTimeoutMs, maxPicturePixels, maxPictureBytes } = config;
  const inference = await startInference(bundle, { providers, threads, ortModule, rungTimeoutMs });
  try {
    if (demonstration && !(await isMade({ folder }))) {
      say('drawing the demonstration collection');
      await makeCollection({ folder });
    }
    say(`indexing ${name}`);
    const began = performance.now();
    const report = await indexStore({ folder, data, bundle, inference, maxPicturePixels, maxPictureBytes });
    const seconds = (performance.now() - began) / 1_000;
    const rate = report.encoded / seconds;
    const database = statSync(join(data, CATALOGUE_DATABASE)).size;
    const columns = [
      'store',
      'garments',
      'encoded',
      'failed',
      'seconds',
      'garments/s',
      'index bytes',
      'catalogue bytes',
    ];
    const figures = [report.garments, report.encoded, report.failed.length, Number(seconds.toFixed(2))];
    const index = statSync(join(data, INDEX_FILE)).size;
    return {
      tables: [
        {
          title: `Indexing, ${bundle.name} on ${inference.provider}`,
          columns,
          rows: [[name, ...figures, Math.round(rate), index, database]],
        },
      ],
      bars: [
        {
          what: `${PROMISED_GARMENTS} garments at this rate`,
          unit: 's',
          got: PROMISED_GARMENTS / rate,
          atMost: PROMISED_SECONDS,
        },
      ],
      sink: index,
    };
  } finally {
    await inference.close();
  }
}

export const indexSuite: Suite = {
  name: 'index',
  about: 'encoding and indexing a store from nothing, garments/s',
  async run(context) {
    mkdirSync(context.config.data, { recursive: true });
    const data = mkdtempSync(join(context.config.data, 'bench-index-'));
    try {
      return await indexFresh(context, data);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  },
};
