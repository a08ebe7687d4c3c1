/** The disk of the state folder: room, whether it is written to and how fast that is safe, and of what kind it is. */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDiskFull } from '../../../device/errors.ts';
import { quantile } from '../../bench/measure.ts';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, ok } from '../check.ts';
import { bytes, milliseconds, readSystem, said, sentence } from '../words.ts';

/** An update, an import and a night of photographs find room in it, bytes. */
const LOW = 1e9;
/** Writes that are flushed one after another. */
const WRITES = 20;
/** Bytes of each. */
const PAGE = 4096;
/** A sale must be on the disk before it is answered, milliseconds. */
const SLOW_MS = 100;
/** These keep nothing over a restart. */
const FLEETING = new Set(['tmpfs', 'ramfs']);
/** These do not keep what was flushed, or no names, owners and modes. */
const UNFIT = new Set(['vfat', 'exfat', 'msdos', 'fuseblk', 'ntfs', 'ntfs3', 'nfs', 'nfs4', 'cifs', 'smb3', '9p']);

/** The folder, or the nearest one above it that is there. */
function nearestFolder(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

interface Mount {
  readonly at: string;
  readonly kind: string;
  readonly readOnly: boolean;
}

/** The mount that a folder is on. Fields of mountinfo: proc_pid_mountinfo(5). */
export function mountOf(folder: string, mountinfo: string): Mount | undefined {
  const mounts = mountinfo.split('\n').flatMap(line => {
    const [before, after] = line.split(' - ');
    const [, , , , at, options] = before?.split(' ') ?? [];
    const kind = after?.split(' ')[0];
    if (at === undefined || kind === undefined) return [];
    const path = at.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    return [{ at: path, kind, readOnly: options?.split(',')[0] === 'ro' }];
  });
  const holds = ({ at }: Mount): boolean => at === '/' || folder === at || folder.startsWith(`${at}/`);
  // Of two at one place the later hides the earlier.
  return mounts
    .filter(holds)
    .reduce<Mount | undefined>((best, one) => (one.at.length >= (best?.at.length ?? 0) ? one : best), undefined);
}

/** Writes and flushes a page several times, in a file that is gone when it returns. @returns milliseconds of each, the shortest first */
function timeWrites(folder: string): Float64Array {
  const path = join(folder, `.doctor-${process.pid}-${randomBytes(4).toString('hex')}`);
  const file = openSync(path, 'wx', 0o600);
  try {
    const page = randomBytes(PAGE);
    return Float64Array.from({ length: WRITES }, (_, at) => {
      const start = performance.now();
      writeSync(file, page, 0, PAGE, at * PAGE);
      fsyncSync(file);
      return performance.now() - start;
    }).sort();
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}

/** Why a folder is not written to. */
function refused(error: unknown, folder: string, mount: Mount | undefined): Finding {
  const { code } = error as NodeJS.ErrnoException;
  if (isDiskFull(error)) {
    return broken(
      `The disk of ${folder} is full: nothing can be written, and nothing is sold, taken in or updated.`,
      'Free some space (du -xh / | sort -h | tail), then look again.',
    );
  }
  if (code === 'EROFS' || mount?.readOnly) {
    return broken(
      `The disk of ${folder} can only be read: it was mounted so, or the system went over to that after an error.`,
      'Look for errors of the disk (dmesg | grep -i error), have it checked (fsck) or replaced, and start the box again.',
    );
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return broken(
      `This user may not write to ${folder}.`,
      'Run this as the user that the daemon runs as; where that is this one, give it the folder (chown).',
    );
  }
  return broken(sentence(`${folder} cannot be written to: ${said(error)}`), 'Look for errors of the disk (dmesg).');
}

function judge(box: Box): Finding {
  const folder = nearestFolder(box.config.data);
  const mount = mountOf(folder, readSystem(box.system('/proc/self/mountinfo')) ?? '');
  const { bavail, blocks, bsize } = statfsSync(folder);
  const [free, size] = [bavail * bsize, blocks * bsize];
  let times: Float64Array;
  try {
    times = timeWrites(folder);
  } catch (error) {
    return {
      ...refused(error, folder, mount),
      measured: { folder, freeBytes: free, sizeBytes: size, kind: mount?.kind },
    };
  }
  const [p50, worst] = [quantile(times, 0.5), quantile(times, 1)];
  const kind = mount?.kind ?? 'a disk of unknown kind';
  const measured = { folder, freeBytes: free, sizeBytes: size, kind, syncMs: { p50, worst } };
  const more = { measured };
  const found = `${bytes(free)} of ${bytes(size)} are free at ${folder} (${kind}); a write is safe in ${milliseconds(p50)} (p50), ${milliseconds(worst)} at the worst of ${WRITES}.`;
  if (FLEETING.has(kind)) {
    return look(
      `${folder} is in memory (${kind}): what is in it is gone when the box is switched off.`,
      'Set data to a folder on a disk.',
      more,
    );
  }
  if (UNFIT.has(kind)) {
    return look(
      `${folder} is on ${kind}, which does not promise that what is written stays.`,
      'Set data to a folder on ext4, xfs, btrfs or f2fs.',
      more,
    );
  }
  if (free < LOW)
    return look(found, 'Free some space before an update or an import needs it: 1 GB should be left.', more);
  if (p50 > SLOW_MS)
    return look(
      found,
      'A sale waits for that: look what else writes, and whether the disk is failing (smartctl -a).',
      more,
    );
  return ok(found, more);
}

export const disk: Check = {
  name: 'disk',
  about: 'the disk of the state folder: room, kind, and how long a safe write takes',
  async run(box) {
    return judge(box);
  },
};
