/** `init`: the first root, which says whose keys count. */
import { Metadata, Root } from '@tufjs/models';
import { LookdialError } from '../../device/errors.ts';
import { makeFolderDurably } from '../../device/inventory/durable.ts';
import { rootLines } from './describe.ts';
import { holding } from './hold.ts';
import { type PublicKey, readPublicKey } from './key-files.ts';
import { inDays, listedKey, ROLES, type Role, type Signed, SPEC_VERSION } from './metadata.ts';
import { makeRepositoryFolders, openRepository } from './repository.ts';
import type { Setting } from './setting.ts';
import { readStagedRoot, stageRoot } from './staged.ts';

/** Files of public keys. */
export type FirstKeys = Readonly<Record<Role, readonly string[]>>;

const refuse = (message: string): never => {
  throw new LookdialError('invalid-request', message);
};

/** A key that stood for two would be one thief's for both. */
function checkDistinct(keys: readonly PublicKey[]): void {
  const twice = keys.find(({ value }, at) => keys.findIndex(other => other.value === value) !== at);
  if (twice === undefined) return;
  const other = keys.find(key => key.value === twice.value && key !== twice) ?? twice;
  refuse(`${other.name} and ${twice.name} are the same key. Each place takes a key of its own.`);
}

function checkCounts(keys: FirstKeys, threshold: number): void {
  for (const role of ROLES) {
    if (keys[role].length === 0) refuse(`Say whose key signs as ${role}: --${role} NAME.pub.pem.`);
    if (role !== 'root' && keys[role].length > 1) refuse(`--${role}: one key, not ${keys[role].length}.`);
  }
  if (threshold > keys.root.length || threshold < 1) {
    refuse(
      `--threshold ${threshold}: there are ${keys.root.length} root keys. Three keys, of which two must sign, do well.`,
    );
  }
}

interface FirstKey {
  readonly role: Role;
  readonly key: PublicKey;
}

function firstRoot(keys: readonly FirstKey[], threshold: number, expires: string): Signed<'root'> {
  const listed = keys.map(({ role, key }) => ({ role, ...listedKey(key) }));
  const roleOf = (role: Role) => ({
    keyids: listed.filter(one => one.role === role).map(({ id }) => id),
    threshold: role === 'root' ? threshold : 1,
  });
  const json = {
    _type: 'root',
    spec_version: SPEC_VERSION,
    version: 1,
    expires,
    consistent_snapshot: true,
    keys: Object.fromEntries(listed.map(({ id, json: key }) => [id, key])),
    roles: Object.fromEntries(ROLES.map(role => [role, roleOf(role)])),
  };
  return new Metadata(Root.fromJSON(json));
}

/** @throws LookdialError `invalid-request` for keys that make no root, `release-invalid` where there is one already */
export async function init(setting: Setting, files: FirstKeys, threshold: number): Promise<void> {
  const { repository, staged, lifetimes, now, say, patienceMs } = setting;
  checkCounts(files, threshold);
  const read = async (role: Role): Promise<FirstKey[]> =>
    (await Promise.all(files[role].map(path => readPublicKey(path)))).map(key => ({ role, key }));
  const keys = (await Promise.all(ROLES.map(read))).flat();
  checkDistinct(keys.map(({ key }) => key));
  await makeRepositoryFolders(repository);
  await makeFolderDurably(staged);
  const stage = async (): Promise<void> => {
    if ((await openRepository(repository)).root !== undefined) {
      refuse(`${repository} has a root already. Other keys: npm run bundle -- rotate.`);
    }
    const before = await readStagedRoot(staged);
    const root = firstRoot(keys, threshold, inDays(lifetimes.root, now));
    await stageRoot(staged, root, undefined);
    for (const line of rootLines(root, undefined)) say(line);
    if (before !== undefined) say('A first root was staged already; this one stands in its place, unsigned.');
    say(`It waits in ${staged}. The holders of the root keys sign it, one after the other: npm run bundle -- sign.`);
  };
  await holding([repository, staged], stage, patienceMs);
}
