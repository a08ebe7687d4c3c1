/**
 * A disk that goes over to read-only under a process that has files open on it, and comes back: what is opened from then on finds
 * it so by the kernel's own word, and what was open fails by strace's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { requireStrace } from './strace.ts';

/** What changes, or makes durable, a file that is open already. A socket's writes are others. */
const CHANGES = ['pwrite64', 'pwritev', 'pwritev2', 'ftruncate', 'fallocate', 'fsync', 'fdatasync'];

/** Into the mounts of a process, and its users where this one is not root. */
const within = (pid: number): string[] => [
  ...['--target', String(pid), '--mount'],
  ...(process.getuid?.() === 0 ? [] : ['--user', '--preserve-credentials']),
];

function mounts(pid: number, script: string, folder: string): void {
  const { status, stderr } = spawnSync('nsenter', [...within(pid), '--', 'sh', '-ec', script, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The disk of process ${pid} could not be made what it is to be: ${stderr}`);
}

/**
 * @param pid of a process with mounts of its own: `withSmallDisk`
 * @param folder where its disk is mounted
 * @returns lets it be written again
 */
export async function makeReadOnly(pid: number, folder: string): Promise<() => Promise<void>> {
  requireStrace();
  mounts(pid, 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"', folder);
  const words = ['-f', '-o', '/dev/null', '-e', `trace=${CHANGES.join(',')}`];
  const inject = ['-e', `inject=${CHANGES.join(',')}:error=EROFS`, '-p', String(pid)];
  const strace = spawn('strace', [...words, ...inject], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const attached = Promise.withResolvers<void>();
  strace.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (/Process \d+ attached/.test(said)) attached.resolve();
  });
  const ended = once(strace, 'close').then(() =>
    attached.reject(new Error(`strace could not attach to process ${pid}: ${said.trim()}`)),
  );
  await attached.promise;
  return async () => {
    strace.kill('SIGINT');
    await ended;
    mounts(pid, 'umount -l "$0"', folder);
  };
}
