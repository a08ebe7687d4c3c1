/** How a store that lives is looked at. */
import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LookdialError } from '../../device/errors.ts';
import { LOG_FILE } from '../../device/inventory/encodings.ts';
import type { OpenStore } from './arrivals.ts';
import type { IndexedStore } from './indexed-store.ts';

export const isCode = (code: string) => (error: unknown) => error instanceof LookdialError && error.code === code;
export const rowOf = ({ editions }: OpenStore, sku: string): number => editions.edition?.garments.rowOf(sku) ?? -2;

/** Holds a garment to being matched by a picture, and shown with it. */
export async function assertHas(opened: OpenStore, sku: string, seed: number): Promise<void> {
  const { picture } = await opened.arrival(sku, seed);
  assert.deepEqual(opened.catalogue.item(sku)?.picture, picture, `the picture of ${sku}`);
  const { mahalanobisSquared = Number.NaN } = (await opened.hit(sku, seed)) ?? {};
  assert.ok(mahalanobisSquared < 1e-6, `${sku} lies where its picture does: ${mahalanobisSquared}`);
}

export const logBytes = async ({ data }: IndexedStore): Promise<number> => (await stat(join(data, LOG_FILE))).size;
