/** Whether the clock can be right: not behind what is known to have been, and kept by a time server as far as the system tells. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UPDATE_DATABASE } from '../../../device/updates/update-database.ts';
import type { Box } from '../box.ts';
import { broken, type Check, look, ok } from '../check.ts';
import { readDatabase } from '../read-database.ts';
import { runProgram } from '../run-program.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Files written by hand, by a build and by the daemon: the clock has been there. */
const BUILT = ['package.json', 'node_modules/.package-lock.json', 'ui/dist/index.html', 'device/main.ts'];
const STATE = [
  'catalogue.sqlite',
  'catalogue.sqlite-wal',
  'encodings.index',
  'encodings.log',
  'access.sqlite',
  UPDATE_DATABASE,
];
/** Clocks of a disk and of a system differ a little, milliseconds. */
const PLAY_MS = 5_000;
const LIMIT_MS = 3_000;

/** The latest time that is known to have been, milliseconds since 1970, and what says so. */
function newestTime({ config }: Box): { at: number; from: string } {
  const paths = [...BUILT.map(name => join(PROJECT, name)), ...STATE.map(name => join(config.data, name))];
  const times = paths.flatMap(path => {
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return at === undefined ? [] : [{ at, from: `the file ${path}` }];
  });
  try {
    const known = readDatabase(join(config.data, UPDATE_DATABASE), database =>
      database.prepare('SELECT time FROM trust').get(),
    );
    if (typeof known?.time === 'number') times.push({ at: known.time, from: 'the metadata of the updates' });
  } catch {
    // There is none on a box that takes no updates; a damaged one is told of by its own check.
  }
  return times.reduce((a, b) => (b.at > a.at ? b : a), { at: 0, from: 'nothing' });
}

/** Whether a time server keeps the clock; undefined where the system does not tell. */
async function isSynchronised(box: Box): Promise<boolean | undefined> {
  if (existsSync(box.system('/run/systemd/timesync/synchronized'))) return true;
  const { text } = await runProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    limitMs: LIMIT_MS,
  });
  const said = text?.trim();
  return said === 'yes' ? true : said === 'no' ? false : undefined;
}

export const clock: Check = {
  name: 'clock',
  about: 'whether the clock can be right, and whether a time server keeps it',
  async run(box) {
    const now = Date.now();
    const newest = newestTime(box);
    const synchronised = await isSynchronised(box);
    const measured = { now: new Date(now).toISOString(), newestKnown: new Date(newest.at).toISOString(), synchronised };
    const time = new Date(now).toString().replace(/ \(.*\)$/, '');
    const next =
      'Set it (timedatectl set-ntp true, or date --set), and give the box a time server or a clock with a battery.';
    if (newest.at > now + PLAY_MS) {
      return broken(
        `The clock says ${time}, and it was later already: ${newest.from} is of ${measured.newestKnown}.`,
        next,
        { measured },
      );
    }
    if (synchronised === false) return look(`The clock says ${time}, and no time server keeps it.`, next, { measured });
    const kept = synchronised ? 'a time server keeps it' : 'the system does not tell whether a time server keeps it';
    return ok(`The clock says ${time}; ${kept}, and nothing here is of later.`, { measured });
  },
};
