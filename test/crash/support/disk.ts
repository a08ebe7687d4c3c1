/**
 * What a disk may hold after a power cut: all that was synced; of the rest each write whole, in part, or not at all, and
 * each name new or old. A seed decides.
 */
import { Random } from '../../../device/matching/random.ts';
import { applyNames, type Change, changesNames, filesOf, type Inode } from './changes.ts';
import { FileBytes } from './file-bytes.ts';
import type { Effect, Recording } from './recording.ts';

/** Files and folders by path; null for a folder. */
export type Image = Map<string, Buffer | null>;

/** What becomes of what was not synced. */
export type Fate =
  /** All of it is there: the disk was quick. */
  | 'kept'
  /** Nothing is there. */
  | 'dropped'
  /** Names are there, and the bytes behind them are not. */
  | 'names-kept'
  /** Bytes are there, and no new name. */
  | 'bytes-kept'
  /** A journal: names up to some moment; each write kept, torn or dropped. */
  | 'journal'
  /** No journal: each name on its own; each write kept, torn or dropped. */
  | 'scattered';

export const SETTLED_FATES: readonly Fate[] = ['kept', 'dropped', 'names-kept', 'bytes-kept'];
export const SEEDED_FATES: readonly Fate[] = ['journal', 'scattered'];

/** A disk writes a sector whole or not at all, bytes. */
const SECTOR = 512;

/** A write of which only some sectors are on the disk; the file may have grown all the same, with zeros. */
function tear(file: FileBytes, offset: number, bytes: Buffer, coin: () => boolean): void {
  const end = offset + bytes.length;
  if (coin()) file.resize(Math.max(file.length, end));
  for (let from = offset; from < end; ) {
    const to = Math.min(end, (Math.floor(from / SECTOR) + 1) * SECTOR);
    if (coin()) file.write(from, bytes.subarray(from - offset, to - offset));
    from = to;
  }
}

/** Does to a file what becomes of a change of its bytes. */
function changeBytes(file: FileBytes, change: Change, fate: Fate, random: Random): void {
  const coin = (): boolean => random.uniform() < 0.5;
  const chance = SEEDED_FATES.includes(fate);
  const keep = fate === 'kept' || fate === 'bytes-kept';
  if (change.kind === 'truncate') {
    if (keep || (chance && coin())) file.resize(change.size);
  } else if (change.kind === 'write') {
    const draw = chance ? random.uniform() : 1;
    if (keep || draw < 0.3) file.write(change.offset, change.bytes);
    else if (draw < 0.8) tear(file, change.offset, change.bytes, coin);
  }
}

/** Which of the names that were not synced are there. */
function namesKept(pending: readonly Effect[], fate: Fate, random: Random): Set<Effect> {
  if (fate === 'kept' || fate === 'names-kept') return new Set(pending);
  if (fate === 'journal') return new Set(pending.slice(0, Math.floor(random.uniform() * (pending.length + 1))));
  if (fate === 'scattered') return new Set(pending.filter(() => random.uniform() < 0.5));
  return new Set();
}

/**
 * The folder as it may be found after a cut.
 * @param at the moment of the cut, in the recording's time
 */
export function imageAfter(recording: Recording, at: number, fate: Fate, seed: number): Image {
  const random = new Random(seed);
  const begun = recording.effects.filter(({ start }) => start < at);
  const isPending = ({ syncedAt }: Effect): boolean => syncedAt >= at;
  const kept = namesKept(
    begun.filter(effect => isPending(effect) && changesNames(effect.change)),
    fate,
    random,
  );
  const tree = new Map<Inode, Map<string, Inode>>();
  for (const [folder, entries] of recording.before) tree.set(folder, new Map(entries));
  const contents = new Map<Inode, FileBytes>();
  const fileOf = (inode: Inode): FileBytes => {
    const file = contents.get(inode) ?? new FileBytes(inode.before);
    contents.set(inode, file);
    return file;
  };
  for (const effect of begun) {
    const { change } = effect;
    if (change.kind === 'write' || change.kind === 'truncate') {
      changeBytes(fileOf(change.inode), change, isPending(effect) ? fate : 'kept', random);
      continue;
    }
    // A folder whose own name is lost has names in it all the same; nobody gets there.
    if (change.kind === 'link' && change.inode.isFolder) tree.set(change.inode, new Map());
    if (!isPending(effect) || kept.has(effect)) applyNames(tree, change);
  }
  return shared(
    filesOf(recording.root, tree, inode => fileOf(inode).bytes),
    fate,
    random,
  );
}

/** What SQLite keeps in shared memory was never synced, and may hold anything: as if it were not there, or noise. */
function shared(image: Image, fate: Fate, random: Random): Image {
  for (const [path, content] of image) {
    if (!path.endsWith('-shm')) continue;
    if (content !== null && SEEDED_FATES.includes(fate) && random.uniform() < 0.5) {
      image.set(path, Buffer.from(Array.from(content, () => Math.floor(256 * random.uniform()))));
    } else image.delete(path);
  }
  return image;
}

/** Every moment to cut at: within each change, and right after each sync and each acknowledgement. */
export function momentsOf(recording: Recording): number[] {
  const moments = new Set<number>([0]);
  for (const { start, end } of recording.effects) for (const at of [start, end]) moments.add(at + 0.5);
  for (const { at } of [...recording.syncs, ...recording.acknowledged]) moments.add(at + 0.5);
  return [...moments].sort((a, b) => a - b);
}
