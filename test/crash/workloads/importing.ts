/** A retailer's files, imported one after another into one state folder, with a sale between them; one import is killed. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { openBundle } from '../../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../../device/inventory/catalogue.ts';
import { INDEX_FILE, settleIndex } from '../../../device/inventory/encodings.ts';
import type { Garment } from '../../../device/inventory/garment.ts';
import { importStore } from '../../../device/inventory/import-store.ts';
import { picturePath, sha256 } from '../../../device/inventory/picture-files.ts';
import { bundleOf, writeBundle } from '../../support/bundle.ts';
import { ownModel } from '../../support/bundles.ts';
import { csvText, drawPicture } from '../../support/store.ts';
import { FakeInference } from '../../support/store-model.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

const HEADER = ['sku', 'image', 'title', 'category', 'price', 'currency', 'sizes', 'season'];
/** The number of a picture that is none. */
const BROKEN = 7;
/**
 * The files, by SKU: the number of its picture, and its stock. From the first to the second a garment has another picture, one
 * comes, one that cannot be encoded comes, one goes, and of the stock nothing new is said; the third brings the stock, and a
 * picture that there was before.
 */
const FILES: readonly Readonly<Record<string, readonly [picture: number, sizes: string]>>[] = [
  { s0: [0, 'S:3 M:9'], s1: [1, 'M:1'], s2: [2, 'M:1'], s3: [3, ''] },
  { s0: [0, 'S:3 M:9'], s1: [5, 'M:1'], s3: [3, ''], s4: [4, 'L:2'], s5: [BROKEN, ''] },
  { s0: [0, 'S:7 M:7'], s1: [1, 'M:6'], s3: [0, ''], s4: [6, 'L:2'] },
];
const SOLD = { sku: 's0', size: 'M', quantity: 8 };
/** One after another, and from the last to the first again. Each leaves a state of its own. */
const STEPS = [{ file: 0 }, { sale: SOLD }, { file: 1 }, { file: 2 }] as const;
/** How many steps each process does, from what is there. One is killed when its pictures are written and nothing else. */
const PARTS = [{ steps: 1 }, { steps: 1 }, { steps: 1, killed: true }, { steps: 1 }, { steps: 2 }] as const;

const dataOf = ({ root }: Place): string => join(root, 'deep', 'state');
const nameOf = (file: number): string => `file ${file}`;

async function importFile(place: Place, file: number, killed: boolean): Promise<void> {
  const bundle = await openBundle(join(place.given, 'bundle'));
  await importStore({
    catalogue: join(place.given, `${file}.csv`),
    pictures: join(place.given, 'pictures'),
    data: dataOf(place),
    bundle,
    inference: new FakeInference(bundle),
    maxPicturePixels: 1e6,
    maxPictureBytes: 1e6,
    name: nameOf(file),
    removeMissing: true,
    onProgress: (done, total) => {
      if (killed && done === total) process.kill(process.pid, 'SIGKILL');
    },
  });
}

async function step(place: Place, number: number, killed = false): Promise<void> {
  const what = STEPS[number % STEPS.length] ?? STEPS[0];
  if ('file' in what) return await importFile(place, what.file, killed);
  const catalogue = Catalogue.open(join(dataOf(place), CATALOGUE_DATABASE));
  try {
    await catalogue.write({ kind: 'stock', changes: [what.sale], strict: true });
  } finally {
    catalogue.close();
  }
}

interface Whole {
  readonly step: number;
  readonly items: readonly Garment[];
  readonly index: string;
}

/** The step that a catalogue is as after, by what it says of itself; undefined where there is no store. */
function stepIn(catalogue: Catalogue): number | undefined {
  const { name } = catalogue.store ?? {};
  if (name === undefined) return undefined;
  const sold = catalogue.item(SOLD.sku)?.sizes?.find(size => size.name === SOLD.size)?.quantity === SOLD.quantity;
  return STEPS.findIndex((what, place) =>
    'sale' in what ? sold && name === nameOf(0) : name === nameOf(what.file) && !(place === 0 && sold),
  );
}

