/** Debian's packages, where this is Debian and one may install. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Does nothing where it may not: whoever needs them looks for them afterwards. */
export function installPackages(...names: readonly string[]): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Test files run side by side, and apt-get does not wait for another apt-get.
  const lock = join(tmpdir(), 'lookdial-install.lock');
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', ...names]]) {
    const command = [lock, 'apt-get', '--quiet', '-o', 'DPkg::Lock::Timeout=600', ...words];
    spawnSync('flock', command, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}
