/** What a run did to one folder, as effects in their order, each with the moment from which it could no more be lost. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { applyNames, type Change, filesOf, type Inode, touches } from './changes.ts';
import { FileBytes } from './file-bytes.ts';
import { bytesOf, type Call, descriptorOf, pathOf, textOf } from './strace.ts';

export interface Effect {
  readonly change: Change;
  readonly start: number;
  readonly end: number;
  /** When a sync that covers it had ended; infinite where none did. */
  syncedAt: number;
}

export interface Acknowledgement {
  readonly what: string;
  readonly at: number;
}

/** A sync: of which path, so that a test can take it away. */
export interface Sync {
  readonly path: string;
  readonly at: number;
}

/** The files, and what is open, as they are while the calls are followed. */
interface OpenFile {
  readonly inode: Inode;
  readonly append: boolean;
  position: number;
}

export interface RecordingOptions {
  /** The folder that is looked at. */
  readonly root: string;
  /** A file outside it: what is written there is acknowledged. */
  readonly acknowledgements: string;
  /** Syncs to leave out, as if the program had not asked for them. */
  readonly without?: (path: string) => boolean;
}

class NotYetThere extends Error {}

export class Recording {
  readonly effects: Effect[] = [];
  readonly acknowledged: Acknowledgement[] = [];
  readonly syncs: Sync[] = [];
  readonly root: Inode;
  /** The tree as it was before. */
  readonly before = new Map<Inode, ReadonlyMap<string, Inode>>();
  readonly #options: RecordingOptions;
  readonly #tree = new Map<Inode, Map<string, Inode>>();
  readonly #contents = new Map<Inode, FileBytes>();
  readonly #open = new Map<number, OpenFile>();
  #inodes = 0;
  #ended = 0;

