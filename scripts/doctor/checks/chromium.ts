/** The browser that shows the kiosk. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Box } from '../box.ts';
import { broken, type Check, notHere, ok } from '../check.ts';
import { runProgram } from '../run-program.ts';
import { screenOutputs } from './screen.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin'];
/** The page is built for it: ui/vite.config.ts. */
const OLDEST = 120;
const LIMIT_MS = 20_000;

/** The browser that `CHROMIUM` names, else the first that is in the path or where packages put it. */
export function findChromium({ environment }: Pick<Box, 'environment'>): string | undefined {
  const folders = [...(environment.PATH ?? '').split(delimiter).filter(folder => folder !== ''), ...FOLDERS];
  const paths = NAMES.flatMap(name => folders.map(folder => join(folder, name)));
  const named = environment.CHROMIUM ?? '';
  return named === '' ? paths.find(path => existsSync(path)) : named;
}

export const chromium: Check = {
  name: 'chromium',
  about: 'the browser that shows the kiosk, and its version',
  async run(box) {
    const path = findChromium(box);
    const install = `Install one of ${OLDEST} or newer (Debian: apt-get install chromium), or name it in CHROMIUM.`;
    if (path === undefined) {
      const hasScreen = screenOutputs(box.system('/sys/class/drm')).length > 0;
      if (hasScreen) return broken('There is no Chromium, and so nothing to show the kiosk with.', install);
      return notHere(
        'There is no Chromium, and no output for a screen either.',
        'Where the kiosk is shown by this box: apt-get install chromium.',
      );
    }
    const { text, why } = await runProgram(path, ['--version'], { limitMs: LIMIT_MS });
    if (text === undefined) return broken(`${path} does not say its version: ${why}.`, install);
    const [version] = /\d+(\.\d+)+/.exec(text) ?? [];
    const measured = { path, version };
    if (version === undefined)
      return broken(`${path} says of itself “${text.trim().slice(0, 80)}”, which names no version.`, install, {
        measured,
      });
    if (Number(version.split('.')[0]) < OLDEST)
      return broken(`${path} is of version ${version}, and the page needs ${OLDEST} or newer.`, install, { measured });
    return ok(`${path} is of version ${version}.`, { measured });
  },
};
