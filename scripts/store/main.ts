/** `npm run store -- COMMAND`: makes and fills stores. Stop it as you like; the same command goes on where it stopped. */
import { parseArgs } from 'node:util';
import { atelier, atelierPack, atelierSheet, type CommandContext } from './atelier/commands.ts';
import { backup, restore } from './backup/command.ts';
import { clothing } from './clothing/command.ts';
import { runCommand } from './command.ts';
import { importCommand } from './import.ts';

const USAGE = `npm run store -- COMMAND

  import CATALOGUE PICTURES [--mapping FILE] [--dry-run] [--remove-missing] [--encoding utf-8|latin-1]
         [--delimiter ,|;] [--name NAME] [--data DIR] [--bundle DIR]
      merges a .csv or .jsonl file and the pictures of a folder into the state folder: docs/stores.md
  backup FILE [--data DIR]
  restore FILE [--data DIR] [--replace]
      a store to one file, while a daemon serves it, and back: docs/operating.md
  atelier [--garments 2400] [--out DIR] [--seed N]
      draws the demonstration collection: pictures and catalogue.csv
  atelier-sheet [--out FILE] [--kinds tShirt,coat] [--across 10] [--count N] [--cell PX] [--seed N] [--colours any]
      one picture of many garments, to look at
  atelier-pack [--drawings 30000] [--out DIR] [--seed N] [--size 128] [--jobs 1] [--turned] [--colours card]
      drawings with their true parameters, to train a model on; turned ones, to judge its dials by; in the label's colours alone

  clothing [--out DIR]
      gets the public clothing data set, and makes a store of it; where its pictures lie beside the project, they are taken

docs/atelier.md and docs/stores.md tell the rest.`;

interface Command {
  readonly run: (context: CommandContext) => Promise<void>;
  /** Words after the command. */
  readonly operands: number;
  /** What its end by a signal says. */
  readonly stopped: string;
}

const drawing = (run: Command['run']): Command => ({
  run,
  operands: 0,
  stopped: 'Stopped. What has been made is kept: give the same command again to go on.',
});

const COMMANDS: Readonly<Record<string, Command>> = {
  atelier: drawing(atelier),
  'atelier-pack': drawing(atelierPack),
  'atelier-sheet': drawing(atelierSheet),
  backup: {
    run: backup,
    operands: 1,
    stopped: 'Stopped. There is no backup: give the same command again.',
  },
  restore: {
    run: restore,
    operands: 1,
    stopped: 'Stopped. The store is as it was: give the same command again.',
  },
  clothing: drawing(context => clothing(context)),
  import: {
    run: importCommand,
    operands: 2,
    stopped: 'Stopped. Nothing has changed, and what has been encoded is kept: give the same command again to go on.',
  },
};

const text = { type: 'string' } as const;
const OPTIONS = {
  out: text,
  seed: text,
  garments: text,
  drawings: text,
  size: text,
  jobs: text,
  kinds: text,
  across: text,
  count: text,
  cell: text,
  colours: text,
  mapping: text,
  encoding: text,
  delimiter: text,
  name: text,
  data: text,
  bundle: text,
  turned: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'remove-missing': { type: 'boolean' },
  replace: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const { help, turned, 'dry-run': dryRun, 'remove-missing': removeMissing, replace, ...texts } = values;
  const said = { turned, 'dry-run': dryRun, 'remove-missing': removeMissing, replace };
  const yes = Object.entries(said).flatMap(([name, value]) => (value ? [[name, 'yes']] : []));
  const options = { ...texts, ...Object.fromEntries(yes) };
  const [name = '', ...operands] = positionals;
  const command = COMMANDS[name];
  if (help || command === undefined || operands.length !== command.operands) {
    (help ? console.log : console.error)(USAGE);
    return help ? 0 : 2;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const print = (line: string): void => console.log(line);
    await command.run({ options, operands, terminal: process.stderr, print, signal: stop.signal });
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error(command.stopped);
    return 130;
  }
}

await runCommand(main, USAGE);
