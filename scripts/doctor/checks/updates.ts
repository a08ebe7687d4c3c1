/** Whether updates of the model can come: the root of trust, the metadata on the box, and the repository. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UPDATES_FOLDER } from '../../../device/edition/served-bundle.ts';
import { LookdialError } from '../../../device/errors.ts';
import { fetchBytes } from '../../../device/updates/fetch-bytes.ts';
import { MetadataFolder } from '../../../device/updates/metadata-folder.ts';
import { UpdateRefused } from '../../../device/updates/refusals.ts';
import { sourceAt } from '../../../device/updates/source.ts';
import { daysLeft, isTrusted, ROLES, type Role, readSigned } from '../../bundle/metadata.ts';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, notHere, ok, worstOf } from '../check.ts';
import { count, said, sentence } from '../words.ts';

const LIMIT_MS = 10_000;
const PACE = { bytesPerSecond: 1_000, windowMs: LIMIT_MS };
/** As the updater has it. */
const MOST_BYTES = 16_384;

/** Of a time that is past by so many days. */
const ago = (days: number): string => (days < 1 ? 'less than a day ago' : `${count(Math.floor(days), 'day')} ago`);

async function judgeRoot(path: string): Promise<Finding> {
  const next = 'Put the repository’s first root.json there, as whoever publishes the models gives it.';
  try {
    const root = readSigned('root', await readFile(path), path);
    if (isTrusted(root, 'root', root)) return ok(`The first root ${path} is one (version ${root.signed.version}).`);
    return broken(`The first root ${path} is not signed by enough of the keys that it names.`, next);
  } catch (error) {
    return broken(sentence(`The first root ${path} cannot be used: ${said(error)}`), next);
  }
}

/** What of the repository this box holds to be true, and how long it is good. */
async function judgeMetadata({ config }: Box): Promise<Finding> {
  const files = await new MetadataFolder(join(config.data, UPDATES_FOLDER, 'metadata')).current();
  if (files.size === 0) return ok('The box has not seen its repository yet.');
  const now = new Date();
  const days: Partial<Record<Role, number>> = {};
  for (const role of ROLES) {
    const bytes = files.get(`${role}.json`);
    if (bytes === undefined) continue;
    try {
      days[role] = daysLeft(readSigned(role, bytes, `${role}.json`), now);
    } catch (error) {
      const found = sentence(`What the box keeps of its repository is damaged: ${said(error)}`);
      return look(found, 'Nothing: the next look at the repository begins anew from the first root.');
    }
  }
  const left = Object.entries(days).sort(([, a], [, b]) => a - b);
  const [first] = left;
  const measured = { metadataDaysLeft: days };
  if (first === undefined) return ok('The box has the root of its repository, and no more of it yet.');
  const [role, least] = first;
  if (least < 0) {
    return look(
      `What the box has of its repository has expired (${role}, ${ago(-least)}): it takes no update, and serves on.`,
      'See that the box reaches its repository, and that whoever publishes has signed it anew (npm run bundle -- refresh).',
      { measured },
    );
  }
  return ok(`What the box has of its repository is good for ${count(Math.floor(least), 'more day')} (${role}).`, {
    measured,
  });
}

async function judgeSource({ config }: Box): Promise<Finding> {
  const source = sourceAt(config.updates);
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const bytes = await fetchBytes(source, 'metadata/timestamp.json', { maxBytes: MOST_BYTES, pace: PACE, signal });
    const timestamp = readSigned('timestamp', bytes, `${source.name}metadata/timestamp.json`);
    const days = daysLeft(timestamp, new Date());
    if (days < 0) {
      return look(
        `The repository ${source.name} answers, and what it offers has expired ${ago(-days)}.`,
        'Whoever publishes must sign it anew: npm run bundle -- refresh.',
      );
    }
    return ok(
      `The repository ${source.name} answers, and what it offers is good for ${count(Math.floor(days), 'more day')}.`,
    );
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    if (!(error instanceof UpdateRefused || error instanceof LookdialError || late)) throw error;
    const why = late ? `it did not answer within ${LIMIT_MS / 1000} s` : said(error);
    return look(
      sentence(`The repository ${source.name} cannot be read: ${why}`),
      'Look at the network, or whether the stick or the share is there; the box serves on, and asks again by itself.',
    );
  } finally {
    source.close();
  }
}

export const updates: Check = {
  name: 'updates',
  about: 'the root of trust, how long the metadata are good, and whether the repository answers',
  async run(box) {
    const { updates: address, updatesRoot } = box.config;
    if (address === '')
      return notHere('The box takes no updates.', 'Where it should, set updates and updatesRoot: docs/updates.md.');
    if (updatesRoot === '')
      return broken(
        'updates is set, and updatesRoot is not.',
        'Set it to the file of the repository’s first root.json.',
      );
    return worstOf([await judgeSource(box), await judgeMetadata(box), await judgeRoot(resolve(updatesRoot))]);
  },
};
