/** A bare Debian in a folder, to install a box in: its tree listed, commands given in it, and started with its own systemd. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { debianTool } from './debian-tool.ts';

/** Whom npm may trust here, beside those that it knows. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** What stands before a command in the folder: a system of its own, with the machine's network. */
const ENTER = `set -e; root="$1"; shift
mount --make-rprivate /; mount --bind "$root" "$root"
mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; mount -t sysfs -o ro sysfs "$root/sys"
touch "$root/etc/resolv.conf"; mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
mount -t tmpfs tmpfs "$root/tmp"; cp ${AUTHORITIES} "$root/tmp/authorities.crt"
exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \\
  NODE_EXTRA_CA_CERTS=/tmp/authorities.crt "$@"`;

/** Names, kinds, owners, modes, sizes and times of everything that an installation may touch, and what is in the files. */
const LIST = `cd /; find etc opt usr var/lib var/cache root srv \\( -path var/lib/apt -o -path var/cache/apt -o -path etc/resolv.conf \\) -prune \\
  -o -printf '%p %y %m %u:%g %s %T@ %l\\n' -o -type f | LC_ALL=C sort
find etc opt var/lib usr/local srv \\( -path var/lib/apt -o -path etc/resolv.conf \\) -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`;

export interface Said {
  readonly status: number | null;
  readonly text: string;
}

const ran = (program: string, words: readonly string[]): Said => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 2 ** 29 });
  if (error) throw error;
  return { status, text: `${stdout}${stderr}` };
};

export class BoxRoot {
  readonly folder: string;
  #machine: ChildProcess | undefined;
  #leader = '';

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A Debian with what a bare box has, and npm. @throws Error with what debootstrap, or apt-get, says */
  static make(folder: string, packages: readonly string[]): BoxRoot {
    const made = ran(debianTool('debootstrap', 'debootstrap'), ['--variant=minbase', 'bookworm', folder]);
    if (made.status !== 0) throw new Error(`debootstrap: ${made.text.slice(-2_000)}`);
    const root = new BoxRoot(folder);
    const names = packages.join(' ');
    root.must(`apt-get -qq update && apt-get -qq -o Dpkg::Use-Pty=0 install --yes --no-install-recommends ${names}`);
    return root;
  }

  /** Another box with the same on its disk, while nothing of this one runs. */
  copy(folder: string): BoxRoot {
    const { status, text } = ran('cp', ['-a', '--reflink=auto', this.folder, folder]);
    if (status !== 0) throw new Error(`cp: ${text.slice(-2_000)}`);
    return new BoxRoot(folder);
  }

  /** Copies what git knows, or would, of a project into a new folder of it. */
  take(project: string, folder: string): void {
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const input = execFileSync('git', list, { cwd: project });
    const packed = execFileSync('tar', ['-c', '--null', '-T', '-'], { cwd: project, input, maxBuffer: 2 ** 30 });
    mkdirSync(join(this.folder, folder));
    execFileSync('tar', ['-x', '-C', join(this.folder, folder)], { input: packed });
  }

  /** Gives a shell a command in the folder, with nothing of it running. */
  chroot(command: string): Said {
    const enter = ['--mount', '--pid', '--fork', '--kill-child', '--', 'bash', '-c', ENTER, 'enter', this.folder];
    return ran('unshare', [...enter, 'bash', '-c', command]);
  }

  /** The same. @throws Error with what it says, where it fails */
  must(command: string): string {
    const { status, text } = this.chroot(command);
    if (status !== 0) throw new Error(`${command}\nended with ${status}: ${text.slice(-4_000)}`);
    return text;
  }

  /** The whole tree as text: two that are the same are the same tree. */
  listing(): string {
    return this.must(LIST);
  }

  /** Starts its systemd, with no network but its own loopback. */
  async boot(): Promise<void> {
    const words = ['--register=no', '--keep-unit', '--private-network', '--quiet', '--boot', '-D', this.folder];
    const nspawn = debianTool('systemd-nspawn', 'systemd-container');
    this.#machine = spawn(nspawn, [...words, '-M', 'lookdial-box'], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#leader = await this.#first(this.#machine.pid ?? 0);
    await this.until('systemctl show --property=Version');
  }

  /** The first process of the system. The one that makes ready for it is nspawn's child before it, for a moment. */
  async #first(parent: number): Promise<string> {
    for (let tries = 0; tries < 200; tries += 1) {
      const children = await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '');
      for (const pid of children.split(' ').filter(Boolean)) {
        const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
        if (/^NSpid:\s.*\s1$/m.test(status)) return pid;
      }
      await wait(100);
    }
    throw new Error('systemd-nspawn has not started a system.');
  }

  /** What stands before a command in the system that was started. */
  get within(): readonly string[] {
    const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--root'];
    const path = 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const environment = ['env', '-i', path, 'HOME=/root', 'LANG=C.UTF-8'];
    return ['nsenter', '--target', this.#leader, ...namespaces, '--wdns=/root', '--', ...environment];
  }

  /** Gives a shell a command in the system that was started. */
  inside(command: string): Said {
    const [program = '', ...words] = this.within;
    return ran(program, [...words, 'bash', '-c', command]);
  }

  /** Until a command holds there. @throws Error with what it said last */
  async until(command: string, withinMs = 60_000): Promise<string> {
    const end = performance.now() + withinMs;
    for (;;) {
      const { status, text } = this.inside(command);
      if (status === 0) return text;
      if (performance.now() > end)
        throw new Error(`${command} does not hold after ${withinMs} ms: ${text.slice(-2_000)}`);
      await wait(500);
    }
  }

  /** Ends the system as a power button does. */
  async halt(): Promise<void> {
    if (this.#machine === undefined) return;
    const ended = this.#machine.exitCode === null ? once(this.#machine, 'exit') : Promise.resolve();
    this.#machine.kill('SIGTERM');
    const force = setTimeout(() => this.#machine?.kill('SIGKILL'), 60_000);
    await ended;
    clearTimeout(force);
    this.#machine = undefined;
  }

  /** Its releases of the program. */
  releases(): Promise<string[]> {
    return readdir(join(this.folder, 'opt/lookdial/releases'));
  }
}
