/** The atelier's commands, as `npm run store -- ...` runs them. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readConfig } from '../../../device/config.ts';
import { LookdialError } from '../../../device/errors.ts';
import { shownPath } from '../prepare.ts';
import { counted, duration, Progress, type Terminal } from '../progress.ts';
import { GARMENTS, isMade, makeCollection, SEED } from './collection.ts';
import { KIND_NAMES, type KindName } from './kinds/index.ts';
import { PACK_FILE, packDrawings } from './pack.ts';
import { sheetOf } from './sheet.ts';

export interface CommandContext {
  /** The words after the command, `--name` to its value. */
  readonly options: Readonly<Record<string, string | undefined>>;
  /** The other words, for a command that has some. */
  readonly operands?: readonly string[];
  readonly terminal: Terminal;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A whole number of an option, or what it is if left out. */
function whole(options: CommandContext['options'], name: string, usual: number, low = 1, high = 10_000_000): number {
  const text = options[name];
  if (text === undefined) return usual;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new LookdialError('config-invalid', `--${name} ${text}: it must be a whole number from ${low} to ${high}.`, {
    field: name,
  });
}

const folderOf = ({ options }: CommandContext, usual: string): string =>
  options.out ?? join(readConfig(process.env).data, usual);

/** Draws with a bar; says how long it took. */
async function timed(
  context: CommandContext,
  label: string,
  what: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<unknown>,
): Promise<void> {
  const progress = new Progress({ terminal: context.terminal, label, unit: what });
  const began = performance.now();
  let count = 0;
  try {
    await work((done, total) => {
      count = done;
      progress.update(done, total);
    });
  } finally {
    progress.end();
  }
  context.print(`${counted(count)} ${what} in ${duration(performance.now() - began)}.`);
}

/** `atelier`: the demonstration collection. */
export async function atelier(context: CommandContext): Promise<void> {
  const { options, print, signal } = context;
  const collection = {
    folder: folderOf(context, 'atelier'),
    garments: whole(options, 'garments', GARMENTS),
    seed: whole(options, 'seed', SEED, 0),
  };
  if (await isMade(collection)) {
    print(`The demonstration collection is in ${shownPath(collection.folder)} already.`);
    return;
  }
  print(`Drawing the demonstration collection into ${shownPath(collection.folder)}.`);
  await timed(context, 'Drawing', 'garments', onProgress => makeCollection({ ...collection, onProgress, signal }));
}

/** `atelier-pack`: drawings with their true parameters, for training. */
export async function atelierPack(context: CommandContext): Promise<void> {
  const { options, print, signal } = context;
  const folder = folderOf(context, 'drawings');
  const { colours = 'any' } = options;
  if (colours !== 'any' && colours !== 'card') {
    throw new LookdialError('config-invalid', `--colours is ${colours}; it is any, or card for those of the label.`, {
      field: 'colours',
    });
  }
  const settings = {
    turned: options.turned !== undefined,
    card: colours === 'card',
    drawings: whole(options, 'drawings', 30_000),
    seed: whole(options, 'seed', 1, 0),
    size: whole(options, 'size', 128, 16, 1024),
    jobs: whole(options, 'jobs', 1, 1, 64),
  };
  print(`Drawing for training into ${shownPath(join(folder, PACK_FILE))}.`);
  await timed(context, 'Drawing', 'drawings', onProgress => packDrawings({ folder, ...settings, onProgress, signal }));
}

/** `atelier-sheet`: one picture of many garments. */
export async function atelierSheet({ options, print }: CommandContext): Promise<void> {
  const out = options.out ?? 'atelier-sheet.webp';
  const kinds = options.kinds?.split(',') as KindName[] | undefined;
  const unknown = kinds?.find(kind => !KIND_NAMES.includes(kind));
  if (unknown !== undefined) {
    throw new LookdialError(
      'config-invalid',
      `--kinds: there is no kind ${unknown}. There are ${KIND_NAMES.join(', ')}.`,
      { field: 'kinds' },
    );
  }
  const across = whole(options, 'across', 10, 1, 40);
  const sheet = await sheetOf({
    seed: whole(options, 'seed', SEED, 0),
    count: whole(options, 'count', across * (kinds?.length ?? 10), 1, 1000),
    across,
    cell: whole(options, 'cell', 160, 16, 1024),
    ...(kinds && { kinds }),
    colours: options.colours === 'any' ? 'any' : 'card',
  });
  await mkdir(dirname(out), { recursive: true });
  await sheet.toFile(out);
  print(`${shownPath(out)} is drawn.`);
}
