/** The settings of the kiosk's screen, as an installed box has them: what is wrong, line by line, as the screen itself finds it. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { broken, type Check, look, notHere, ok } from '../check.ts';
import { runProgram } from '../run-program.ts';
import { count } from '../words.ts';

/** One set of rules, for the screen and for whoever looks at it. */
const RULES = resolve(import.meta.dirname, '../../device/kiosk-conf.sh');
const FILE = '/etc/lookdial/kiosk.conf';
const LIMIT_MS = 5_000;
const NEXT = 'Correct what is named here, then: systemctl restart lookdial-kiosk. docs/settings.md has all of them.';

export const kiosk: Check = {
  name: 'kiosk',
  about: 'the settings of the kiosk’s screen, where the box has been installed',
  async run(box) {
    const file = box.system(FILE);
    if (!existsSync(file)) return notHere(`There is no ${file}: no screen was installed here.`);
    const { text, why } = await runProgram('bash', [RULES, file], { limitMs: LIMIT_MS });
    if (text === undefined)
      return broken(`${file} could not be looked at: ${why}.`, 'Look who may read it: it is root’s, mode 644.');
    const faults = text.split('\n').filter(line => line !== '');
    const [first] = faults;
    const measured = { faults: faults.length };
    if (first === undefined) return ok(`All settings of ${file} can be used.`, { measured });
    if (faults.length === 1) return look(first, NEXT, { measured });
    return look(`${count(faults.length, 'setting')} of the screen are wrong.`, NEXT, { detail: faults, measured });
  },
};
