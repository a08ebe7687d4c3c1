/** The daemon as people start it, over a small collection of the atelier's and the model that ships with it. */
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { openBundle } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import { indexStore } from '../../device/inventory/index-store.ts';
import { COLLECTION_NAME, makeCollection } from '../../scripts/store/atelier/collection.ts';
import { MainProcess } from './main-process.ts';

const BUNDLE = resolve(import.meta.dirname, '../../models/atelier');

/** Draws `garments` of the demonstration's and indexes them by a bundle. @returns the state folder, in `folder` */
export async function atelierState(folder: string, garments = 12, bundleFolder = BUNDLE): Promise<string> {
  const data = join(folder, 'state');
  const store = join(data, 'atelier');
  await makeCollection({ folder: store, garments, jobs: 1 });
  const bundle = await openBundle(bundleFolder);
  const inference = await startInference(bundle, {
    providers: ['cpu'],
    threads: 1,
    ortModule: 'onnxruntime-node',
    rungTimeoutMs: 60_000,
  });
  try {
    const limits = { maxPicturePixels: 50_000_000, maxPictureBytes: 25_000_000 };
    await indexStore({ folder: store, data, name: COLLECTION_NAME, demonstration: true, bundle, inference, ...limits });
  } finally {
    await inference.close();
  }
  return data;
}

/** What the daemon and the commands beside it have to be told. */
export const settingsOf = (data: string): Record<string, string> => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: BUNDLE,
  LOOKDIAL_PROVIDERS: 'cpu',
});

export interface AtelierDaemon {
  readonly address: string;
  /** By TLS, with the certificate that it made for itself. */
  readonly secure: string;
}

export async function atelierDaemon(t: TestContext, data: string): Promise<AtelierDaemon> {
  const settings = { ...settingsOf(data), LOOKDIAL_TLS: 'self-signed', LOOKDIAL_TLS_PORT: '0' };
  const daemon = new MainProcess(t, settings);
  const [address, secure] = await Promise.all([daemon.address, daemon.heard(/(https:\/\/127\.0\.0\.1:\d+)/)]);
  return { address, secure };
}
