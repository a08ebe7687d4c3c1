/** `refresh`: signs the timestamp for another while, and the snapshot where it is due. What a timer runs: it needs these two keys alone. */
import { holding } from './hold.ts';
import type { PublicKey } from './key-files.ts';
import { isNear, warningOf } from './lifetimes.ts';
import { bytesOf, daysLeft, inDays, repositoryInvalid, snapshotOf, timestampOf } from './metadata.ts';
import { metadataPath } from './places.ts';
import { nextVersion, openRepository, putOnce, putTimestamp } from './repository.ts';
import type { Setting } from './setting.ts';
import { keysOfFolders, Signers } from './signers.ts';

/** A clock may be a little behind the one that signed last, days. */
const CLOCK_SLACK_DAYS = 1;

const notYet = (repository: string) =>
  repositoryInvalid(repository, 'nothing is published in it yet: npm run bundle -- make, then sign and publish.');

async function refreshHeld(setting: Setting, keys: readonly PublicKey[]): Promise<string[]> {
  const { repository, lifetimes, now, say, fs } = setting;
  const { root, published } = await openRepository(repository);
  if (root === undefined || published === undefined) throw notYet(repository);
  const { targets, timestamp: last } = published;
  if (daysLeft(last, now) > lifetimes.timestamp + CLOCK_SLACK_DAYS) {
    say(
      `The timestamp in place is good until ${last.signed.expires}, longer than the new one: look at this machine’s clock.`,
    );
  }
  const signers = new Signers(keys, setting);
  let { snapshot } = published;
  if (isNear(snapshot, 'snapshot', lifetimes, now) || daysLeft(snapshot, now) < lifetimes.timestamp) {
    snapshot = snapshotOf(targets, await nextVersion(repository, 'snapshot'), inDays(lifetimes.snapshot, now));
    await signers.sign(snapshot, 'snapshot', [root], false);
  }
  const version = last.signed.version + 1;
  const timestamp = timestampOf(snapshot, version, inDays(lifetimes.timestamp, now));
  await signers.sign(timestamp, 'timestamp', [root], false);
  if (snapshot !== published.snapshot) {
    await putOnce(metadataPath(repository, 'snapshot', snapshot.signed.version), bytesOf(snapshot), fs);
    say(`Snapshot ${snapshot.signed.version} is good until ${snapshot.signed.expires}.`);
  }
  await putTimestamp(repository, timestamp, fs);
  say(`Timestamp ${version} is good until ${timestamp.signed.expires}.`);
  const warnings = [warningOf(root, 'root', lifetimes, now), warningOf(targets, 'targets', lifetimes, now)];
  return warnings.filter(warning => warning !== undefined);
}

/** @returns what a timer cannot renew and is due, one sentence each */
export async function refresh(setting: Setting): Promise<string[]> {
  const { repository, patienceMs } = setting;
  const keys = await keysOfFolders(setting.keys);
  if ((await openRepository(repository)).root === undefined) throw notYet(repository);
  return await holding([repository], () => refreshHeld(setting, keys), patienceMs);
}
