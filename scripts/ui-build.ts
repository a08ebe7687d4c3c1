/** Builds the kiosk's page where what it is built from has changed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LookdialError } from '../device/errors.ts';

const PROJECT = resolve(import.meta.dirname, '..');
/** Says inside dist/ what it was built from; dot files are not served. */
const STAMP_FILE = '.built-from';

/** SHA-256 in hex over the sources of the page and the versions of what it uses. */
export async function uiStamp(project: string): Promise<string> {
  const hash = createHash('sha256');
  const sources = globSync('ui/**/*.*', { cwd: project, exclude: ['ui/dist', 'ui/dist/**'] });
  for (const path of [...sources, 'package-lock.json'].sort()) {
    const bytes = await readFile(join(project, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** Builds a project's page. Given by tests; Vite otherwise. */
export type BuildUi = (project: string) => Promise<void>;

const vite: BuildUi = async project => {
  const command = join(project, 'node_modules', '.bin', 'vite');
  if (!existsSync(command)) {
    throw new LookdialError('config-invalid', 'The kiosk’s page cannot be built: Vite is not installed. Run: npm ci');
  }
  // A process of its own: what a build takes in memory is given back when it ends.
  const child = spawn(process.execPath, [command, 'build', 'ui', '--logLevel', 'warn'], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) {
    throw new LookdialError('config-invalid', 'The kiosk’s page could not be built; the lines above say why.');
  }
};

/**
 * Builds the page if it is missing or older than its sources.
 * @returns whether it was built
 * @throws LookdialError `config-invalid` where it cannot be
 */
export async function buildUi(print: (line: string) => void, project = PROJECT, build = vite): Promise<boolean> {
  const stampPath = join(project, 'ui', 'dist', STAMP_FILE);
  const built = await readFile(stampPath, 'utf8').catch(() => undefined);
  const stamp = await uiStamp(project);
  if (built === stamp) return false;
  print('Building the kiosk’s page.');
  await build(project);
  await writeFile(stampPath, stamp);
  return true;
}
