/** The words of the command line, and what they come to. */
import { LookdialError } from '../../device/errors.ts';
import { LIFETIME_DAYS, type Lifetimes } from './lifetimes.ts';
import type { Decisions } from './release-document.ts';

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

export const OPTIONS = {
  repository: text,
  staged: text,
  keys: many,
  'passphrase-file': many,
  root: many,
  targets: many,
  snapshot: many,
  timestamp: many,
  threshold: text,
  index: text,
  hardware: many,
  percent: text,
  salt: text,
  'free-bytes': text,
  'runtime-from': text,
  'runtime-below': text,
  'decode-p95-ms': text,
  'encode-p95-ms': text,
  'resident-bytes': text,
  'self-recall': text,
  new: text,
  old: text,
  renew: flag,
  lost: flag,
  'root-days': text,
  'targets-days': text,
  'snapshot-days': text,
  'timestamp-days': text,
  help: flag,
} as const;

export type OptionName = keyof typeof OPTIONS;
type Value<N extends OptionName> = (typeof OPTIONS)[N] extends { multiple: true }
  ? string[]
  : (typeof OPTIONS)[N] extends { type: 'boolean' }
    ? boolean
    : string;
export type Values = { readonly [N in OptionName]?: Value<N> | undefined };

const MAX_DAYS = 3_650;

const refuse = (message: string, field: string): never => {
  throw new LookdialError('invalid-request', message, { field });
};

/** A number, where the option is given. */
export function numberOf(values: Values, name: OptionName): number | undefined {
  const given = values[name];
  if (typeof given !== 'string') return undefined;
  const number = Number(given);
  if (given.trim() === '' || !Number.isFinite(number)) refuse(`--${name} ${given}: it must be a number.`, name);
  return number;
}

export function lifetimesOf(values: Values): Lifetimes {
  const days = (role: keyof Lifetimes): number => {
    const name = `${role}-days` as const;
    const given = numberOf(values, name) ?? LIFETIME_DAYS[role];
    if (given <= 0 || given > MAX_DAYS)
      refuse(`--${name} ${given}: it must be above 0, and ${MAX_DAYS} at most.`, name);
    return given;
  };
  return { root: days('root'), targets: days('targets'), snapshot: days('snapshot'), timestamp: days('timestamp') };
}

export const decisionsOf = (values: Values): Decisions => ({
  hardware: values.hardware,
  freeBytes: numberOf(values, 'free-bytes'),
  runtimeFrom: values['runtime-from'],
  runtimeBelow: values['runtime-below'],
  decodeP95Ms: numberOf(values, 'decode-p95-ms'),
  encodeP95Ms: numberOf(values, 'encode-p95-ms'),
  residentBytes: numberOf(values, 'resident-bytes'),
  selfRecall: numberOf(values, 'self-recall'),
  percent: numberOf(values, 'percent'),
  salt: values.salt,
});

/** What each command takes beside `--repository`, `--staged` and `--help`. */
const KEYS = ['keys', 'passphrase-file'] as const;
const DECISIONS = [
  'hardware',
  'percent',
  'salt',
  'free-bytes',
  'runtime-from',
  'runtime-below',
  'decode-p95-ms',
  'encode-p95-ms',
  'resident-bytes',
  'self-recall',
] as const;
export const TAKES = {
  key: KEYS,
  init: ['root', 'targets', 'snapshot', 'timestamp', 'threshold', 'root-days'],
  make: [...DECISIONS, 'index', 'targets-days'],
  sign: KEYS,
  publish: [...KEYS, 'lost', 'snapshot-days', 'timestamp-days'],
  rotate: ['new', 'old', 'renew', 'root-days', 'targets-days'],
  refresh: [...KEYS, 'snapshot-days', 'timestamp-days', 'root-days', 'targets-days'],
  check: [],
} as const satisfies Record<string, readonly OptionName[]>;
export type CommandName = keyof typeof TAKES;

/** @throws LookdialError `invalid-request` for an option that the command would pass over */
export function checkTaken(command: CommandName, values: Values): void {
  const taken: readonly string[] = ['repository', 'staged', 'help', ...TAKES[command]];
  const other = Object.keys(values).find(name => !taken.includes(name));
  if (other !== undefined) refuse(`${command} takes no --${other}. See npm run bundle -- --help.`, other);
}
