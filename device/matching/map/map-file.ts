/**
 * A map as bytes: what stands beside the index on the disk. Little-endian:
 *     0   8  "LDLSTMAP"
 *     8   4  version, 1
 *    12   4  j, the length of the JSON
 *    16   4  N, the number of garments
 *    20   4  zeros
 *    24  32  SHA-256 of everything before and after it
 *    56   j  JSON in UTF-8: the digests, `latentDim`, `projected`, `drift`, `places`
 *            then 4N bytes of positions (x and y, 16 bits each), 4N of pictures, N of places,
 *            and the SKUs in UTF-8, each ended by a newline.
 */
import { MapError } from '../errors.ts';
import { sha256, toHex } from '../index-format.ts';
import type { StoreMap } from './store-map.ts';

const MAGIC = 'LDLSTMAP';
const VERSION = 1;
const AT = { version: 8, json: 12, garments: 16, zeros: 20, checksum: 24, body: 56 } as const;
const NEWLINE = 10;

const checksumOf = (file: Buffer): Uint8Array =>
  sha256(Buffer.concat([file.subarray(0, AT.checksum), file.subarray(AT.body)]));

export function writeMap({ skus, pictures, xy, place, ...rest }: StoreMap): Uint8Array {
  const json = Buffer.from(JSON.stringify(rest));
  const names = Buffer.from(skus.map(sku => `${sku}\n`).join(''));
  const count = skus.length;
  const file = Buffer.alloc(AT.body + json.length + 9 * count + names.length);
  file.write(MAGIC, 'latin1');
  file.writeUInt32LE(VERSION, AT.version);
  file.writeUInt32LE(json.length, AT.json);
  file.writeUInt32LE(count, AT.garments);
  let at = AT.body + json.copy(file, AT.body);
  for (const value of xy) at = file.writeUInt16LE(value, at);
  for (const value of pictures) at = file.writeUInt32LE(value, at);
  file.set(place, at);
  file.set(names, at + count);
  file.set(checksumOf(file), AT.checksum);
  return file;
}

/** @throws MapError saying in one sentence what was got and what was expected */
export function readMap(bytes: Uint8Array): StoreMap {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const refuse = (text: string): never => {
    throw new MapError(`The map of the store ${text}.`);
  };
  if (file.length < AT.body) refuse(`has ${file.length} bytes; expected a header of ${AT.body} at least`);
  const magic = file.toString('latin1', 0, AT.version);
  if (magic !== MAGIC) refuse(`begins with ${JSON.stringify(magic)}; expected "${MAGIC}"`);
  const version = file.readUInt32LE(AT.version);
  if (version !== VERSION) refuse(`is of version ${version}; expected version ${VERSION}`);
  const checksum = toHex(file.subarray(AT.checksum, AT.body));
  const actual = toHex(checksumOf(file));
  if (actual !== checksum) refuse(`has SHA-256 ${actual}; expected ${checksum}`);
  const count = file.readUInt32LE(AT.garments);
  const start = AT.body + file.readUInt32LE(AT.json);
  if (file.readUInt32LE(AT.zeros) !== 0) refuse('has reserved bytes that are not zero; expected zeros');
  const end = start + 9 * count;
  if (end > file.length) refuse(`has ${file.length} bytes; expected ${end} at least for ${count} garments`);
  const skus = file.toString('utf8', end).split('\n');
  if (skus.pop() !== '' || skus.length !== count) refuse(`has ${skus.length} SKUs; expected ${count}`);
  if (count > 0 && file.at(-1) !== NEWLINE) refuse('ends within a SKU; expected a newline');
  const rest = JSON.parse(file.toString('utf8', AT.body, start)) as Omit<
    StoreMap,
    'skus' | 'pictures' | 'xy' | 'place'
  >;
  const place = Uint8Array.from(file.subarray(start + 8 * count, end));
  const wrong = place.findIndex(one => one >= rest.places.length);
  if (wrong >= 0) refuse(`has its garment ${wrong} in place ${place[wrong]}; expected one of ${rest.places.length}`);
  return {
    ...rest,
    skus,
    xy: Uint16Array.from({ length: 2 * count }, (_, axis) => file.readUInt16LE(start + 2 * axis)),
    pictures: Uint32Array.from({ length: count }, (_, row) => file.readUInt32LE(start + 4 * (count + row))),
    place,
  };
}
