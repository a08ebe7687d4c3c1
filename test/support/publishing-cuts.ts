/** Publishing that fails at a step of its writing, and the boxes that ask meanwhile. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DurableFs } from '../../device/inventory/durable.ts';
import { afterwards } from './afterwards.ts';
import { NEXT, OFFICE, Publisher, type Served, serve, smallBundle, UpdateClient } from './publisher.ts';

export interface Prepared {
  readonly publisher: Publisher;
  readonly served: Served;
  /** A box that has the first release. */
  readonly knows: UpdateClient;
  /** One that knows the first root and has never asked. */
  fresh(): Promise<UpdateClient>;
}

/** Stages a second release, signed. */
export async function second(publisher: Publisher): Promise<void> {
  await publisher.make(smallBundle(2));
  await publisher.sign(OFFICE);
}

/** The same, and another key for each role at once; the old ones sign a last time. */
export async function rotated(publisher: Publisher): Promise<void> {
  for (const role of ['targets', 'snapshot', 'timestamp'] as const) {
    await publisher.key(NEXT, `${role}-2`);
    await publisher.rotate({ role, next: publisher.publicPath(NEXT, `${role}-2`) });
  }
  await publisher.key('dora', 'root-dora');
  await publisher.rotate({ role: 'root', next: publisher.publicPath('dora', 'root-dora'), old: 'root-cem' });
  await publisher.make(smallBundle(2));
  for (const person of ['anna', 'ben', OFFICE, NEXT]) await publisher.sign(person);
}

/** Boxes of a repository whose first root is kept beside it. */
async function clientsOf(t: TestContext, { folder }: Publisher, served: Served): Promise<Omit<Prepared, 'publisher'>> {
  const fresh = (): Promise<UpdateClient> => UpdateClient.start(t, served, join(folder, 'first.root.json'));
  const knows = await fresh();
  await knows.update();
  return { served, knows, fresh };
}

/** A publisher with a first release in place, and with more staged. */
export async function prepared(t: TestContext, stage: (publisher: Publisher) => Promise<void>): Promise<Prepared> {
  const publisher = await Publisher.withRelease(t);
  const root = await readFile(join(publisher.repository, 'metadata/1.root.json'));
  await writeFile(join(publisher.folder, 'first.root.json'), root);
  const clients = await clientsOf(t, publisher, await serve(t, publisher.repository));
  await stage(publisher);
  return { publisher, ...clients };
}

/** The same again, in a folder of its own. */
export async function copyOf(t: TestContext, { publisher }: Prepared): Promise<Prepared> {
  const folder = await mkdtemp(join(publisher.folder, '..', 'lookdial-cut-'));
  afterwards(t, () => rm(folder, { recursive: true, force: true }));
  await cp(publisher.folder, folder, { recursive: true });
  const copy = new Publisher(folder);
  return { publisher: copy, ...(await clientsOf(t, copy, await serve(t, copy.repository))) };
}

/**
 * A disk of which every step is noted, and which fails at one: a write after half of its bytes.
 * @param before waited for before each step
 * @param failAt the step, from 0
 */
export function cuttingFs(before: () => Promise<void> = async () => undefined, failAt = -1) {
  const steps: string[] = [];
  const step = async (name: string, half?: () => Promise<unknown>): Promise<void> => {
    await before();
    const at = steps.push(name) - 1;
    if (at < failAt || failAt < 0) return;
    if (at === failAt) await half?.();
    throw new Error(`The power was cut at step ${failAt}.`);
  };
  const fs: DurableFs = {
    async open(path, flags) {
      await step('open');
      const file = await open(path, flags);
      return {
        async writeFile(bytes) {
          await step('write', () => file.writeFile(bytes.subarray(0, bytes.length / 2)));
          await file.writeFile(bytes);
        },
        async sync() {
          await step('sync');
          await file.sync();
        },
        // A process that dies closes all it has.
        close: () => file.close(),
      };
    },
    async rename(from, to) {
      await step('rename');
      await rename(from, to);
    },
  };
  return { fs, steps };
}

/** Cuts at one step, looks, and goes on. @throws AssertionError where a box is left with neither the old nor the new */
export async function cutAt(t: TestContext, template: Prepared, at: number): Promise<void> {
  const { publisher, knows, fresh } = await copyOf(t, template);
  await assert.rejects(publisher.publish({ fs: cuttingFs(undefined, at).fs }), /cut at step/);
  const seen = [(await knows.update()).release, (await (await fresh()).update()).release];
  assert.ok(
    seen.every(release => release === 1 || release === 2),
    `step ${at}: ${seen}`,
  );
  await publisher.publish();
  await publisher.refresh();
  assert.equal((await knows.update()).release, 2, `step ${at}`);
  assert.equal((await (await fresh()).poll()).release, 2, `step ${at}`);
  await rm(publisher.folder, { recursive: true });
}

/** Publishes before each of the answers of one asking, in turn. @throws AssertionError where a box gets neither the old nor the new */
export async function askAmid(t: TestContext, scene: (publisher: Publisher) => Promise<void>): Promise<void> {
  const template = await prepared(t, scene);
  const asked = new Set<string>();
  for (let at = 0; ; at += 1) {
    const { publisher, knows, served } = await copyOf(t, template);
    let request = 0;
    served.before = async path => {
      if (request++ !== at) return;
      asked.add(path.replace(/\/[0-9a-f]{64}/, '/…'));
      await publisher.publish();
    };
    const { release } = await knows.poll();
    if (request <= at) break;
    assert.ok(release === 1 || release === 2, `amid request ${at}: release ${release}`);
    assert.equal((await knows.poll()).release, 2);
  }
  const paths = [...asked].join();
  assert.ok(asked.has('/metadata/2.root.json') && asked.has('/metadata/timestamp.json') && asked.size >= 3, paths);
}
