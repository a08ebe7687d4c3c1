/** A box for tests of updates: its folder, its memory, its clock, and a repository that it trusts. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Box } from '../../device/updates/box.ts';
import type { Pace } from '../../device/updates/paced.ts';
import type { Release } from '../../device/updates/release.ts';
import type { Retries } from '../../device/updates/retries.ts';
import type { Source } from '../../device/updates/source.ts';
import { UPDATE_DATABASE, UpdateDatabase } from '../../device/updates/update-database.ts';
import { type CheckOutcome, Updater, type UpdaterOptions } from '../../device/updates/updater.ts';
import { afterwards } from './afterwards.ts';
import { type BundleParts, bundleOf } from './bundle.ts';
import { kerasModel } from './bundles.ts';
import { HandSetClock } from './hand-set-clock.ts';
import { temporaryFolder } from './store.ts';
import { MemorySource, membersOf, releaseOf, UpdateRepository } from './update-repository.ts';

/** Patient for a twentieth of a second. */
export const QUICK_PACE: Pace = { bytesPerSecond: 1_000, windowMs: 150 };
export const QUICK_RETRIES: Retries = { tries: 3, waitMs: 1, longestMs: 5 };

export const TEST_BOX: Box = {
  line: 'from-keras',
  hardware: ['linux-x64'],
  runtime: { version: '1.30.0', opset: 25 },
  indexVersion: 1,
  mostLatentDim: 64,
};

/** A bundle of one dense layer a net. */
export const PARTS: BundleParts = bundleOf(kerasModel());

/** The same bundle in another version, with another decoder and the same encoder. */
export function nextParts(version: string): BundleParts {
  const model = kerasModel();
  const described = { ...model.described, version, title: `Version ${version}` };
  return bundleOf({ ...model, described });
}

export class UpdateBox {
  readonly clock = new HandSetClock();
  readonly repository = new UpdateRepository(() => this.clock.wall());
  readonly source = new MemorySource(this.repository.files);
  readonly folder: string;
  readonly root: string;
  readonly notices: string[] = [];
  readonly #data: string;
  readonly #t: TestContext;

  private constructor(t: TestContext, data: string) {
    this.#t = t;
    this.#data = data;
    this.folder = join(data, 'updates');
    this.root = join(data, 'root.json');
  }

  static async make(t: TestContext): Promise<UpdateBox> {
    const data = await temporaryFolder(t);
    const box = new UpdateBox(t, data);
    await mkdir(box.folder);
    await writeFile(box.root, box.repository.firstRoot);
    return box;
  }

  /** Publishes a release of a bundle. */
  publish(release: number, { parts = PARTS, ...changes }: Partial<Release> & { parts?: BundleParts } = {}): Release {
    const document = releaseOf(parts, release, changes);
    this.repository.release(document, membersOf(parts));
    return document;
  }

  /** The updater as it is after a start; its file of updates is closed with the test. */
  start(options: Partial<UpdaterOptions> & { source?: Source } = {}): Updater {
    const database = new UpdateDatabase(join(this.#data, UPDATE_DATABASE));
    afterwards(this.#t, () => database.close());
    return new Updater({
      folder: this.folder,
      database,
      source: this.source,
      root: this.root,
      box: TEST_BOX,
      clock: this.clock,
      pace: QUICK_PACE,
      retries: QUICK_RETRIES,
      onNotice: notice => this.notices.push(notice),
      ...options,
    });
  }

  check(options: Partial<UpdaterOptions> & { source?: Source } = {}): Promise<CheckOutcome> {
    return this.start(options).check();
  }
}

/** The reason of a refusal; the kind of any other outcome. */
export const reasonOf = (outcome: CheckOutcome): string => (outcome.kind === 'refused' ? outcome.reason : outcome.kind);
