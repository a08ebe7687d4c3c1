/** The commands of `npm run bundle`: which there are, what they take, and how they end. */
import { parseArgs } from 'node:util';
import { LookdialError } from '../../device/errors.ts';
import type { Terminal } from '../store/progress.ts';
import { check } from './check.ts';
import { init } from './init.ts';
import { checkNewKey, makeKey } from './key-files.ts';
import { make } from './make.ts';
import { isRole, ROLES } from './metadata.ts';
import {
  type CommandName,
  checkTaken,
  decisionsOf,
  lifetimesOf,
  numberOf,
  OPTIONS,
  TAKES,
  type Values,
} from './options.ts';
import { type Console, openPassphrases } from './passphrases.ts';
import { stagedBeside } from './places.ts';
import { publish } from './publish.ts';
import { refresh } from './refresh.ts';
import { rotate } from './rotate.ts';
import type { Setting } from './setting.ts';
import { sign } from './sign.ts';

export const USAGE = `npm run bundle -- COMMAND --repository FOLDER

  key NAME... --keys FOLDER
      makes keys: NAME.key.pem under a passphrase, and NAME.pub.pem, its public half
  init --root PUB --root PUB --root PUB --targets PUB --snapshot PUB --timestamp PUB [--threshold 2]
      stages the first root: whose keys count
  make [BUNDLE] [--percent 100] [--salt TEXT] [--hardware ID]... [--index FILE]
       [--free-bytes N] [--runtime-from V] [--runtime-below V]
       [--decode-p95-ms N] [--encode-p95-ms N] [--resident-bytes N] [--self-recall N]
      puts a bundle's files into the repository and stages its release. Without BUNDLE, the last release again: with
      other decisions, or for longer. What is left out is as in the last release
  sign --keys FOLDER
      signs what is staged with the keys that have a part in it: root and targets. One person at a time
  publish --keys FOLDER [--lost]
      signs snapshot and timestamp, and puts what is staged in place
  rotate ROLE --new PUB [--old NAME]    rotate root --renew
      stages the next root: another key for root, targets, snapshot or timestamp; or the same keys for longer
  refresh --keys FOLDER
      signs the timestamp for another while, and the snapshot where it is due. For a timer: 3 is its exit status where
      root or targets are to be renewed soon
  check
      reads the repository whole, as a box does, and says what is published, until when, and what is staged

  --repository       the folder that is served
  --staged           where drafts wait for signatures; the repository's name and .staged unless said otherwise
  --keys             a folder of keys, mode 700; may be given several times
  --passphrase-file  a file with the passphrase of every key that is opened, or NAME=FILE for one key; mode 600. May be
                     given several times. Left out: asked at the terminal, or one line a key from standard input
  --root-days, --targets-days, --snapshot-days, --timestamp-days
                     how long what is signed is good for: 365, 180, 30 and 7
  --lost             the key that is replaced is gone, or must sign nothing more: boxes that ask in the very moment of the
                     change ask again`;

const STOPPED = 'Stopped. What is published has not changed: give the same command again to go on.';
const RENEW = 3;

function usage(message: string): never {
  throw new LookdialError('invalid-request', `${message}\n\n${USAGE}`);
}

