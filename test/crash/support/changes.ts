/** What can be done to the files and folders of a disk, and the tree that their names make. */
import { join } from 'node:path';

/** A file or a folder, whatever it is called at the time. */
export interface Inode {
  readonly id: number;
  readonly isFolder: boolean;
  /** What it held before the recording. */
  readonly before: Buffer;
}

export type Change =
  | { readonly kind: 'write'; readonly inode: Inode; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly inode: Inode; readonly size: number }
  | { readonly kind: 'link'; readonly folder: Inode; readonly name: string; readonly inode: Inode }
  | { readonly kind: 'unlink'; readonly folder: Inode; readonly name: string }
  | {
      readonly kind: 'rename';
      readonly from: Inode;
      readonly oldName: string;
      readonly to: Inode;
      readonly newName: string;
      readonly inode: Inode;
    };

export const changesNames = ({ kind }: Change): boolean => kind !== 'write' && kind !== 'truncate';

/** Whether a sync of `inode` makes the change durable; a rename from one folder to another needs its new one's. */
export function touches(change: Change, inode: Inode): boolean {
  if (change.kind === 'write' || change.kind === 'truncate') return change.inode === inode;
  return (change.kind === 'rename' ? change.to : change.folder) === inode;
}

/** Does to a tree of names what a change did. */
export function applyNames(tree: Map<Inode, Map<string, Inode>>, change: Change): void {
  if (change.kind === 'link') tree.get(change.folder)?.set(change.name, change.inode);
  else if (change.kind === 'unlink') tree.get(change.folder)?.delete(change.name);
  else if (change.kind === 'rename') {
    tree.get(change.from)?.delete(change.oldName);
    tree.get(change.to)?.set(change.newName, change.inode);
  }
}

/** Every file and folder that can be reached, by path; null for a folder. */
export function filesOf(
  root: Inode,
  tree: ReadonlyMap<Inode, ReadonlyMap<string, Inode>>,
  contentOf: (inode: Inode) => Buffer,
): Map<string, Buffer | null> {
  const found = new Map<string, Buffer | null>();
  const visit = (folder: Inode, path: string): void => {
    for (const [name, inode] of tree.get(folder) ?? []) {
      const below = join(path, name);
      found.set(below, inode.isFolder ? null : contentOf(inode));
      if (inode.isFolder) visit(inode, below);
    }
  };
  visit(root, '');
  return found;
}
