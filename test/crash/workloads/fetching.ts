/**
 * Releases, one after another, as far as the disk and then put to use: metadata, fetched files, the folders of editions, and what is
 * written down of them. Amid them the root changes its keys.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderSource } from '../../../device/updates/folder-source.ts';
import type { Asked, Reading, Source } from '../../../device/updates/source.ts';
import { TrustMemory } from '../../../device/updates/trust-memory.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../../device/updates/update-database.ts';
import { Updater } from '../../../device/updates/updater.ts';
import { verifyEdition } from '../../../device/updates/verify-edition.ts';
import { PARTS, TEST_BOX } from '../../support/update-box.ts';
import {
  makeKey,
  membersOf,
  releaseOf,
  sha256,
  type TestKey,
  UpdateRepository,
} from '../../support/update-repository.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

/** The release that each process ends with. */
const ENDS = [2, 4] as const;
/** With this release the keys are others. */
const ROTATED = 3;
/** Releases that there are: more than a killer lets through. */
const RELEASES = 240;
const HOUR_MS = 3_600_000;
const PUBLISHED = Date.UTC(2026, 0, 1);
const LIFETIME_MS = 100 * 365 * 24 * HOUR_MS;

const updatesIn = (root: string): string => join(root, 'deep', 'updates');
const databaseIn = (root: string): string => join(root, 'deep', UPDATE_DATABASE);

/** The repository as it was at the moment of a release: only its timestamp differs. */
class Moment implements Source {
  readonly name = 'the repository';
  readonly #all: FolderSource;
  readonly #timestamps: FolderSource;
  readonly #release: number;

  constructor(given: string, release: number) {
    this.#all = new FolderSource(join(given, 'repository'));
    this.#timestamps = new FolderSource(join(given, 'timestamps'));
    this.#release = release;
  }

  open(path: string, asked?: Asked): Promise<Reading> {
    return path === 'metadata/timestamp.json'
      ? this.#timestamps.open(`${this.#release}.json`, asked)
      : this.#all.open(path, asked);
  }

  close(): void {}
}

interface Box {
  readonly database: UpdateDatabase;
  updater(release: number): Updater;
}

function open(root: string, given: string): Box {
  mkdirSync(join(root, 'deep'), { recursive: true });
  const database = new UpdateDatabase(databaseIn(root));
  const first = join(given, 'root.json');
  const updater = (release: number): Updater =>
    new Updater({ folder: updatesIn(root), database, source: new Moment(given, release), root: first, box: TEST_BOX });
  return { database, updater };
}

/** Takes a release, and puts it to use. What an earlier process began it goes on with. */
async function take(box: Box, release: number): Promise<void> {
  const updater = box.updater(release);
  const { progress } = updater;
  if (['staged', 'trial', 'committed'].includes(progress.state.state)) progress.end();
  const outcome = await updater.check();
  assert.ok(outcome.kind === 'verified' || outcome.kind === 'up-to-date', JSON.stringify(outcome));
  if (outcome.kind === 'up-to-date') return;
  for (const state of ['staged', 'trial'] as const) progress.advance(state, release);
  progress.commit();
  progress.end();
  await updater.collect();
}

async function takeFrom(box: Box, last: number, acknowledge: (what: string) => void): Promise<void> {
  const first = (box.updater(1).progress.current?.release ?? 0) + 1;
  for (let release = first; release <= last; release += 1) {
    acknowledge(`begin ${release}`);
    await take(box, release);
    acknowledge(`done ${release}`);
  }
}

