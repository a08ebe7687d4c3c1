/** Where passphrases come from: a person at a terminal, a file of its owner's alone, or the lines of standard input. Never an argument, which every process can see. */
import { createInterface, type Interface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { LookdialError } from '../../device/errors.ts';
import { checkPassphrase, readSecretFile } from './key-files.ts';

export interface Passphrases {
  /** The passphrase of a key that is there. @throws LookdialError `access-invalid` where none comes */
  of(name: string): Promise<string>;
  /** One for a key that is to be made: typed twice by a person. */
  forNew(name: string): Promise<string>;
  close(): void;
}

/** As one keyboard types it and as another does. */
const normal = (text: string): string => text.normalize('NFC');

interface Files {
  readonly byName: ReadonlyMap<string, string>;
  readonly forAll: string | undefined;
}

/** @param given `FILE` for every key, `NAME=FILE` for one */
function readGiven(given: readonly string[]): Files {
  const byName = new Map<string, string>();
  let forAll: string | undefined;
  for (const one of given) {
    const [, name, path] = /^([a-z0-9-]+)=(.+)$/.exec(one) ?? [];
    if (name !== undefined && path !== undefined) byName.set(name, path);
    else if (forAll === undefined) forAll = one;
    else throw new LookdialError('invalid-request', `--passphrase-file ${one}: say for which key: NAME=${one}.`);
  }
  return { byName, forAll };
}

async function firstLine(path: string): Promise<string> {
  const [line = ''] = (await readSecretFile(path)).split(/\r?\n/);
  if (line === '')
    throw new LookdialError('access-invalid', `${path}: its first line is empty, expected a passphrase.`);
  return normal(line);
}

/** The input of `npm run bundle`: what is needed of `process.stdin` and `process.stderr`. */
export interface Console {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: { write(text: string): unknown };
}

/** @param files `--passphrase-file`, as given */
export function openPassphrases(files: readonly string[], { input, output }: Console): Passphrases {
  const { byName, forAll } = readGiven(files);
  const terminal = input.isTTY === true;
  let lines: Interface | undefined;
  let following: AsyncIterator<string> | undefined;
  const opened = (): Interface => {
    // What is typed is echoed by readline alone, and goes nowhere.
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    lines ??= createInterface({ input, output: nowhere, terminal });
    return lines;
  };
  const typed = async (question: string): Promise<string> => {
    const reading = opened();
    const stopped = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new LookdialError('access-invalid', 'Stopped. Nothing was signed.'));
      reading.once('SIGINT', stop).once('close', stop);
    });
    output.write(question);
    try {
      return normal(await Promise.race([reading.question(''), stopped]));
    } finally {
      output.write('\n');
    }
  };
  const nextLine = async (name: string): Promise<string> => {
    following ??= opened()[Symbol.asyncIterator]();
    const { value } = await following.next();
    if (typeof value === 'string' && value !== '') return normal(value);
    throw new LookdialError(
      'access-invalid',
      `No passphrase came for ${name}. Give one line for each key on standard input, in the order in which they are asked for, ` +
        'or --passphrase-file NAME=FILE.',
    );
  };
  const of = async (name: string): Promise<string> => {
    const path = byName.get(name) ?? forAll;
    if (path !== undefined) return await firstLine(path);
    return terminal ? await typed(`Passphrase of ${name}: `) : await nextLine(name);
  };
  return {
    of,
    async forNew(name) {
      const passphrase = await of(name);
      checkPassphrase(passphrase, name);
      if (!terminal || byName.has(name) || forAll !== undefined) return passphrase;
      if ((await typed('Once more: ')) === passphrase) return passphrase;
      throw new LookdialError('access-invalid', 'Those were two different passphrases. No key was made.');
    },
    close: () => lines?.close(),
  };
}
