/** A real Chromium for the tests of the page: found, or installed where that is possible, or asked for in one sentence. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** WebGL without a graphics card: drawn by the processor. */
const WEBGL_FLAGS = ['--enable-unsafe-swiftshader', '--use-angle=swiftshader'];

const found = (): string | undefined =>
  [process.env.CHROMIUM, ...PLACES].find(path => path !== undefined && path !== '' && existsSync(path));

/** Debian's package, where this is Debian and one may install. */
function install(): void {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Test files run side by side, and apt-get does not wait for another apt-get.
  const lock = join(tmpdir(), 'lookdial-install-chromium.lock');
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const command = [lock, 'apt-get', '--quiet', ...words];
    spawnSync('flock', command, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

/** The path of Chromium. @throws Error saying what to install. */
export function chromiumPath(): string {
  const asked = process.env.CHROMIUM;
  if (asked !== undefined && asked !== '' && !existsSync(asked)) {
    throw new Error(
      `CHROMIUM names ${asked}, and there is no such file. Set it to the path of a Chromium, or unset it.`,
    );
  }
  if (found() === undefined) install();
  const path = found();
  if (path === undefined) {
    throw new Error(
      'The tests of the kiosk need Chromium, and there is none. Install it (Debian: apt-get install chromium), or set CHROMIUM to its path.',
    );
  }
  return path;
}

/**
 * @param options.webgl False: a screen without WebGL, where the page draws in plain code.
 * @param options.flags more that Chromium is started with
 */
export async function launchBrowser(options: { webgl: boolean; flags?: readonly string[] }): Promise<Browser> {
  const drawing = options.webgl ? WEBGL_FLAGS : ['--disable-webgl', '--disable-3d-apis'];
  return await chromium.launch({
    executablePath: chromiumPath(),
    args: [...FLAGS, ...drawing, ...(options.flags ?? [])],
  });
}
