/** Reads settings out of the environment and a file, and says of each where it came from and of every fault where it stands. */
import { LookdialError } from './errors.ts';
import { nearestName } from './nearest-name.ts';
import type { Setting } from './setting-kinds.ts';
import { type Fault, type FileEntry, readSettingsFile, type SettingsFile, type Written } from './settings-file.ts';

/** The variable that names the file. */
export const FILE_VARIABLE = 'LOOKDIAL_CONFIG';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a setting's value comes from. */
export interface Source {
  readonly from: 'environment' | 'file' | 'default';
  /** The variable, or `FILE:LINE:COLUMN`; undefined for a default. */
  readonly where: string | undefined;
}

export interface ReadSetting extends Source {
  readonly name: string;
  /** What is written, or the default where nothing is or it is faulty. */
  readonly value: unknown;
}

/** `maxPicturePixels` is `LOOKDIAL_MAX_PICTURE_PIXELS`. */
export const environmentName = (name: string): string =>
  `LOOKDIAL_${name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`;

/** An address without the password that somebody has put into it. */
export const withoutPassword = (text: string): string => text.replace(/(\w:\/\/)[^/@"]*@/g, '$1…@');

/** Short enough for a sentence. */
export function shownValue(value: unknown): string {
  const text = withoutPassword(JSON.stringify(value) ?? 'nothing that can stand here');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

const textOf = ({ value }: Written): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** Of a list each entry is judged, so that each that is wrong is named. */
function judge(name: string, setting: Setting<unknown>, written: Written, faults: Fault[]): unknown {
  const parse = (one: Written, verb: string): unknown => {
    const text = textOf(one);
    const value = text === undefined ? undefined : setting.parse(text);
    if (value !== undefined) return value;
    const { must, about } = setting;
    const what = `${name} ${verb} ${shownValue(one.value)}, and must ${must} (${about})`;
    faults.push({ where: one.where, name, text: what });
    return undefined;
  };
  if (setting.isList === undefined) return parse(written, 'is');
  const { where, entries } = written;
  const parts =
    entries ??
    textOf(written)
      ?.split(',')
      .map(value => ({ where, value }));
  if (parts === undefined) return parse(written, 'is');
  return parts.flatMap(part => parse(part, 'holds') ?? []);
}

function readFile(path: string): SettingsFile {
  if (path === '') return { entries: new Map(), faults: [] };
  try {
    return readSettingsFile(path);
  } catch (error) {
    if (!(error instanceof LookdialError)) throw error;
    const text = error.message.replace(/\.$/, '');
    return { entries: new Map(), faults: [{ where: FILE_VARIABLE, name: undefined, text }] };
  }
}

const unknown = (name: string, { nameAt }: FileEntry, names: readonly string[]): Fault => ({
  where: nameAt,
  name,
  text: `there is no setting ${shownValue(name)}; the nearest is ${nearestName(name, names)}. docs/settings.md has them all`,
});

/** Everything there is to know of these settings, right or wrong. Never throws for what is written. */
export function readSettings(
  settings: Readonly<Record<string, Setting<unknown>>>,
  environment: Environment,
): { readonly read: readonly ReadSetting[]; readonly faults: readonly Fault[] } {
  const { entries, faults: inFile } = readFile(environment[FILE_VARIABLE] ?? '');
  const faults = [...inFile];
  for (const [name, entry] of entries) {
    if (!Object.hasOwn(settings, name)) faults.push(unknown(name, entry, Object.keys(settings)));
  }
  const read = Object.entries(settings).map(([name, setting]): ReadSetting => {
    const variable = environmentName(name);
    const value = environment[variable] ?? '';
    const entry = entries.get(name);
    // What the environment stands before is judged all the same: it is in force on the day that the variable is gone.
    const fromFile = entry && judge(name, setting, entry, faults);
    if (value !== '') {
      const given = judge(name, setting, { where: variable, value }, faults);
      return { name, value: given ?? setting.default, from: 'environment', where: variable };
    }
    if (entry === undefined) return { name, value: setting.default, from: 'default', where: undefined };
    return { name, value: fromFile ?? setting.default, from: 'file', where: entry.where };
  });
  return { read, faults };
}
