/** A publisher at work: a first release, a second with other keys for timestamp and targets, and more; each made, signed and published. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LookdialError } from '../../../device/errors.ts';
import { init } from '../../../scripts/bundle/init.ts';
import { make } from '../../../scripts/bundle/make.ts';
import { publish } from '../../../scripts/bundle/publish.ts';
import { refresh } from '../../../scripts/bundle/refresh.ts';
import { openRepository } from '../../../scripts/bundle/repository.ts';
import { rotate } from '../../../scripts/bundle/rotate.ts';
import { sign } from '../../../scripts/bundle/sign.ts';
import { readStagedRoot } from '../../../scripts/bundle/staged.ts';
import { NEXT, OFFICE, PEOPLE, Publisher, smallBundle } from '../../support/publisher.ts';
import { takeFrom } from '../../support/update-folder.ts';
import { type Place, promisedBy, type Workload } from '../support/workload.ts';

/** The release that comes with other keys. */
const ROTATING = 2;
const REPLACED = ['timestamp', 'targets'] as const;
const BUNDLES = 3;
const PARTS = 3;

const bundleOf = ({ given }: Place, release: number): string => join(given, `bundle-${release % BUNDLES}`);

/** The publisher whose keys are given, and whose repository is on the disk that is cut. */
function publisherOf({ root, given }: Place): Publisher {
  const publisher = new Publisher(given);
  const repository = join(root, 'deep', 'updates');
  return Object.assign(publisher, { repository, staged: `${repository}.staged` });
}

const publishedRelease = async ({ repository, staged }: Publisher): Promise<number> =>
  (await openRepository(repository, await readStagedRoot(staged))).published?.release.release ?? 0;

/** The first root, or the next one. */
async function stageRoots(publisher: Publisher, release: number): Promise<void> {
  const setting = publisher.setting([]);
  const inPlace = (await openRepository(publisher.repository, await readStagedRoot(publisher.staged))).root;
  const of = (role: string): string[] => [publisher.publicPath(OFFICE, role)];
  if (inPlace === undefined) {
    const root = PEOPLE.map(person => publisher.publicPath(person, `root-${person}`));
    const keys = { root, targets: of('targets'), snapshot: of('snapshot'), timestamp: of('timestamp') };
    await init(setting, keys, 2);
  }
  if (release !== ROTATING || inPlace?.signed.version !== 1) return;
  const staged = await readStagedRoot(publisher.staged);
  for (const role of REPLACED) {
    const next = publisher.publicPath(NEXT, `${role}-2`);
    const done = Object.values(staged?.signed.keys ?? {}).some(
      key => key.unrecognizedFields?.['x-lookdial-name'] === `${role}-2`,
    );
    if (!done) await rotate(setting, { role, next });
  }
}

const ONLINE = [OFFICE, NEXT];

/** All the commands of a release. */
async function bring(place: Place, release: number): Promise<void> {
  const publisher = publisherOf(place);
  await stageRoots(publisher, release);
  await make(publisher.setting([]), { bundle: bundleOf(place, release), decisions: {} });
  for (const person of ['anna', 'cem', OFFICE, NEXT]) {
    try {
      await sign(publisher.setting([person]));
    } catch (error) {
      // Not everybody has a part in each of them.
      if (!(error instanceof LookdialError) || error.code !== 'access-invalid') throw error;
    }
  }
  await publish(publisher.setting(ONLINE));
  await refresh(publisher.setting(ONLINE));
}

/** What somebody does who finds a machine that went down: the last command again, and where that is not enough, all of them. */
async function goOn(place: Place, release: number): Promise<void> {
  const publisher = publisherOf(place);
  try {
    await publish(publisher.setting(ONLINE));
  } catch (error) {
    if (!(error instanceof LookdialError)) throw error;
  }
  if ((await publishedRelease(publisher)) < release) await bring(place, release);
}

/** What a box takes that knows the first root; 0 where there is none yet, and so no box. */
async function taken(place: Place): Promise<number> {
  const { repository } = publisherOf(place);
  const root = join(repository, 'metadata', '1.root.json');
  return existsSync(root) ? (await takeFrom(repository, root, dirname(place.root))).release : 0;
}

const nameOf = (release: number): string => `release ${release}`;
const numberOf = (name: string | undefined): number => Number(name?.replace('release ', '') ?? 0);

/** Made once: who goes on with what another run has left has that one's keys. */
const keys = new Map<string, Buffer>();

async function giveKeys(given: string): Promise<void> {
  if (keys.size > 0) {
    for (const [path, bytes] of keys) {
      mkdirSync(dirname(join(given, path)), { recursive: true, mode: 0o700 });
      writeFileSync(join(given, path), bytes, { mode: 0o600 });
    }
    return;
  }
  const publisher = new Publisher(given);
  for (const person of PEOPLE) await publisher.key(person, `root-${person}`);
  for (const role of ['targets', 'snapshot', 'timestamp']) await publisher.key(OFFICE, role);
  for (const role of REPLACED) await publisher.key(NEXT, `${role}-2`);
  const files = readdirSync(given, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.pem'));
  for (const path of files) keys.set(path, readFileSync(join(given, path)));
}

export const publishing: Workload = {
  parts: PARTS,

  async prepare(given) {
    await giveKeys(given);
    for (let which = 0; which < BUNDLES; which += 1) smallBundle(which, join(given, `bundle-${which}`));
  },

  async expect() {
    // What is published says itself what it is.
  },

  async write(place, acknowledge, part) {
    acknowledge(`begin ${nameOf(part + 1)}`);
    await goOn(place, part + 1);
    // One that a cut had left ready to be published is more than was asked for.
    acknowledge(`done ${nameOf(await publishedRelease(publisherOf(place)))}`);
  },

  async churn(place, acknowledge) {
    for (;;) {
      const release = (existsSync(publisherOf(place).repository) ? await publishedRelease(publisherOf(place)) : 0) + 1;
      acknowledge(`begin ${nameOf(release)}`);
      await goOn(place, release);
      acknowledge(`done ${nameOf(release)}`);
    }
  },

  async check(place, acknowledged, recover) {
    const { done, begun } = promisedBy(acknowledged);
    const release = await taken(place);
    const allowed = [numberOf(done), ...begun.map(numberOf)];
    assert.ok(allowed.includes(release), `a box takes release ${release}, and it must be one of ${allowed.join(', ')}`);
    if (!recover) return;
    const wanted = Math.max(...allowed);
    if (wanted === 0) return;
    await goOn(place, wanted);
    const publisher = publisherOf(place);
    await refresh(publisher.setting(ONLINE));
    assert.equal(await taken(place), wanted);
    const { root } = await openRepository(publisher.repository);
    assert.equal(root?.signed.version, wanted < ROTATING ? 1 : 2);
    const left = readdirSync(publisher.repository, { recursive: true, encoding: 'utf8' }).filter(name =>
      /blobs.*new$/.test(name),
    );
    assert.deepEqual(left, [], 'what a cut left of a copying is gone');
  },
};
