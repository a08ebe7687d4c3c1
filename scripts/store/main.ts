/** `npm run store -- COMMAND`: makes stores. Stop it as you like; the same command goes on where it stopped. */
import { parseArgs } from 'node:util';
import { atelier, atelierPack, atelierSheet, type CommandContext } from './atelier/commands.ts';
import { clothing } from './clothing/command.ts';
import { runCommand } from './command.ts';

const USAGE = `npm run store -- COMMAND

  atelier [--garments 2400] [--out DIR] [--seed N]
      draws the demonstration collection: pictures and catalogue.csv
  atelier-sheet [--out FILE] [--kinds tShirt,coat] [--across 10] [--count N] [--cell PX] [--seed N] [--colours any]
      one picture of many garments, to look at
  atelier-pack [--drawings 30000] [--out DIR] [--seed N] [--size 128] [--jobs 1] [--turned]
      drawings with their true parameters, to train a model on; turned ones, to judge its dials by

  clothing [--out DIR]
      gets the public clothing data set, and makes a store of it; where its pictures lie beside the project, they are taken

docs/atelier.md and docs/stores.md tell the rest.`;

const COMMANDS: Readonly<Record<string, (context: CommandContext) => Promise<void>>> = {
  atelier,
  'atelier-pack': atelierPack,
  'atelier-sheet': atelierSheet,
  clothing: context => clothing(context),
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
  turned: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const { help, turned, ...texts } = values;
  const options = { ...texts, ...(turned && { turned: 'yes' }) };
  const command = COMMANDS[positionals[0] ?? ''];
  if (help || command === undefined || positionals.length > 1) {
    (help ? console.log : console.error)(USAGE);
    return help ? 0 : 2;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    await command({ options, terminal: process.stderr, print: line => console.log(line), signal: stop.signal });
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped. What has been made is kept: give the same command again to go on.');
    return 130;
  }
}

await runCommand(main, USAGE);
