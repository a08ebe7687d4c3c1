/**
 * One edition: a model, the sessions that run it, and the index its encoder made, which belong together. They never change: a new
 * model or a new index makes a new edition beside it. What comes and goes meanwhile is in its search, beside the index.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { LookdialError } from '../errors.ts';
import type { Bundle } from '../inference/bundle.ts';
import type { Inference } from '../inference/inference.ts';
import { DialMap } from '../matching/dials.ts';
import { IndexError } from '../matching/errors.ts';
import { EncodingIndex, type IndexExpectation } from '../matching/index-file.ts';
import type { LiveGarments } from '../search/live-garments.ts';
import { StoreSearch } from '../search/store-search.ts';
import { type AttributesOf, type DialWords, dialWords, findDialWords } from './dial-words.ts';
import { kindsOfDials } from './kind-dials.ts';

export interface Edition {
  /** The bundle's id and version and the first 12 hex digits of the index's digest, e.g. `clothing@1.0.0+0123456789ab`. */
  readonly id: string;
  readonly bundle: Bundle;
  readonly inference: Inference;
  readonly index: EncodingIndex;
  /** SHA-256 of the index file, in hex. */
  readonly indexDigest: string;
  /** The file's bytes that `index` is a view of; not to be written to. */
  readonly indexBytes: Uint8Array;
  /** Exact, and off the event loop where the store is large. */
  readonly search: StoreSearch;
  /** The garments as they are now: the index's, with what has come and gone since. */
  readonly garments: LiveGarments;
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
  /** What its dials are called, where the catalogue need not be asked: those of the edition before. */
  readonly names?: readonly DialWords[] | undefined;
  /** Garments that may come before the index must be built anew; 1,024 unless given. */
  readonly tailCapacity?: number | undefined;
}

/**
 * Joins a model that runs and an index.
 * @throws LookdialError `index-invalid`: one sentence saying what was got and expected, and what to do
 */
export function openEdition(parts: EditionParts): Edition {
  const { bundle, inference, indexBytes, attributesOf } = parts;
  const { latentDim, range, dials, id, version } = bundle.manifest;
  const search = openSearch(parts);
  const { index } = search;
  const digest = createHash('sha256').update(indexBytes).digest('hex');
  return Object.freeze({
    id: `${id}@${version}+${digest.slice(0, 12)}`,
    bundle,
    inference,
    index,
    indexDigest: digest,
    indexBytes: index.bytes,
    search,
    garments: search.garments,
    dials: new DialMap(latentDim, range, dials),
    names: parts.names ?? dialWords(bundle, index, attributesOf),
    dialKinds: kindsOfDials(bundle),
  });
}

/**
 * The same beside an edition that is being served: what takes long is done a slice at a time.
 * @throws LookdialError `index-invalid`
 */
export async function openEditionBeside(parts: EditionParts): Promise<Edition> {
  const { bundle, indexBytes, attributesOf } = parts;
  const index = usable(parts, expected => EncodingIndex.open(indexBytes, expected));
  return openEdition({ ...parts, names: parts.names ?? (await findDialWords(bundle, index, attributesOf)) });
}

function openSearch(parts: EditionParts): StoreSearch {
  const { indexBytes, tailCapacity } = parts;
  return usable(
    parts,
    expected => new StoreSearch(indexBytes, expected, tailCapacity === undefined ? {} : { tailCapacity }),
  );
}

function usable<T>({ bundle, indexPath }: EditionParts, open: (expected: IndexExpectation) => T): T {
  try {
    const { encoderDigest, manifest } = bundle;
    return open({ encoderDigest, latentDim: manifest.latentDim });
  } catch (cause) {
    if (!(cause instanceof IndexError)) throw cause;
    throw new LookdialError(
      'index-invalid',
      `The index ${indexPath} cannot be used with the bundle ${bundle.name}: ${cause.message} ` +
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
