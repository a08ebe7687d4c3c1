/** The kinds of settings there are: how each is written, and what it must be. */
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readAuthority } from './authority.ts';
import { parseWindow } from './updates/window.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

export interface Setting<T> {
  /** What it is, for a person. */
  readonly about: string;
  readonly default: T;
  /** What it must be, as a clause behind `must`. */
  readonly must: string;
  /** Several of something: in a file it may be a JSON list, whose entries are judged one by one. */
  readonly isList?: true;
  /** The value of what is written; undefined where that is not what it must be. */
  readonly parse: (written: string) => T | undefined;
}

export const text = (about: string, value: string): Setting<string> => ({
  about,
  default: value,
  must: 'not be empty',
  parse: written => (written.trim() === '' ? undefined : written),
});

export const optional = (about: string, must = 'be a text'): Setting<string> => ({
  about,
  default: '',
  must,
  parse: written => written.trim(),
});

export const folder = (about: string, value: string): Setting<string> => ({
  about,
  default: resolve(PROJECT, value),
  must: 'be a folder',
  parse: written => (written.trim() === '' ? undefined : resolve(written)),
});

export const integer = (about: string, value: number, low: number, high: number): Setting<number> => ({
  about,
  default: value,
  must: `be a whole number from ${low} to ${high}`,
  parse: written => {
    const number = Number(written);
    const isOne = Number.isInteger(number) && number >= low && number <= high && written.trim() !== '';
    return isOne ? number : undefined;
  },
});

export const choice = <T extends string>(about: string, value: T, ...choices: readonly T[]): Setting<T> => ({
  about,
  default: value,
  must: `be one of ${choices.join(', ')}`,
  parse: written => choices.find(one => one === written),
});

/** @param must as a clause behind `must` */
export const list = (
  about: string,
  value: readonly string[],
  must = 'hold texts',
  isEntry: (written: string) => boolean = () => true,
): Setting<readonly string[]> => ({
  about,
  default: value,
  must,
  isList: true,
  parse: written => {
    const entries = written
      .split(',')
      .map(entry => entry.trim())
      .filter(entry => entry !== '');
    return entries.every(isEntry) ? entries : undefined;
  },
});

export const some = (about: string, value: readonly string[], ...choices: readonly string[]) =>
  list(about, value, `hold some of ${choices.join(', ')}`, one => choices.includes(one));

export const hostNames = (about: string, value: readonly string[]): Setting<readonly string[]> =>
  list(
    about,
    value,
    'hold names or addresses with or without a port, e.g. kiosk.local or kiosk.local:443',
    one => readAuthority(one) !== undefined,
  );

export const hours = (about: string, value: string): Setting<string> => ({
  about: `${about} ${value}`,
  default: value,
  must: 'be always, or two times such as 22:30-05:00',
  parse: written => (parseWindow(written) === undefined ? undefined : written.trim()),
});

/** An address that a repository may be at; what is behind `?` or `#`, or a password, has no business in one. */
function isRepository(written: string): boolean {
  if (written === '' || isAbsolute(written)) return true;
  if (!URL.canParse(written)) return false;
  const { protocol, username, password, search, hash } = new URL(written);
  const isPlain = username === '' && password === '' && search === '' && hash === '';
  return protocol === 'file:' || ((protocol === 'https:' || protocol === 'http:') && isPlain);
}

export const repository = (about: string): Setting<string> => ({
  about,
  default: '',
  must: 'be an https:, http: or file: address without a password, a ? or a #, or a folder’s whole path',
  parse: written => (isRepository(written.trim()) ? written.trim() : undefined),
});

/** An address of a program or a page; empty for none. A name and a password in it would be read by whoever reads the settings. */
export const address = (about: string): Setting<string> => ({
  about,
  default: '',
  must: 'be an http:// or https:// address without a password',
  parse: written => {
    const url = URL.parse(written.trim());
    const fits =
      (url?.protocol === 'http:' || url?.protocol === 'https:') && url.username === '' && url.password === '';
    return written.trim() === '' || fits ? written.trim() : undefined;
  },
});
