/** Maps of one store after another, each put in the place of the one before. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAP_FILE, type Mapped, StoreMaps } from '../../../device/edition/store-maps.ts';
import { EventHub } from '../../../device/events.ts';
import { makeFolderDurably } from '../../../device/inventory/durable.ts';
import { sha256 } from '../../../device/inventory/picture-files.ts';
import { buildIndex, EncodingIndex } from '../../../device/matching/index-file.ts';
import { readMap } from '../../../device/matching/map/map-file.ts';
import { Random } from '../../../device/matching/random.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

const encoderDigest = 'c3'.repeat(32);
const latentDim = 3;
const GARMENTS = 30;
/** The store that each process maps. */
const PARTS = [0, 1, 0, 2, 1, 0, 2, 1, 0] as const;

const dataOf = ({ root }: Place): string => join(root, 'deep', 'state');
const nameOf = (store: number): string => `store${store}`;
const indexIn = (given: string, store: number): string => join(given, `${nameOf(store)}.index`);

/** No garment of one store is another's: each store is projected anew, and its map is the same whatever there was before. */
function indexOf(store: number): Uint8Array {
  const random = new Random(store + 1);
  const entries = Array.from({ length: GARMENTS }, (_, place) => ({
    sku: `${store}-${place}`,
    mu: Array.from({ length: latentDim }, () => random.normal()),
    sigma: Array.from({ length: latentDim }, () => 0.1 + random.uniform()),
  }));
  return buildIndex({ encoderDigest, latentDim, tolerance: 0, entries });
}

async function editionOf(given: string, store: number): Promise<Mapped> {
  const bytes = new Uint8Array(await readFile(indexIn(given, store)));
  const index = EncodingIndex.open(bytes, { encoderDigest, latentDim });
  return { index, indexBytes: index.bytes, indexDigest: sha256(bytes).toString('hex') };
}

/** As the daemon does when it serves another edition. */
async function draw(place: Place, store: number): Promise<void> {
  await makeFolderDurably(dataOf(place));
  const troubles: string[] = [];
  const log = { info: () => undefined, warn: (text: string) => troubles.push(text) };
  const editions = { edition: await editionOf(place.given, store) };
  const maps = new StoreMaps({ data: dataOf(place), editions, events: new EventHub(), log, waitMs: 0 });
  maps.start();
  await maps.settled();
  await maps.close();
  assert.deepEqual(troubles, [], 'what is there is always a map, whole');
}

/** The file of each store's map, with no cut. */
const whole = new Map<string, Buffer>();

export const mapping: Workload = {
  parts: PARTS.length,

  async prepare(given) {
    await mkdir(given, { recursive: true });
    for (const store of new Set(PARTS)) await writeFile(indexIn(given, store), indexOf(store));
  },

  async expect(place) {
    const root = `${place.root}-expected`;
    for (const store of new Set(PARTS)) {
      await draw({ ...place, root }, store);
      whole.set(nameOf(store), readFileSync(join(dataOf({ ...place, root }), MAP_FILE)));
    }
    await rm(root, { recursive: true, force: true });
  },

  async write(place, acknowledge, part) {
    const store = PARTS[part] ?? 0;
    acknowledge(`begin ${nameOf(store)}`);
    await draw(place, store);
    acknowledge(`done ${nameOf(store)}`);
  },

  async churn(place, acknowledge, turn) {
    for (let store = turn % 3; ; store = (store + 1) % 3) {
      acknowledge(`begin ${nameOf(store)}`);
      await draw(place, store);
      acknowledge(`done ${nameOf(store)}`);
    }
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    const path = join(dataOf(place), MAP_FILE);
    const bytes = existsSync(path) ? readFileSync(path) : undefined;
    if (bytes === undefined) {
      assert.equal(done, undefined, `there is no map any more, and “done ${done}” was said`);
    } else {
      readMap(bytes);
      const allowed = [done, ...begun].filter(name => name !== undefined);
      assert.ok(
        allowed.some(name => whole.get(name)?.equals(bytes)),
        `the map is none of ${allowed.join(', ')}`,
      );
    }
    if (!recover) return;
    await draw(place, 2);
    assert.deepEqual(readFileSync(path), whole.get(nameOf(2)), 'another start draws the map that is wanted');
  },
};
