/** Whether the settings can be used, all of them. */
import { environmentName, SETTINGS } from '../../../device/config.ts';
import { nearestName } from '../../../device/nearest-name.ts';
import { FILE_VARIABLE } from '../../../device/read-settings.ts';
import { broken, type Check, look, ok } from '../check.ts';
import { count } from '../words.ts';

const VARIABLES = [FILE_VARIABLE, ...Object.keys(SETTINGS).map(environmentName)];
/** Of commands and of the tests, which are no settings. */
const OTHERS = /^LOOKDIAL_(TEST|BENCH)_/;

const unknownVariables = (environment: Readonly<Record<string, string | undefined>>): string[] =>
  Object.keys(environment).filter(
    name => name.startsWith('LOOKDIAL_') && !VARIABLES.includes(name) && !OTHERS.test(name),
  );

export const settings: Check = {
  name: 'settings',
  about: 'the settings, in the environment and in the file',
  async run({ environment, settings: { faults, sources } }) {
    const [first] = faults;
    if (first !== undefined) {
      const detail = faults.map(({ where, text }) => `${where}: ${text}.`);
      const found =
        faults.length === 1
          ? (detail[0] ?? '')
          : `${count(faults.length, 'setting')} are wrong, and the daemon does not start.`;
      return broken(found, 'Correct what is named here; docs/settings.md has every setting.', {
        detail: faults.length === 1 ? [] : detail,
        measured: { faults: faults.length },
      });
    }
    const unknown = unknownVariables(environment);
    if (unknown.length > 0) {
      const detail = unknown.map(name => `${name}: the nearest variable is ${nearestName(name, VARIABLES)}.`);
      return look(
        `${count(unknown.length, 'variable')} of the environment ${unknown.length === 1 ? 'is' : 'are'} no setting: ${unknown.join(', ')}.`,
        `Unset ${unknown.length === 1 ? 'it, or write it' : 'them, or write them'} as the setting that was meant; ${detail.join(' ')}`,
      );
    }
    const given = Object.values(sources).filter(({ from }) => from !== 'default').length;
    const file = environment[FILE_VARIABLE] ?? '';
    const from = file === '' ? 'there is no file of settings' : `the file is ${file}`;
    return ok(
      `All ${Object.keys(sources).length} settings can be used; ${given === 1 ? '1 is' : `${given} are`} not left to the default, and ${from}.`,
    );
  },
};
