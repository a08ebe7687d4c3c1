/** A store of many garments out of one of few: a state folder that the daemon opens, with no picture drawn or encoded anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bundle } from '../../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { INDEX_FILE, LOG_FILE } from '../../../device/inventory/encodings.ts';
import { type Garment, type GarmentRecord, minorScale } from '../../../device/inventory/garment.ts';
import { picturePath, sha256 } from '../../../device/inventory/picture-files.ts';
import { encodeHeader } from '../../../device/matching/encoding-log.ts';
import { buildIndex, EncodingIndex } from '../../../device/matching/index-file.ts';
import { type Encoded, spread } from '../chain/spread.ts';

interface Original extends Encoded {
  readonly garment: Garment;
  readonly pictureSha256: Uint8Array | undefined;
}

function originalsOf(index: EncodingIndex, catalogue: Catalogue): Original[] {
  return Array.from({ length: index.count }, (_, row) => row).flatMap(row => {
    const garment = catalogue.item(index.sku(row));
    if (garment?.picture == null) return [];
    const kind = garment.category ?? '';
    return [{ kind, garment, posterior: index.posterior(row), pictureSha256: index.pictureSha256(row) }];
  });
}

function recordOf({ price, problem, ...garment }: Garment, sku: string): GarmentRecord {
  return {
    ...garment,
    sku,
    priceMinor: price === null ? null : Math.round(price * minorScale(garment.currency)),
  };
}

/**
 * Each garment is drawn after one of the given store's (`spread`): encoded somewhat otherwise, with the other's words, sizes and
 * picture. The pictures are the given store's own, under second names.
 * @param from the state folder of a store that is indexed
 * @param to a state folder that is made anew
 */
export async function growStore(
  from: string,
  to: string,
  { encoderDigest, manifest: { latentDim, tolerance } }: Bundle,
  garments: number,
  seed: number,
): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  const index = EncodingIndex.open(readFileSync(join(from, INDEX_FILE)), { encoderDigest, latentDim });
  const given = Catalogue.open(join(from, CATALOGUE_DATABASE));
  const grown = Catalogue.open(join(to, CATALOGUE_DATABASE), { create: true });
  try {
    const store = given.store!;
    const drawn = [...spread(originalsOf(index, given), garments, seed)].map((one, place) => ({
      ...one,
      sku: `S-${String(place).padStart(7, '0')}`,
    }));
    const bytes = buildIndex({
      encoderDigest,
      latentDim,
      tolerance,
      entries: drawn.map(({ sku, posterior, after: { pictureSha256 } }) => ({
        sku,
        ...posterior,
        ...(pictureSha256 && { pictureSha256 }),
      })),
      // How typical its garments are is what it was: that is not measured here.
      centiles: index.typicalityCentiles,
    });
    writeFileSync(join(to, INDEX_FILE), bytes);
    writeFileSync(join(to, LOG_FILE), encodeHeader({ encoderDigest, latentDim }));
    grown.replace(
      { ...store, index: sha256(bytes).toString('hex') },
      drawn.map(({ sku, after }) => recordOf(after.garment, sku)),
    );
    for (const { picture } of new Set(drawn.map(({ after }) => after.garment))) {
      const [source, target] = [picturePath(from, picture!), picturePath(to, picture!)];
      await mkdir(join(target, '..'), { recursive: true });
      await link(source, target).catch(() => cp(source, target));
    }
  } finally {
    given.close();
    grown.close();
  }
}