/** All that is named is whole, whatever was cut. @returns the release in use; 0 for none */
async function inUse(box: Box, root: string): Promise<number> {
  const { progress, blobs } = box.updater(1);
  const folder = join(updatesIn(root), 'blobs', 'sha256');
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (/^[0-9a-f]{64}$/.test(name)) assert.equal(sha256(readFileSync(join(folder, name))), name, 'a blob is torn');
  }
  for (const edition of await blobs.editions()) {
    const record = progress.history().find(one => one.edition === edition);
    assert.ok(record, `edition ${edition} is of no release`);
    await verifyEdition(blobs.editionFolder(edition), record.document);
  }
  for (const record of [progress.current, progress.previous]) {
    if (record !== undefined) await verifyEdition(blobs.editionFolder(record.edition ?? 0), record.document);
  }
  return progress.current?.release ?? 0;
}

/** Goes on, and ends as if there had been no cut. */
async function goOn(box: Box, root: string, release: number): Promise<void> {
  await take(box, release);
  await take(box, release + 1);
  const { progress } = box.updater(1);
  assert.deepEqual([progress.current?.release, progress.previous?.release], [release + 1, release]);
  assert.equal(await inUse(box, root), release + 1);
  const updates = updatesIn(root);
  const kept = progress.kept();
  const list = (...path: string[]): string[] => readdirSync(join(updates, ...path)).sort();
  assert.deepEqual(list('editions'), kept.map(({ edition }) => String(edition)).sort(), 'editions lie about');
  const blobs = new Set(kept.flatMap(({ document }) => document.members.map(member => member.sha256)));
  assert.deepEqual(list('blobs', 'sha256'), [...blobs].sort(), 'blobs lie about');
  const database = new DatabaseSync(databaseIn(root));
  assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
  database.close();
}

export const fetching: Workload = {
  parts: ENDS.length,
  expect: async () => undefined,

  async prepare(given) {
    // The same each time it is made: a second run goes on from what a first one left.
    let keys = 0;
    const key = (): TestKey => makeKey(`updating ${keys++}`);
    const repository = new UpdateRepository(() => PUBLISHED, key, LIFETIME_MS);
    mkdirSync(join(given, 'timestamps'));
    writeFileSync(join(given, 'root.json'), repository.firstRoot);
    for (let release = 1; release <= RELEASES; release += 1) {
      if (release === ROTATED) {
        const old = repository.keys.root;
        repository.keys.root = [key(), key(), key()];
        repository.publishRoot([...old, ...repository.keys.root]);
      }
      const manifest = { ...PARTS.manifest, title: `Release ${release}` };
      const parts = { ...PARTS, manifest };
      repository.release(releaseOf(parts, release), membersOf(parts));
      const timestamp = repository.files.get('metadata/timestamp.json') as Buffer;
      writeFileSync(join(given, 'timestamps', `${release}.json`), timestamp);
    }
    await repository.write(join(given, 'repository'));
  },

  async write(place, acknowledge, part) {
    const box = open(place.root, place.given);
    await takeFrom(box, ENDS[part] ?? 0, acknowledge);
    box.database.close();
  },

  async churn(place, acknowledge) {
    const box = open(place.root, place.given);
    await takeFrom(box, RELEASES, acknowledge);
    // It is killed, if not before.
    await sleep(HOUR_MS);
  },

  async check({ root, given }: Place, acknowledged, recover) {
    // To look means to write: what was cut is settled. So it is done on a copy.
    const copy = `${root}-looked-at`;
    rmSync(copy, { recursive: true, force: true });
    cpSync(root, copy, { recursive: true });
    const box = open(copy, given);
    try {
      const { done, begun } = promisedBy(acknowledged);
      const least = Number(done ?? 0);
      const most = Math.max(least, ...begun.map(Number));
      const release = await inUse(box, copy);
      assert.ok(release >= least && release <= most, `release ${release} is in use, expected ${least} to ${most}`);
      const { versions } = new TrustMemory(box.database).trust ?? {};
      assert.ok((versions?.get('timestamp') ?? 0) >= least, 'the memory of versions was wound back');
      if (recover) await goOn(box, copy, Math.max(1, most));
    } finally {
      box.database.close();
      rmSync(copy, { recursive: true, force: true });
    }
  },
};
