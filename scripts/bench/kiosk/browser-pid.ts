import { spawnSync } from 'node:child_process';
import type { Browser } from 'playwright-core';

/** The browser's first process: of those that this one has started, the one that is Chromium. @throws Error where it has ended */
export function pidOf(browser: Browser): number {
  const { stdout } = spawnSync('pgrep', ['--parent', String(process.pid), 'chrom'], { encoding: 'utf8' });
  const pid = Number(stdout.split('\n')[0]);
  if (!browser.isConnected() || !(pid > 0)) throw new Error('Chromium has ended.');
  return pid;
}