/** What a state folder serves; undefined where there is no store in it. @throws where its parts do not belong together */
async function served(place: Place): Promise<Whole | undefined> {
  const data = dataOf(place);
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE), { create: true });
  try {
    const number = stepIn(catalogue);
    const { items } = catalogue.items({ limit: 200 });
    if (number === undefined) {
      assert.equal(items.length, 0, 'garments without a store');
      return undefined;
    }
    for (const { sku, picture, problem } of items) {
      assert.equal(picture === null, problem !== null, `${sku} has neither a picture nor a problem, or both`);
      if (picture === null) continue;
      const bytes = readFileSync(picturePath(data, picture));
      assert.equal(sha256(bytes).toString('hex'), picture.hash, `the picture of ${sku} is not what its name says`);
    }
    await settleIndex(data, catalogue.store?.index);
    const digest = sha256(readFileSync(join(data, INDEX_FILE))).toString('hex');
    assert.equal(digest, catalogue.store?.index, 'the index and the catalogue are not of one import');
    return { step: number, items, index: digest };
  } finally {
    catalogue.close();
  }
}

/** But for SQLite's own beside a database: a thread may close one a moment late, and what a cut left is gone when it is next written. */
const filesIn = (data: string): string[] =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/-(wal|shm|journal)$/.test(entry.name))
    .map(entry => join(relative(data, entry.parentPath), entry.name))
    .sort();

/** What the folder comes to after each step, with no cut. */
const whole: (Whole & { readonly files: readonly string[] })[] = [];

export const importing: Workload = {
  parts: PARTS.length,

  async prepare(given) {
    writeBundle(bundleOf(ownModel()), join(given, 'bundle'));
    await mkdir(join(given, 'pictures'));
    for (let seed = 0; seed <= BROKEN; seed += 1) {
      const bytes = seed === BROKEN ? 'no picture' : await drawPicture(seed);
      await writeFile(join(given, 'pictures', `p${seed}.png`), bytes);
    }
    for (const [file, garments] of FILES.entries()) {
      const rows = Object.entries(garments).map(([sku, [picture, sizes]]) => [
        ...[sku, `p${picture}.png`, `${sku} of ${nameOf(file)}`, 'Shirt', `${file}9.90`, 'EUR', sizes, 'summer'],
      ]);
      await writeFile(join(given, `${file}.csv`), csvText([HEADER, ...rows]));
    }
  },

  async expect(place) {
    const expected = { ...place, root: `${place.root}-expected` };
    whole.length = 0;
    // Once around, so that what the first import left is as it is whenever its turn comes again.
    for (let number = 0; number < 2 * STEPS.length; number += 1) {
      await step(expected, number);
      const now = await served(expected);
      assert.equal(now?.step, number % STEPS.length);
      whole[number % STEPS.length] = { ...now, files: filesIn(dataOf(expected)) };
    }
    rmSync(expected.root, { recursive: true, force: true });
  },

  async write(place, acknowledge, part) {
    const { steps, ...rest } = PARTS[part] ?? PARTS[0];
    // The first import makes the folder; what is there is gone on from, for an import leaves what was sold before it.
    const isThere = existsSync(join(dataOf(place), CATALOGUE_DATABASE));
    const before = (isThere ? await served(place) : undefined)?.step ?? -1;
    for (let number = before + 1; number <= before + steps; number += 1) {
      acknowledge(`begin ${number % STEPS.length}`);
      await step(place, number, 'killed' in rest);
      acknowledge(`done ${number % STEPS.length}`);
    }
  },

  async churn(place, acknowledge) {
    await mkdir(dataOf(place), { recursive: true });
    const before = (await served(place))?.step ?? -1;
    for (let number = before + 1; ; number += 1) {
      acknowledge(`begin ${number % STEPS.length}`);
      await step(place, number);
      acknowledge(`done ${number % STEPS.length}`);
    }
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    await mkdir(dataOf(place), { recursive: true });
    const now = await served(place);
    const allowed = [done, ...begun].map(number => (number === undefined ? undefined : Number(number)));
    assert.ok(allowed.includes(now?.step), `step ${now?.step} is seen, and must be one of ${allowed.join(', ')}`);
    if (now !== undefined) {
      const { files: _, ...expected } = whole[now.step] ?? {};
      assert.deepEqual(now, expected);
    }
    if (!recover) return;
    // A picture that nothing names any more, and that the cut brought back, waits for the next import: a sale looks at no pictures.
    for (let number = allowed.at(-1) ?? 0; ; number += 1) {
      await step(place, number);
      const { files, ...expected } = whole[number % STEPS.length] ?? {};
      assert.deepEqual(await served(place), expected, 'the same again');
      if (!('file' in (STEPS[number % STEPS.length] ?? {}))) continue;
      assert.deepEqual(filesIn(dataOf(place)), files, 'what a cut left behind is gone');
      return;
    }
  },
};
