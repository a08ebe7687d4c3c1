/**
 * One edition: a model, the sessions that run it, and the index its encoder made, which belong together. It never changes: new
 * garments or a new model make a new edition beside it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { DialMap } from '../matching/dials.ts';
import { IndexError } from '../matching/errors.ts';
import type { EncodingIndex } from '../matching/index-file.ts';
import { StoreSearch } from '../search/store-search.ts';
import { type AttributesOf, type DialWords, dialWords } from './dial-words.ts';
import { kindsOfDials } from './kind-dials.ts';

export interface Edition {
  /** The bundle's id and version and the first 12 hex digits of the index's digest, e.g. `clothing@1.0.0+0123456789ab`. */
  readonly id: string;
  readonly bundle: Bundle;
  readonly inference: Inference;
  readonly index: EncodingIndex;
  /** The file's bytes that `index` is a view of; not to be written to. */
  readonly indexBytes: Uint8Array;
  /** Exact, and off the event loop where the store is large. */
  readonly search: StoreSearch;
  readonly dials: DialMap;
  /** One for each dimension of z. */
  readonly names: readonly DialWords[];
  /** For each dimension of z the kinds on which its dial does something; null: on every one. */
  readonly dialKinds: readonly (readonly string[] | null)[];
}

export interface EditionParts {
  readonly bundle: Bundle;
  readonly inference: Inference;
  /** The index file, whole. */
  readonly indexBytes: Uint8Array;
  /** Where the bytes are from, for messages: the file's path. */
  readonly indexPath: string;
  readonly attributesOf: AttributesOf;
}

/**
 * Joins a model that runs and an index.
 * @throws LookdialError `index-invalid`: one sentence saying what was got and expected, and what to do
 */
export function openEdition({ bundle, inference, indexBytes, indexPath, attributesOf }: EditionParts): Edition {
  const { latentDim, range, dials, id, version } = bundle.manifest;
  const search = openSearch(indexBytes, bundle, indexPath);
  const { index } = search;
  const digest = createHash('sha256').update(indexBytes).digest('hex');
  return Object.freeze({
    id: `${id}@${version}+${digest.slice(0, 12)}`,
    bundle,
    inference,
    index,
    indexBytes: index.bytes,
    search,
    dials: new DialMap(latentDim, range, dials),
    names: dialWords(bundle, index, attributesOf),
    dialKinds: kindsOfDials(bundle),
  });
}

function openSearch(bytes: Uint8Array, bundle: Bundle, source: string): StoreSearch {
  try {
    const { encoderDigest, manifest } = bundle;
    return new StoreSearch(bytes, { encoderDigest, latentDim: manifest.latentDim });
  } catch (cause) {
    if (!(cause instanceof IndexError)) throw cause;
    throw new LookdialError(
      'index-invalid',
      `The index ${source} cannot be used with the bundle ${bundle.name}: ${cause.message} ` +
        'Make it anew: npm run index -- --store FOLDER.',
      { cause },
    );
  }
}

/**
 * Reads an index file whole, for `openEdition`.
 * @throws LookdialError `index-invalid` where there is none or it cannot be read
 */
export async function readIndexFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LookdialError(
      'index-invalid',
      `${missing ? `There is no index at ${path}` : `The index ${path} cannot be read: ${(cause as Error).message}`}. ` +
        'Make one: npm run index -- --store FOLDER (or npm start).',
      { cause },
    );
  }
}
