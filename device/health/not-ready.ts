/**
 * Why a start failed, told to who looks from outside: systemd's status of the unit, and a file that the screen's page of help is made
 * of (scripts/device/help-page.sh). It is there from the first start that fails to the first that does not.
 */
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { type NotifyEnvironment, ServiceManager } from './service-manager.ts';

/** In the unit's own folder below /run. */
export const NOT_READY_FILE = 'not-ready';
/** Where nobody foresaw what happened. */
const UNFORESEEN =
  'The daemon ended with an error that nobody foresaw. Look for it in the log (lookdial logs), and tell us.';
/** A screen has no room for more, characters. */
const MOST = 2_000;
const RUNTIME_FOLDER = 'RUNTIME_DIRECTORY';

/** Undefined where no unit has made a folder: there is no screen that looks. */
const pathOf = (environment: NotifyEnvironment): string | undefined => {
  const [folder = ''] = (environment[RUNTIME_FOLDER] ?? '').split(':');
  return folder === '' ? undefined : join(folder, NOT_READY_FILE);
};

/** Since when starts have failed, seconds of the machine's uptime: the clock may be set meanwhile. */
function sinceOf(path: string): number {
  try {
    const since = Number(readFileSync(path, 'utf8').split('\n')[0]);
    if (Number.isSafeInteger(since)) return since;
  } catch {
    // It is the first that fails.
  }
  return Math.floor(uptime());
}

/** The file, whole or not at all, for everybody to read: the screen's user is another. */
function write(path: string, sentence: string): void {
  const text = `${sinceOf(path)}\n${sentence.slice(0, MOST)}\n`;
  const aside = `${path}.new`;
  const file = openSync(aside, 'w', 0o644);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // The unit's mask lets nobody else read what it makes.
  chmodSync(aside, 0o644);
  renameSync(aside, path);
}

/**
 * Tells why the daemon does not start. It is in the log as well: where this fails, nothing else does.
 * @param sentence what is wrong and what to do; undefined for what nobody foresaw
 */
export async function tellNotReady(environment: NotifyEnvironment, sentence = UNFORESEEN): Promise<void> {
  const failed = (error: Error): void => console.error(error.message);
  const path = pathOf(environment);
  try {
    if (path !== undefined) write(path, sentence);
  } catch (error) {
    failed(new Error(`The screen could not be told: ${(error as Error).message}`));
  }
  await ServiceManager.of(environment, failed)?.tell(`STATUS=${sentence.replaceAll(/\s*\n\s*/g, ' ')}`);
}

/** The daemon is ready: nothing is wrong any more. */
export function forgetNotReady(environment: NotifyEnvironment): void {
  const path = pathOf(environment);
  if (path !== undefined) rmSync(path, { force: true });
}