/** Where a command reads and writes. */
export interface Io {
  /** For passphrases. */
  readonly console: Console;
  readonly say: (line: string) => void;
  /** What a timer's mail is to have. */
  readonly complain: (line: string) => void;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

interface Given {
  readonly complain: (line: string) => void;
  readonly operands: readonly string[];
  readonly values: Values;
}

async function key({ keys: [folder, more], passphrases, say }: Setting, { operands }: Given): Promise<number> {
  if (folder === undefined || more !== undefined) usage('Say which folder the keys are to lie in: --keys FOLDER.');
  if (operands.length === 0) usage('Name the key, after who holds it or what it signs: key root-anna.');
  for (const name of operands) await checkNewKey(folder, name);
  for (const name of operands) {
    const { path, value } = await makeKey(folder, name, await passphrases.forNew(name));
    say(`${name}: ${value}. Hand ${path} to whoever keeps the repository; the other half stays in ${folder}.`);
  }
  return 0;
}

const COMMANDS: Readonly<Record<CommandName, (setting: Setting, given: Given) => Promise<number>>> = {
  key,
  init: async (setting, { values }) => {
    const { root = [], targets = [], snapshot = [], timestamp = [] } = values;
    await init(setting, { root, targets, snapshot, timestamp }, numberOf(values, 'threshold') ?? 2);
    return 0;
  },
  make: async (setting, { operands: [bundle], values }) => {
    await make(setting, { bundle, index: values.index, decisions: decisionsOf(values) });
    return 0;
  },
  sign: async setting => {
    await sign(setting);
    return 0;
  },
  publish: async (setting, { values }) => {
    await publish(setting, { lost: values.lost ?? false });
    return 0;
  },
  rotate: async (setting, { operands: [role = ''], values }) => {
    if (!isRole(role)) usage(`Say whose key: rotate ${ROLES.join(', or ')}.`);
    const { new: next, old, renew = false } = values;
    if ((next === undefined) !== renew || (renew && (role !== 'root' || old !== undefined))) {
      usage('Say which key is to be trusted: --new NAME.pub.pem. Or rotate root --renew: the same keys for longer.');
    }
    await rotate(setting, { role, next, old });
    return 0;
  },
  refresh: async (setting, { complain }) => {
    const warnings = await refresh(setting);
    for (const warning of warnings) complain(warning);
    return warnings.length > 0 ? RENEW : 0;
  },
  check: async setting => ((await check(setting)) ? 0 : 1),
};

const OPERANDS: Readonly<Partial<Record<CommandName, number>>> = { key: Number.POSITIVE_INFINITY, make: 1, rotate: 1 };

const isCommand = (name: string): name is CommandName => Object.hasOwn(TAKES, name);

/** Which commands have the folder of another's staged drafts alone. */
function foldersOf(name: CommandName, { repository, staged }: Values): { repository: string; staged: string } {
  if (name === 'key') return { repository: '', staged: '' };
  if (repository !== undefined) return { repository, staged: staged ?? stagedBeside(repository) };
  if (name === 'sign' && staged !== undefined) return { repository: '', staged };
  return usage(`Say which repository: --repository FOLDER${name === 'sign' ? ', or --staged FOLDER' : ''}.`);
}

/** What the operating system refused, in words; anything else as it is. */
function inWords(error: unknown): unknown {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (!(error instanceof Error) || code === undefined || syscall === undefined) return error;
  const next = 'What is published is whole: see to the folder, then give the same command again.';
  return new LookdialError('release-invalid', `${path ?? syscall}: ${error.message}. ${next}`, { cause: error });
}

/**
 * @param args as on the command line
 * @returns the exit status
 * @throws LookdialError saying what to do; the error of `parseArgs` for an option that is none
 */
export async function bundleCommand(args: readonly string[], io: Io): Promise<number> {
  const { say, complain, terminal, signal } = io;
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name = '', ...operands] = positionals;
  if (values.help || !isCommand(name) || operands.length > (OPERANDS[name] ?? 0)) {
    (values.help ? say : complain)(USAGE);
    return values.help ? 0 : 2;
  }
  checkTaken(name, values);
  const passphrases = openPassphrases(values['passphrase-file'] ?? [], io.console);
  try {
    const setting: Setting = {
      ...foldersOf(name, values),
      keys: values.keys ?? [],
      passphrases,
      lifetimes: lifetimesOf(values),
      now: new Date(),
      say,
      terminal,
      signal,
    };
    return await COMMANDS[name](setting, { complain, operands, values });
  } catch (error) {
    if (!signal.aborted) throw inWords(error);
    complain(STOPPED);
    return 130;
  } finally {
    passphrases.close();
  }
}
