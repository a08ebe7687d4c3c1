/** Writes to a disk that fills up and is freed again, and prints as JSON how that went: `node full-disk-writer.ts FOLDER`. */
import { join } from 'node:path';
import { isDiskFull, LookdialError } from '../../../device/errors.ts';
import { Catalogue } from '../../../device/inventory/catalogue.ts';
import { Encodings } from '../../../device/inventory/encodings.ts';
import { PictureFiles, sha256 } from '../../../device/inventory/picture-files.ts';
import { garment, storeMetadata } from '../../support/store.ts';
import { fill } from './small-disk.ts';

const [folder = ''] = process.argv.slice(2);
const path = join(folder, 'catalogue.sqlite');
const EXPECTED = { encoderDigest: 'ab'.repeat(32), latentDim: 4 };
/** So many encodings do not fit into what the disk has given the log already. */
const MORE_THAN_A_PAGE = 100;
const picture = Buffer.alloc(30_000, 7);
const named = { hash: sha256(picture).toString('hex'), type: 'image/png' };
const record = {
  kind: 'put',
  sku: 'a',
  pictureSha256: sha256(picture),
  mu: [1, 2, 3, 4],
  sigma: [1, 1, 1, 1],
} as const;

const replace = (catalogue: Catalogue, version: string): void =>
  catalogue.replace({ ...storeMetadata, name: version }, [
    garment('a', { title: version, attributes: { long: version.repeat(20_000) } }),
  ]);

/** `full` where it failed because the disk is full, `done` where it did not fail. */
async function outcome(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    return isDiskFull(error) ? 'full' : String(error);
  }
}

const catalogue = Catalogue.open(path, { create: true });
replace(catalogue, 'before');
const encodings = await Encodings.open(folder, EXPECTED);
const files = new PictureFiles(folder);
const seen = (): string => `${catalogue.store?.name} ${catalogue.item('a')?.title}`;
const putPicture = async (): Promise<void> => {
  await files.put(named, picture);
  await files.flush();
};

let order = 0;
/** Writes one order by the writer's thread; its refusal is to be the one that the API answers with. */
const sell = async (): Promise<string> => {
  order += 1;
  // What a disk has given the log already is written over: an order is longer than that.
  const sizes = Array.from({ length: 60 }, (_, place) => `${order} ${place} ${'x'.repeat(60)}`);
  const changes = sizes.map(size => ({ sku: 'a', size, quantity: order }));
  const key = `order ${order}`;
  try {
    const { garments } = await catalogue.write({ kind: 'stock', changes, strict: true, receipt: { kind: 'key', key } });
    return `${garments.length} changed`;
  } catch (error) {
    return error instanceof LookdialError ? error.code : String(error);
  }
};

const free = fill(folder);
const full = {
  stock: await sell(),
  replace: await outcome(() => replace(catalogue, 'full')),
  again: await outcome(() => replace(catalogue, 'again')),
  seen: seen(),
  picture: await outcome(putPicture),
  index: await outcome(() => encodings.replaceIndex(Buffer.alloc(30_000), () => undefined)),
  encoding: await outcome(async () => {
    for (let place = 0; place < MORE_THAN_A_PAGE; place += 1) await encodings.append(record);
  }),
};
free();
const freed = {
  seen: seen(),
  replace: await outcome(() => replace(catalogue, 'after')),
  now: seen(),
  stock: await sell(),
  picture: await outcome(putPicture),
};
await encodings.close().catch(() => undefined);
catalogue.close();

const reopened = await Encodings.open(folder, EXPECTED);
const later = {
  encoding: await outcome(() => reopened.append(record)),
  notices: reopened.notices,
};
await reopened.close();

const closed = fill(folder);
let start = 'done';
try {
  Catalogue.open(path).close();
} catch (error) {
  start = error instanceof LookdialError ? `${error.code}: ${error.message}` : String(error);
}
closed();
const whole = Catalogue.open(path);
console.log(JSON.stringify({ full, freed, later, start, whole: whole.store?.name }));
whole.close();
