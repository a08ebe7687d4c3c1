/** Gets a store ready: draws the collection where it is missing, and indexes what is new. */

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Config } from '../../device/config.ts';
import { servedBundle } from '../../device/edition/served-bundle.ts';
import { type Inference, startInference } from '../../device/inference/inference.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { type IndexReport, indexStore } from '../../device/inventory/index-store.ts';
import type { StoreMetadata } from '../../device/inventory/store-record.ts';
import { indexedStore, type StampSource, storeStamp } from '../../device/inventory/store-stamp.ts';
import { isMade, makeCollection } from './atelier/collection.ts';
import { Progress, type Terminal } from './progress.ts';
import { summary } from './report.ts';
import { storeSource } from './sources.ts';

export type StoreConfig = Pick<
  Config,
  | 'store'
  | 'data'
  | 'bundle'
  | 'providers'
  | 'threads'
  | 'ortModule'
  | 'rungTimeoutMs'
  | 'maxPicturePixels'
  | 'maxPictureBytes'
>;

export interface PrepareOptions {
  readonly config: StoreConfig;
  /** Where stores lie that are drawn or got; the state folder unless said otherwise. */
  readonly stores?: string;
  /** The store's name on the screen, where it is not to be its folder's. */
  readonly name?: string | undefined;
  readonly terminal: Terminal;
  readonly print: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Goes by the stamp: where the store, the model and the index are what they were, nothing is done. */
  readonly unlessCurrent?: boolean;
}

/** A path as a person at the prompt would write it. */
export const shownPath = (path: string): string => {
  const way = relative(process.cwd(), path);
  return way === '' ? '.' : way.startsWith('..') ? path : way;
};

/** Whether what is indexed is what the source would give now. A source that has been taken away since gives no more. */
async function isCurrent(indexed: StoreMetadata, source: StampSource, print: (line: string) => void): Promise<boolean> {
  if (!existsSync(source.folder) && indexed.source === source.folder) {
    print(`${source.folder} is not there any more: “${indexed.name}” is served as it was indexed last.`);
    return true;
  }
  // A folder that is not there has no stamp; indexing then says what is missing.
  return indexed.stamp === (await storeStamp(source).catch(() => undefined));
}

/**
 * @returns the report, or undefined where there was nothing to do
 * @throws LookdialError saying what to do; the signal's reason where it was stopped
 */
export async function prepareStore(options: PrepareOptions): Promise<IndexReport | undefined> {
  const { config, terminal, print, signal, unlessCurrent = false } = options;
  const { data } = config;
  const served = await servedBundle(config);
  const { bundle, settings } = served;
  const source = storeSource(config.store, options.stores ?? data);
  const { folder, demonstration } = source;
  const name = options.name ?? source.name;
  const drawn = !demonstration || (await isMade({ folder }));
  if (unlessCurrent && drawn) {
    const indexed = await indexedStore(data, bundle);
    if (indexed !== undefined && (await isCurrent(indexed, { folder, bundle: settings, name, demonstration }, print))) {
      return undefined;
    }
  }
  const { providers, threads, ortModule, rungTimeoutMs } = config;
  print(`Loading the model ${bundle.name} from ${shownPath(bundle.folder)}.`);
  const inference: Inference = await startInference(bundle, {
    providers,
    threads,
    ortModule,
    rungTimeoutMs,
    ...(signal && { signal }),
  });
  const progressOf = (label: string): Progress => new Progress({ terminal, label, unit: 'garments' });
  try {
    if (!drawn) {
      print(`Drawing a demonstration collection into ${shownPath(folder)}.`);
      const progress = progressOf('Drawing');
      try {
        const onProgress = (done: number, total: number): void => progress.update(done, total);
        await makeCollection({ folder, onProgress, ...(signal && { signal }) });
      } finally {
        progress.end();
      }
    }
    print(`Indexing ${shownPath(folder)} into ${shownPath(data)}.`);
    const progress = progressOf('Encoding');
    const began = performance.now();
    let report: IndexReport;
    try {
      const { maxPicturePixels, maxPictureBytes } = config;
      report = await indexStore({
        folder,
        data,
        name,
        demonstration,
        ...served,
        inference,
        maxPicturePixels,
        maxPictureBytes,
        onProgress: ({ done, total }) => progress.update(done, total),
        ...(signal && { signal }),
      });
    } finally {
      progress.end();
    }
    const facts = { name, folder: shownPath(folder), index: shownPath(join(data, INDEX_FILE)) };
    for (const line of summary(report, { ...facts, milliseconds: performance.now() - began })) print(line);
    return report;
  } finally {
    await inference.close();
  }
}
