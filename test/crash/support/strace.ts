/**
 * What a process asks of the operating system, call by call, as strace sees it: the bytes of every write, and where each
 * call began and ended among the others.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** One system call that came back. */
export interface Call {
  readonly name: string;
  /** As strace prints them: a text is in quotes, each byte as \xNN; a descriptor is followed by its path in <>. */
  readonly args: readonly string[];
  /** What it returned; below 0 where it failed. */
  readonly result: number;
  /** When it began and ended: lines of the trace, which are in the order that things happened. */
  readonly start: number;
  readonly end: number;
}

/** Every call that changes a file or a folder, or makes it durable, or says which file a descriptor is. */
const TRACED = [
  ...['open', 'openat', 'creat', 'close', 'dup', 'dup2', 'dup3', 'fcntl', 'lseek'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'ftruncate', 'truncate', 'fallocate'],
  ...['fsync', 'fdatasync', 'sync', 'syncfs', 'mmap', 'copy_file_range', 'sendfile', 'splice'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat', 'unlink', 'unlinkat'],
  ...['mkdir', 'mkdirat', 'rmdir'],
];
/** Longest text that is printed whole, bytes: longer than anything the tests write at once. */
const LONGEST_TEXT = 64 * 1024 * 1024;

const isThere = (): boolean => spawnSync('strace', ['--version']).status === 0;

/** Debian's package, where this is Debian and one may install. */
function install(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'strace']]) {
    spawnSync('apt-get', ['--quiet', ...words], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** @throws Error where there is none, and none can be had */
export function requireStrace(): void {
  if (!isThere()) install();
  if (!isThere()) {
    throw new Error(
      'The power-cut tests record what a process writes with strace, and there is none. Install it (Debian: apt-get install strace).',
    );
  }
}

export interface Traced {
  readonly calls: readonly Call[];
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly stderr: string;
  /** Calls that had not come back when it was killed: whether they happened nobody can say. */
  readonly cutShort: readonly string[];
}

/**
 * Runs a command to its end under strace.
 * @throws Error where there is no strace, or it may not trace here
 */
export function trace(command: readonly string[]): Traced {
  requireStrace();
  const folder = mkdtempSync(join(tmpdir(), 'lookdial-trace-'));
  try {
    const path = join(folder, 'trace');
    // Threads are followed, other programs that are started are not: their descriptors are others, and they keep nothing.
    const options = [
      '-f',
      '-b',
      'execve',
      '--seccomp-bpf',
      '-qq',
      '-y',
      '-xx',
      '-s',
      String(LONGEST_TEXT),
      '-e',
      'signal=none',
    ];
    const traced = ['-e', `trace=${TRACED.map(name => `?${name}`).join(',')}`];
    const { status, stderr } = spawnSync('strace', [...options, ...traced, '-o', path, '--', ...command], {
      encoding: 'utf8',
      // io_uring would write where nobody sees it.
      env: { ...process.env, UV_USE_IO_URING: '0' },
    });
    const text = existsSync(path) ? readFileSync(path, 'latin1') : '';
    if (text === '') {
      throw new Error(
        `strace could not follow ${command[0]}: ${stderr.trim()}. The power-cut tests need ptrace: ` +
          'allow it (in a container: --cap-add=SYS_PTRACE), and see that /proc/sys/kernel/yama/ptrace_scope is not 3.',
      );
    }
    return { ...parseTrace(text), status, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const LINE = /^(\d+) +(.*)$/;
const UNFINISHED = / <unfinished \.\.\.>$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/;
const WHOLE = /^(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)(?:<[^>]*>(?:\(deleted\))?)?(?: .*)?$/;
/** Killed before it came back. */
const LOST = /\) += \?/;

/** Splits at commas outside brackets; the texts are hexadecimal and hold none. */
function argumentsOf(text: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth += 1;
    else if (letter === ']' || letter === '}') depth -= 1;
    else if (letter === '"') at = text.indexOf('"', at + 1);
    else if (letter === ',' && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = text.slice(from).trim();
  return last === '' ? found : [...found, last];
}

/** Reads strace's output: `PID name(arguments) = result`, or the same in two parts where others came between. */
export function parseTrace(text: string): { calls: Call[]; cutShort: string[] } {
  const calls: Call[] = [];
  const open = new Map<string, { text: string; start: number }>();
  text.split('\n').forEach((line, at) => {
    const [, pid = '', said = ''] = LINE.exec(line) ?? [];
    if (said === '' || said.startsWith('+++') || said.startsWith('---')) return;
    if (UNFINISHED.test(said)) {
      const before = open.get(pid);
      if (before === undefined) open.set(pid, { text: said.replace(UNFINISHED, ''), start: at });
      return;
    }
    const resumed = RESUMED.exec(said);
    const begun = resumed === null ? undefined : open.get(pid);
    if (LOST.test(said)) {
      if (begun === undefined) open.set(pid, { text: said, start: at });
      return;
    }
    const whole = WHOLE.exec(resumed === null ? said : `${begun?.text}${resumed[2]}`);
    if (whole === null) throw new Error(`A line of strace's is not understood: ${said.slice(0, 300)}`);
    open.delete(pid);
    const [, name = '', args = '', result = ''] = whole;
    calls.push({ name, args: argumentsOf(args), result: Number(result), start: begun?.start ?? at, end: at });
  });
  return { calls, cutShort: [...open.values()].map(({ text: said }) => said.slice(0, 300)) };
}

/** The bytes of a text argument: of `"\x61\x62"`, or of every part of a vector. */
export function bytesOf(arg: string): Buffer {
  if (/"\.\.\./.test(arg)) throw new Error(`strace cut a text short: ${arg.slice(-100)}`);
  const parts = [...arg.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => hex);
  return Buffer.from(parts.join('').replaceAll('\\x', ''), 'hex');
}

export const textOf = (arg: string): string => bytesOf(arg).toString();

/** The number of a descriptor, and the path strace found for it. */
export function descriptorOf(arg: string): { fd: number; path: string } {
  const [, fd = '', hex = ''] = /^(-?\d+|AT_FDCWD)(?:<([^>]*)>)?/.exec(arg) ?? [];
  return { fd: fd === 'AT_FDCWD' ? -100 : Number(fd), path: textOf(`"${hex}"`) };
}

/** A path argument, from the folder it is relative to: a descriptor's, or the one that the process runs in. */
export const pathOf = (path: string, folder?: string): string =>
  resolve(folder === undefined ? process.cwd() : descriptorOf(folder).path, textOf(path));
