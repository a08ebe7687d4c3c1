/** The index of encodings, with the log beside it: whole, of the encoder that serves, and the one that the catalogue means. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLogFile } from '../../../device/inventory/encoding-log-file.ts';
import { INDEX_FILE, LOG_FILE } from '../../../device/inventory/encodings.ts';
import { sha256 } from '../../../device/inventory/picture-files.ts';
import { IndexError } from '../../../device/matching/errors.ts';
import { EncodingIndex } from '../../../device/matching/index-file.ts';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, ok } from '../check.ts';
import { bytes, count, said, sentence } from '../words.ts';

const AGAIN = 'Index the store again: npm run index -- --store FOLDER.';

/** The digest of a file; undefined where there is none. */
const digestOf = async (path: string): Promise<string | undefined> => {
  const found = await readFile(path).catch(() => undefined);
  return found && sha256(found).toString('hex');
};

async function judge(box: Box, path: string, index: Uint8Array): Promise<Finding> {
  const bundle = await box.bundle().catch(() => undefined);
  if (bundle === undefined) {
    return look(
      `The index ${path} cannot be judged without its bundle.`,
      'First put the bundle right: see the check bundle.',
    );
  }
  const expected = { encoderDigest: bundle.encoderDigest, latentDim: bundle.manifest.latentDim };
  let opened: EncodingIndex;
  try {
    opened = EncodingIndex.open(index, expected);
  } catch (error) {
    if (!(error instanceof IndexError)) throw error;
    return broken(sentence(`The index ${path} cannot be used with ${bundle.name}: ${error.message}`), AGAIN);
  }
  const digest = sha256(index).toString('hex');
  const named = box.store?.index;
  if (named !== digest && named !== undefined && (await digestOf(`${path}.next`)) !== named) {
    return look(`The index ${path} is not the one that the catalogue names: they are not of one run.`, AGAIN);
  }
  const { records, notices } = await readLogFile(join(box.config.data, LOG_FILE), expected);
  const measured = { garments: opened.count, sinceThen: records.length, digest };
  if (notices.length > 0) {
    return look(notices.join(' '), 'Nothing is lost that a picture is there of: the next start encodes it again.', {
      measured,
    });
  }
  const since =
    records.length === 0
      ? ''
      : `, and ${count(records.length, 'change')} since then ${records.length === 1 ? 'is' : 'are'} in its log`;
  return ok(
    `The index of ${count(opened.count, 'garment')} is whole (${bytes(index.length)}), and of the encoder of ${bundle.name}${since}.`,
    { measured },
  );
}

export const index: Check = {
  name: 'index',
  about: 'the index of encodings and the log beside it',
  async run(box) {
    const path = join(box.config.data, INDEX_FILE);
    let found: Uint8Array;
    try {
      found = await readFile(path);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      return broken(
        missing ? `There is no index at ${path}.` : sentence(`The index ${path} cannot be read: ${said(error)}`),
        AGAIN,
      );
    }
    return judge(box, path, found);
  },
};