  /** Takes the folder as it is now for what is on the disk. */
  constructor(options: RecordingOptions) {
    this.#options = options;
    this.root = this.#read(options.root);
    for (const [folder, entries] of this.#tree) this.before.set(folder, new Map(entries));
  }

  #inode(isFolder: boolean, before = Buffer.alloc(0)): Inode {
    const inode = { id: this.#inodes++, isFolder, before };
    if (isFolder) this.#tree.set(inode, new Map());
    else this.#contents.set(inode, new FileBytes(before));
    return inode;
  }

  #read(path: string): Inode {
    const folder = this.#inode(true);
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const below = join(path, entry.name);
      const inode = entry.isDirectory() ? this.#read(below) : this.#inode(false, readFileSync(below));
      this.#tree.get(folder)?.set(entry.name, inode);
    }
    return folder;
  }

  get folder(): string {
    return this.#options.root;
  }

  /** Follows the calls of one more process, which has ended: what it had open is closed. */
  follow(calls: readonly Call[]): void {
    const base = this.#ended;
    this.#open.clear();
    // A descriptor is free from when its closing begins: another thread may have it again before that call is back.
    const steps = calls.flatMap(call =>
      call.name === 'close' ? [{ at: call.start, call }] : [{ at: call.end, call }],
    );
    let early: Call[] = [];
    for (const { call } of steps.sort((a, b) => a.at - b.at)) {
      early = this.#followAll([...early, { ...call, start: base + call.start, end: base + call.end }]);
    }
    const [left] = early;
    if (left !== undefined) this.#follow(left);
    this.#ended = base + Math.max(0, ...calls.map(({ end }) => end)) + 1;
  }

  /**
   * Follows calls in turn. @returns those that came back before the one of another thread that made their folder or file
   * did: they are for later
   */
  #followAll(calls: readonly Call[]): Call[] {
    return calls.filter(call => {
      try {
        this.#follow(call);
        return false;
      } catch (error) {
        if (error instanceof NotYetThere) return true;
        throw error;
      }
    });
  }

  /** What is in the folder at the end: by path; null for a folder. */
  get final(): Map<string, Buffer | null> {
    return filesOf(this.root, this.#tree, inode => Buffer.from(this.#contents.get(inode)?.bytes ?? []));
  }

  acknowledgedAt(at: number): string[] {
    return this.acknowledged.filter(one => one.at < at).map(({ what }) => what);
  }

  #inside(path: string): string[] | undefined {
    const way = relative(this.#options.root, path);
    if (way === '') return [];
    return way.startsWith('..') ? undefined : way.split('/');
  }

  #find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.root;
    for (const name of this.#inside(path) ?? [''])
      inode = inode === undefined ? inode : this.#tree.get(inode)?.get(name);
    return inode;
  }

  #folderOf(path: string): Inode {
    const folder = this.#find(dirname(path));
    if (folder === undefined) throw new NotYetThere(`The recording has no folder of ${path}.`);
    return folder;
  }

  #do(call: Call, change: Change): void {
    this.effects.push({ change, start: call.start, end: call.end, syncedAt: Number.POSITIVE_INFINITY });
    if (change.kind === 'write') this.#contents.get(change.inode)?.write(change.offset, change.bytes);
    else if (change.kind === 'truncate') this.#contents.get(change.inode)?.resize(change.size);
    else applyNames(this.#tree, change);
  }

  #follow(call: Call): void {
    if (call.result < 0) return;
    const [first = '', second = '', third = '', fourth = ''] = call.args;
    const steps: Record<string, () => void> = {
      open: () => this.#opened(call, pathOf(first), second),
      openat: () => this.#opened(call, pathOf(second, first), third),
      close: () => this.#open.delete(descriptorOf(first).fd),
      lseek: () => this.#seek(descriptorOf(first).fd, call.result),
      write: () => this.#write(call, bytesOf(second)),
      writev: () => this.#write(call, bytesOf(second)),
      pwrite64: () => this.#write(call, bytesOf(second), Number(fourth)),
      pwritev: () => this.#write(call, bytesOf(second), Number(fourth)),
      pwritev2: () => this.#write(call, bytesOf(second), Number(fourth)),
      ftruncate: () => this.#truncate(call, Number(second)),
      fsync: () => this.#sync(call),
      fdatasync: () => this.#sync(call),
      rename: () => this.#rename(call, pathOf(first), pathOf(second)),
      renameat: () => this.#rename(call, pathOf(second, first), pathOf(fourth, third)),
      renameat2: () => this.#rename(call, pathOf(second, first), pathOf(fourth, third)),
      unlink: () => this.#unlink(call, pathOf(first)),
      rmdir: () => this.#unlink(call, pathOf(first)),
      unlinkat: () => this.#unlink(call, pathOf(second, first)),
      mkdir: () => this.#make(call, pathOf(first)),
      mkdirat: () => this.#make(call, pathOf(second, first)),
      link: () => this.#link(call, pathOf(first), pathOf(second)),
      linkat: () => this.#link(call, pathOf(second, first), pathOf(fourth, third)),
    };
    (steps[call.name] ?? (() => this.#foreign(call)))();
  }

  /** A call that the recording does not model: it must not have to do with the folder. */
  #foreign({ name, args }: Call): void {
    if (name === 'mmap' && !(args[2]?.includes('PROT_WRITE') && args[3]?.includes('MAP_SHARED'))) return;
    // Descriptors are copied to be looked at, e.g. F_GETFL, F_SETLK: a copy would be another number of the same file.
    if (name === 'fcntl' && !args[1]?.startsWith('F_DUPFD')) return;
    for (const arg of args) {
      const path = /^"/.test(arg) ? textOf(arg) : descriptorOf(arg).path;
      // What SQLite keeps in shared memory is not on the disk: it makes it anew.
      if (path === '' || path.endsWith('-shm') || this.#inside(path) === undefined) continue;
      throw new Error(
        `The recording does not know what ${name} does to ${path}: teach it, in ${import.meta.filename}.`,
      );
    }
  }

  #opened(call: Call, path: string, flags: string): void {
    if (this.#inside(path) === undefined) {
      this.#open.delete(call.result);
      return;
    }
    let inode = this.#find(path);
    if (inode === undefined) {
      if (!flags.includes('O_CREAT')) throw new NotYetThere(`The recording has no ${path}, which was opened.`);
      inode = this.#inode(false);
      this.#do(call, { kind: 'link', folder: this.#folderOf(path), name: nameOf(path), inode });
    } else if (flags.includes('O_TRUNC')) {
      this.#do(call, { kind: 'truncate', inode, size: 0 });
    }
    this.#open.set(call.result, { inode, append: flags.includes('O_APPEND'), position: 0 });
  }

  #seek(fd: number, position: number): void {
    const file = this.#open.get(fd);
    if (file !== undefined) file.position = position;
  }

  /** The open file of a call; undefined where it is none of the folder's. */
  #fileOf({ name, args }: Call): OpenFile | undefined {
    const { fd, path } = descriptorOf(args[0] ?? '');
    const file = this.#open.get(fd);
    if (file === undefined && this.#inside(path) !== undefined && path !== '')
      throw new Error(`${name} on ${path}, which the recording did not see opened.`);
    return file;
  }

  #write(call: Call, bytes: Buffer, offset?: number): void {
    const { path } = descriptorOf(call.args[0] ?? '');
    const written = bytes.subarray(0, call.result);
    if (path === this.#options.acknowledgements) {
      for (const what of written.toString().split('\n').filter(Boolean)) {
        this.acknowledged.push({ what, at: call.start });
      }
      return;
    }
    const file = this.#fileOf(call);
    if (file === undefined) return;
    const size = this.#contents.get(file.inode)?.length ?? 0;
    const place = offset ?? (file.append ? size : file.position);
    if (offset === undefined) file.position = place + written.length;
    this.#do(call, { kind: 'write', inode: file.inode, offset: place, bytes: written });
  }

  #truncate(call: Call, size: number): void {
    const file = this.#fileOf(call);
    if (file !== undefined) this.#do(call, { kind: 'truncate', inode: file.inode, size });
  }

  #sync(call: Call): void {
    const file = this.#fileOf(call);
    if (file === undefined) return;
    const { path } = descriptorOf(call.args[0] ?? '');
    const way = relative(this.#options.root, path);
    this.syncs.push({ path: way, at: call.end });
    if (this.#options.without?.(way)) return;
    for (const effect of this.effects) {
      // Only what had ended when the sync began is sure to be covered by it.
      if (effect.end >= call.start || Number.isFinite(effect.syncedAt)) continue;
      if (touches(effect.change, file.inode)) effect.syncedAt = call.end;
    }
  }

  #rename(call: Call, from: string, to: string): void {
    const inside = [from, to].map(path => this.#inside(path) !== undefined);
    if (!inside.includes(true)) return;
    const inode = this.#find(from);
    if (inode === undefined || inside.includes(false))
      throw new Error(`The recording cannot follow a rename of ${from} to ${to}.`);
    const change = { from: this.#folderOf(from), oldName: nameOf(from), to: this.#folderOf(to), newName: nameOf(to) };
    this.#do(call, { kind: 'rename', ...change, inode });
  }

  #unlink(call: Call, path: string): void {
    if (this.#inside(path) === undefined) return;
    this.#do(call, { kind: 'unlink', folder: this.#folderOf(path), name: nameOf(path) });
  }

  /** A further name of a file. */
  #link(call: Call, from: string, to: string): void {
    const inside = [from, to].map(path => this.#inside(path) !== undefined);
    if (!inside.includes(true)) return;
    if (inside.includes(false)) throw new Error(`The recording cannot follow a link of ${from} to ${to}.`);
    const inode = this.#find(from);
    if (inode === undefined) throw new NotYetThere(`The recording has no ${from}, which was linked.`);
    this.#do(call, { kind: 'link', folder: this.#folderOf(to), name: nameOf(to), inode });
  }

  #make(call: Call, path: string): void {
    if (this.#inside(path) === undefined) return;
    const inode = this.#inode(true);
    this.#do(call, { kind: 'link', folder: this.#folderOf(path), name: nameOf(path), inode });
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
