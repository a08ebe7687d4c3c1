/**
 * Where the public clothing data set is, and what it must be: one commit of github.com/alexeygrigorev/clothing-dataset (CC0 1.0),
 * by the names git gives to what is in it. Its list of pictures is told by the folder's name, each picture by the list.
 */
import { LookdialError } from '../../../device/errors.ts';
import type { Download } from './download.ts';
import { blobId, type TreeEntry, treeId } from './git-objects.ts';

export interface ClothingSource {
  /** URL of the repository's root at its commit, without a slash at the end. */
  readonly files: string;
  /** URL of the list of `images/`, as GitHub's API gives it. */
  readonly list: string;
  /** Git's name for `images/`. */
  readonly images: string;
  /** Git's name for `images.csv`. */
  readonly labels: string;
}

const REPOSITORY = 'alexeygrigorev/clothing-dataset';
const COMMIT = '7ed86a9cc56763b6acb35e41cb35184e43a5d218';
const IMAGES = 'ed3fd29ec92722068e86e904876fa756585ef66a';

export const PUBLIC_SOURCE: ClothingSource = {
  files: `https://raw.githubusercontent.com/${REPOSITORY}/${COMMIT}`,
  list: `https://api.github.com/repos/${REPOSITORY}/git/trees/${IMAGES}`,
  images: IMAGES,
  labels: '053ccf5ac18062d7685eacf20be4fb93f2655386',
};

/** Bytes that no list, no labels and no picture of the data set comes near. */
const MOST_BYTES = 20_000_000;
/** A picture of the data set that was kept: its name, and git's name for its content. */
export type Listed = ReadonlyMap<string, string>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function entriesOf(bytes: Uint8Array): TreeEntry[] | undefined {
  try {
    const written: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (!isRecord(written) || !Array.isArray(written.tree)) return undefined;
    return written.tree.map((entry: unknown) => {
      const { path, mode, sha } = isRecord(entry) ? entry : {};
      return { path: String(path), mode: String(mode), sha: String(sha) };
    });
  } catch {
    return undefined;
  }
}

const changed = (what: string): LookdialError =>
  new LookdialError(
    'store-invalid',
    `${what} is not what it was when this version of Lookdial was made, so it is not taken. Something between here and there may have changed it.`,
  );

/**
 * The pictures of the data set, by name.
 * @throws LookdialError `store-invalid` where the list cannot be had, or is another one
 */
export async function listPictures({ list, images }: ClothingSource, download: Download): Promise<Listed> {
  const entries = entriesOf(await download.get(list, MOST_BYTES));
  if (entries === undefined || treeId(entries) !== images) throw changed(`The list at ${list}`);
  return new Map(entries.map(({ path, sha }) => [path, sha]));
}

/**
 * The labels, `images.csv`.
 * @throws LookdialError `store-invalid` where they cannot be had, or are others
 */
export async function readLabels({ files, labels }: ClothingSource, download: Download): Promise<Buffer> {
  const url = `${files}/images.csv`;
  const bytes = await download.get(url, MOST_BYTES);
  if (blobId(bytes) !== labels) throw changed(`What is at ${url}`);
  return bytes;
}

/**
 * One picture.
 * @throws LookdialError `store-invalid` where it cannot be had, or is another one
 */
export async function readPhotograph(
  { files }: ClothingSource,
  name: string,
  sha: string,
  download: Download,
): Promise<Buffer> {
  const url = `${files}/images/${name}`;
  const bytes = await download.get(url, MOST_BYTES);
  if (blobId(bytes) !== sha) throw changed(`What is at ${url}`);
  return bytes;
}
