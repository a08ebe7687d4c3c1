/** `npm run bench -- [SUITE ...]`: measures on this machine, prints tables, and writes them as JSON to bench-results/. */
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { environmentName, readConfig } from '../../device/config.ts';
import { LookdialError } from '../../device/errors.ts';
import { attractSuite } from './attract.ts';
import { chainSuite } from './chain.ts';
import { chainLinkSuite } from './chain-link.ts';
import { dialSuite } from './dial.ts';
import { indexSuite } from './index.ts';
import { inferenceSuite } from './inference.ts';
import { kioskSuite } from './kiosk.ts';
import { loadSuite } from './load.ts';
import { mapSuite } from './map.ts';
import { metricsSuite } from './metrics.ts';
import { asText, barText, machineText, writeJson } from './report.ts';
import { searchSuite } from './search.ts';
import { startSuite } from './start.ts';
import { stockSuite } from './stock.ts';
import type { Suite } from './suite.ts';
import { updatesSuite } from './updates.ts';

const SUITES: readonly Suite[] = [
  inferenceSuite,
  indexSuite,
  dialSuite,
  searchSuite,
  startSuite,
  stockSuite,
  metricsSuite,
  loadSuite,
  kioskSuite,
  attractSuite,
  updatesSuite,
  chainSuite,
  chainLinkSuite,
  mapSuite,
];

const USAGE = `npm run bench -- [SUITE ...] [--runs N] [--seed N] [--bundle FOLDER] [--store FOLDER]
                              [--garments N,N] [--dimensions N,N]
                              [--minutes N] [--clients N] [--no-writer] [--connection FILE]

${SUITES.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}

  --runs     timed runs of a row, 1000 unless said otherwise
  --seed     the same seed measures the same points, 1 unless said otherwise
  --bundle   the model's folder
  --store    the store: a folder with catalogue.csv and pictures, or atelier, or clothing
  --garments, --dimensions   sizes of the made-up stores that search measures; of --garments chain takes the last up to 200,000
  --minutes, --clients       how long load and kiosk's long drag last, 10, and how many shoppers dial, 32
  --no-writer                load without the till that writes stock
  --connection               where chain and chain-link are measured: the connection file of a database that has nothing else; PGlite unless given

Without a suite all run but load, kiosk, attract, updates, chain, chain-link and map.`;

const RESULTS = resolve(import.meta.dirname, '../../bench-results');
const OPTIONS = {
  runs: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  bundle: { type: 'string' },
  store: { type: 'string' },
  garments: { type: 'string', default: '10000,100000,1000000' },
  dimensions: { type: 'string', default: '16,32,64' },
  minutes: { type: 'string', default: '10' },
  clients: { type: 'string', default: '32' },
  'no-writer': { type: 'boolean', default: false },
  connection: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

class UsageError extends Error {}

function wholeNumber(name: string, written: string): number {
  const value = Number(written);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`--${name} is ${JSON.stringify(written)}; expected a whole number above 0.`);
}

function chosen(names: readonly string[]): readonly Suite[] {
  const unknown = names.find(name => !SUITES.some(suite => suite.name === name));
  if (unknown !== undefined) throw new UsageError(`There is no suite ${unknown}.`);
  return names.length === 0 ? SUITES.filter(({ long }) => !long) : SUITES.filter(suite => names.includes(suite.name));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const given = (['bundle', 'store'] as const).map(name => [environmentName(name), values[name]] as const);
  const config = readConfig({
    ...process.env,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
  });
  const context = {
    config,
    runs: wholeNumber('runs', values.runs),
    seed: wholeNumber('seed', values.seed),
    garments: values.garments.split(',').map(one => wholeNumber('garments', one)),
    dimensions: values.dimensions.split(',').map(one => wholeNumber('dimensions', one)),
    load: {
      minutes: wholeNumber('minutes', values.minutes),
      clients: wholeNumber('clients', values.clients),
      writer: !values['no-writer'],
    },
    connection: values.connection,
    say: (line: string) => console.error(line),
  };
  const suites = chosen(positionals);
  console.log(machineText());
  for (const suite of suites) {
    const result = await suite.run(context);
    for (const table of result.tables) console.log(`\n${asText(table)}`);
    for (const bar of result.bars ?? []) console.log(barText(bar));
    console.log(`  also in ${relative(process.cwd(), writeJson(RESULTS, suite, result))}`);
  }
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  if (!isUsage && !(error instanceof LookdialError)) throw error;
  console.error(isUsage ? `${(error as Error).message}\n\n${USAGE}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
