/** `rotate`: stages the next root, with another key in one's place, or the same keys for longer. */
import { Key, Metadata, Root } from '@tufjs/models';
import { LookdialError } from '../../device/errors.ts';
import { makeFolderDurably } from '../../device/inventory/durable.ts';
import { named, rootLines } from './describe.ts';
import { holding } from './hold.ts';
import { readPublicKey } from './key-files.ts';
import { inDays, keysFor, listedKey, nameOf, publicValue, type Role, type Signed } from './metadata.ts';
import { nextVersion, openRepository, type Published } from './repository.ts';
import type { Setting } from './setting.ts';
import { draftTargets, readStagedRelease, readStagedRoot, stageRoot, stageTargets, unsignedCopy } from './staged.ts';

export interface RotateOptions {
  readonly role: Role;
  /** The public half of the key that is to be trusted. */
  readonly next?: string | undefined;
  /** Name, id, or file of the key that is not to be trusted any more; a role of one key has no other. */
  readonly old?: string | undefined;
}

const refuse = (message: string): never => {
  throw new LookdialError('invalid-request', message);
};

/** Which key is meant to go. */
async function keyToGo(root: Signed<'root'>, role: Role, old: string | undefined): Promise<Key> {
  const keys = keysFor(root, role);
  const [only] = keys;
  if (old === undefined) {
    if (keys.length === 1 && only !== undefined) return only;
    return refuse(`Say which ${role} key goes: --old NAME, one of ${named(keys)}.`);
  }
  const value = old.endsWith('.pem') ? (await readPublicKey(old)).value : undefined;
  const found = keys.filter(key => publicValue(key) === value || nameOf(key) === old || key.keyID === old);
  const [one, more] = found;
  if (one !== undefined && more === undefined) return one;
  return refuse(
    `--old ${old}: ${more === undefined ? 'no' : 'more than one'} ${role} key is called that; there are ${named(keys)}.`,
  );
}

async function replaceKey(root: Signed<'root'>, { role, next, old }: RotateOptions): Promise<void> {
  if (next === undefined) return;
  const key = await readPublicKey(next);
  const taken = Object.values(root.signed.keys).find(one => publicValue(one) === key.value);
  if (taken !== undefined)
    refuse(`${next}: the root has this key already, as ${nameOf(taken)}. Each place takes a key of its own.`);
  const gone = await keyToGo(root, role, old);
  const { id, json } = listedKey(key);
  const place = root.signed.roles[role];
  if (place === undefined) return;
  place.keyIDs.splice(place.keyIDs.indexOf(gone.keyID), 1, id);
  delete root.signed.keys[gone.keyID];
  root.signed.keys[id] = Key.fromJSON(id, json);
}

/** The staged targets are signed by another key from now on, and those in place by none that is trusted: they are staged again. */
async function stageTargetsAgain(
  setting: Setting,
  inPlace: Signed<'root'>,
  published: Published | undefined,
): Promise<void> {
  const { repository, staged: folder, lifetimes, now } = setting;
  if (published === undefined || (await readStagedRelease(folder)) !== undefined) return;
  const version = await nextVersion(repository, 'targets');
  const { release } = published;
  await stageTargets(folder, release, draftTargets(release, version, inDays(lifetimes.targets, now)), inPlace);
}

async function rotateHeld(setting: Setting, options: RotateOptions): Promise<void> {
  const { repository, staged: folder, lifetimes, now, say } = setting;
  const staged = await readStagedRoot(folder);
  const { root: inPlace, published } = await openRepository(repository, staged);
  if (inPlace === undefined) throw noRoot(repository);
  const version = inPlace.signed.version + 1;
  const going = staged?.signed.version === version ? staged : undefined;
  const { signed } = unsignedCopy(going ?? inPlace);
  const root: Signed<'root'> = new Metadata(new Root({ ...signed, version, expires: inDays(lifetimes.root, now) }));
  await replaceKey(root, options);
  await stageRoot(folder, root, inPlace);
  if (options.role === 'targets') await stageTargetsAgain(setting, inPlace, published);
  for (const line of rootLines(root, inPlace)) say(line);
  if (going !== undefined) say('It goes on from the root that was staged; who had signed that one signs again.');
  say(`It waits in ${folder} for the root keys: npm run bundle -- sign, one holder after the other, then publish.`);
}

const noRoot = (repository: string): LookdialError =>
  new LookdialError('release-invalid', `${repository}: it has no root yet. Make one: npm run bundle -- init.`);

export async function rotate(setting: Setting, options: RotateOptions): Promise<void> {
  const { repository, staged, patienceMs } = setting;
  if ((await openRepository(repository, await readStagedRoot(staged))).root === undefined) throw noRoot(repository);
  await makeFolderDurably(staged);
  await holding([repository, staged], () => rotateHeld(setting, options), patienceMs);
}
