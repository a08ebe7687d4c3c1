/** Names that git gives to contents (SHA-1): a file's, and a folder's, which depends on all that is in it. */
import { createHash } from 'node:crypto';

const objectId = (type: 'blob' | 'tree', content: Uint8Array): string =>
  createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');

export const blobId = (bytes: Uint8Array): string => objectId('blob', bytes);

export interface TreeEntry {
  readonly path: string;
  /** Such as `100644`. */
  readonly mode: string;
  /** 40 hex digits. */
  readonly sha: string;
}

/** @param entries in git's order: as they are listed */
export const treeId = (entries: readonly TreeEntry[]): string =>
  objectId(
    'tree',
    Buffer.concat(
      entries.flatMap(({ mode, path, sha }) => [
        Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`),
        Buffer.from(sha, 'hex'),
      ]),
    ),
  );
