/**
 * `npm run index -- --store FOLDER [--data DIR] [--bundle DIR] [--name NAME]`: encodes a store. Stop it as you like, and
 * give the same command again: it goes on where it stopped.
 */
import { parseArgs } from 'node:util';
import { environmentName, readConfig } from '../../device/config.ts';
import { runCommand } from './command.ts';
import { prepareStore } from './prepare.ts';

const USAGE = `npm run index -- --store FOLDER [--data DIR] [--bundle DIR] [--name NAME]

  --store   the store: a folder with catalogue.csv and pictures, or atelier, or clothing
  --data    the state folder to index into
  --bundle  the model's folder; unless said otherwise, the one that goes with the store
  --name    the store's name on the screen; its folder's name unless said otherwise

Every setting can also be given as in docs/settings.md, e.g. LOOKDIAL_STORE. docs/stores.md tells the rest.`;

const OPTIONS = {
  store: { type: 'string' },
  data: { type: 'string' },
  bundle: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean' },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const given = Object.fromEntries(
    (['store', 'data', 'bundle'] as const).flatMap(name =>
      values[name] === undefined ? [] : [[environmentName(name), values[name]]],
    ),
  );
  const config = readConfig({ ...process.env, ...given });
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    const { name } = values;
    const print = (line: string): void => console.log(line);
    await prepareStore({ config, name, terminal: process.stderr, print, signal: stop.signal });
    const settings = Object.entries(given).filter(([setting]) => setting !== environmentName('store'));
    const command = [...settings.map(([setting, value]) => `${setting}=${value}`), 'npm start'].join(' ');
    print(
      `\nA kiosk that is running with this model and state folder shows it within seconds. To start one: ${command}`,
    );
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped. What has been encoded is kept: give the same command again to go on.');
    return 130;
  }
}

await runCommand(main, USAGE);
