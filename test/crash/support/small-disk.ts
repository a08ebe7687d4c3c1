/** A disk that fills up at once: a few hundred kilobytes of memory, mounted where one process alone sees it. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** As root a mount of one's own is all it takes; anybody else is root in a world of one's own. */
const UNSHARE = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user'];
const MOUNT = 'mount -t tmpfs -o "size=$0" lookdial "$1" && cp -a "$2/." "$1"';
const THEN = {
  'read-only': ' && mount -o remount,ro "$1"',
  // Until not a byte is left; that it then fails is what is wanted.
  full: ' && { cat /dev/zero > "$1/filler" 2> /dev/null; true; }',
} as const;
const RUN = ' && shift 2 && exec "$@"';

export interface SmallDisk {
  /** Where it is mounted: an empty folder. */
  readonly folder: string;
  /** What is on it at first. */
  readonly from: string;
  readonly kilobytes: number;
  /** What it is like once that is on it; as it is unless given. */
  readonly then?: 'read-only' | 'full';
}

/**
 * The command that runs `command` with such a disk, in the same process.
 * @throws Error where this machine does not let one mount
 */
export function withSmallDisk({ folder, from, kilobytes, then }: SmallDisk, command: readonly string[]): string[] {
  const { status, stderr, error } = spawnSync('unshare', [...UNSHARE, 'true'], { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(
      `The full-disk tests mount a small disk, and may not here: ${error?.message ?? stderr.trim()}. ` +
        'Run them as root, or allow user namespaces (sysctl kernel.unprivileged_userns_clone=1; in a container: --cap-add=SYS_ADMIN).',
    );
  }
  return [
    'unshare',
    ...UNSHARE,
    'sh',
    '-c',
    MOUNT + (then === undefined ? '' : THEN[then]) + RUN,
    `${kilobytes}k`,
    folder,
    from,
    ...command,
  ];
}

/** A path on the small disk of a process, as seen from here. */
export const seenIn = (pid: number, path: string): string => join(`/proc/${pid}/root`, path);

/** Takes every byte that is left. @returns gives them back */
export function fill(folder: string): () => void {
  const path = join(folder, 'filler');
  const file = openSync(path, 'w');
  try {
    for (let size = 65_536; size > 0; size = Math.floor(size / 16)) {
      try {
        while (writeSync(file, Buffer.alloc(size)) > 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
  return () => unlinkSync(path);
}
