/** `npm run chain -- COMMAND`: makes, fills and checks the catalogue of a whole chain, in PostgreSQL with pgvector. docs/chain.md tells the rest. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CREATE_SCHEMA } from '../../device/chain/chain-schema.ts';
import { ChainSession } from '../../device/chain/chain-session.ts';
import { type Connection, readConnection } from '../../device/chain/connection.ts';
import { failureCode } from '../../device/chain/failures.ts';
import { type Config, environmentName, readConfig } from '../../device/config.ts';
import { servedBundle } from '../../device/edition/served-bundle.ts';
import { LookdialError } from '../../device/errors.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { CATALOGUE_DATABASE, Catalogue } from '../../device/inventory/catalogue.ts';
import { quantile } from '../bench/measure.ts';
import { runCommand } from '../store/command.ts';
import { counted, Progress } from '../store/progress.ts';
import { balance } from './balance.ts';
import { check } from './check.ts';
import { checkVersions, type Database, inTransaction, withDatabase } from './database.ts';
import { load } from './load.ts';
import { spaceOf, sync } from './sync.ts';
import { type Space, servingOf } from './write.ts';

const USAGE = `npm run chain -- COMMAND [--connection FILE] [--bundle FOLDER]

  init
      makes the tables; run again it changes nothing
  load FILE
      loads garments, one JSON object a line; stopped or killed, it goes on where it was. The first load is balanced at its end
  sync [--store NAME] [--name NAME] [--data FOLDER]
      sends what has changed in this store: garments, encodings, stock, pictures
  balance
      fits the vectors to the garments as they are now, beside those that serve
  check [--questions N]
      holds the index's answers to the exact order: recall, times, and PostgreSQL's plan

  --connection  the file that says where the database is (LOOKDIAL_CHAIN_CONNECTION)
  --bundle      the folder of the model that made the encodings; the one that this store is served by unless said otherwise
  --store       this store's name in the chain's catalogue (LOOKDIAL_CHAIN_STORE)
  --name        what people call this store; the name in its own catalogue unless said otherwise
  --data        the store's state folder
  --questions   of each of three sorts, 100 unless said otherwise`;

const OPTIONS = {
  connection: { type: 'string' },
  bundle: { type: 'string' },
  store: { type: 'string' },
  name: { type: 'string' },
  data: { type: 'string' },
  questions: { type: 'string', default: '100' },
  help: { type: 'boolean', default: false },
} as const;

interface Context {
  readonly config: Config;
  /** Whether `config.bundle` was named with the command. */
  readonly named: boolean;
  readonly connection: Connection;
  readonly database: Database;
  readonly file: string | undefined;
  readonly name: string | undefined;
  readonly questions: number;
  readonly signal: AbortSignal;
}

const INSUFFICIENT_PRIVILEGE = '42501';

const WHOLE_KINDS = '; the others read their whole kind, which finds all: a kind of few garments is read sooner';

const say = (line: string): void => console.log(line);

function progressOf(label: string, unit: string): { update: (done: number, total: number) => void; end: () => void } {
  const progress = new Progress({ terminal: process.stderr, label, unit });
  return { update: (done, total) => progress.update(done, total), end: () => progress.end() };
}

/** The model that is named; otherwise the one that the store here is served by, which an update may have brought. */
const bundleMeant = async ({ config, named }: Context): Promise<Bundle> =>
  named ? await openBundle(config.bundle) : (await servedBundle(config)).bundle;

const spaceOfBundle = async (context: Context): Promise<Space> => spaceOf(await bundleMeant(context));

/** Where PostgreSQL does not trust the extension, only its superuser may make it; and nobody has to where it is there. */
async function makeExtension(database: Database): Promise<void> {
  const { rows } = await database.query(`SELECT 1 FROM pg_extension WHERE extname = 'vector'`);
  if (rows.length > 0) return;
  try {
    await database.query('CREATE EXTENSION vector');
  } catch (cause) {
    if (failureCode(cause) !== INSUFFICIENT_PRIVILEGE) throw cause;
    throw new LookdialError(
      'chain-unavailable',
      'The database has no pgvector yet, and this user may not make it: let a superuser say CREATE EXTENSION vector; in it, then give this command again.',
      { cause },
    );
  }
}

async function init({ database }: Context): Promise<void> {
  await makeExtension(database);
  await inTransaction(database, () => database.query(CREATE_SCHEMA));
  await checkVersions(database);
  say('The chain’s catalogue is set up. Fill it: npm run chain -- load FILE, or npm run chain -- sync in each store.');
}

async function balanceNow({ database }: Context, space: Space): Promise<void> {
  const bar = progressOf('Balancing', 'garments');
  const { id, garments, seconds } = await balance(database, space, { say, progress: bar.update });
  bar.end();
  say(
    `Balance ${id} serves: ${counted(garments)} garments, vectors in ${seconds.vectors.toFixed(1)} s, index in ${seconds.index.toFixed(1)} s.`,
  );
}

/** A balancing makes tables: that is their owner's. */
async function mayBalance(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ may: boolean }>(`SELECT has_schema_privilege('lookdial', 'CREATE') AS may`);
  return rows[0]?.may === true;
}

async function loadFile(context: Context): Promise<void> {
  const { database, file, signal } = context;
  if (file === undefined) throw new LookdialError('chain-unavailable', `Say which file.\n\n${USAGE}`);
  await checkVersions(database);
  const space = await spaceOfBundle(context);
  const started = performance.now();
  const bar = progressOf('Loading', 'bytes');
  const { garments, skipped, faults } = await load(database, { path: file, space, say, progress: bar.update, signal });
  bar.end();
  const seconds = (performance.now() - started) / 1_000;
  if (skipped > 0) say(`Went on behind line ${counted(skipped)}, which an earlier run had written.`);
  say(`${counted(garments)} garments in ${seconds.toFixed(1)} s, ${Math.round(garments / seconds)} a second.`);
  if (faults > 0) say(`${counted(faults)} lines were left out.`);
  if ((await servingOf(database, space)) !== undefined) {
    if (garments > 0) say('The vectors are balanced as they were: npm run chain -- balance, if many are new.');
  } else if (await mayBalance(database)) await balanceNow(context, space);
  else say('No vectors serve this model yet. As the tables’ owner: npm run chain -- balance.');
}

async function syncStore({ config, database, name, signal }: Context): Promise<void> {
  const { data, chainStore: store } = config;
  if (store === '') {
    throw new LookdialError('config-invalid', 'This store has no name in the chain: --store NAME, or chainStore.', {
      field: 'chainStore',
    });
  }
  await checkVersions(database);
  const { bundle } = await servedBundle(config);
  const catalogue = Catalogue.open(join(data, CATALOGUE_DATABASE));
  const bar = progressOf('Sending', 'garments');
  try {
    const storeName = name ?? catalogue.store?.name ?? store;
    const options = { data, bundle, catalogue, store, storeName, progress: bar.update, signal };
    const { garments, sent, gone } = await sync(database, options);
    bar.end();
    say(
      `${counted(garments)} garments are here; ${counted(sent)} had changed and were sent, ${counted(gone)} are gone.`,
    );
    if ((await servingOf(database, spaceOf(bundle))) === undefined) {
      say('No vectors serve this model yet. When all stores have sent theirs: npm run chain -- balance.');
    }
  } finally {
    catalogue.close();
  }
}

async function checkNow(context: Context): Promise<void> {
  const { database, connection, questions: count, config } = context;
  await checkVersions(database);
  const space = await spaceOfBundle(context);
  // As a store asks it, but for the time limit: what takes too long is to be seen.
  const session = new ChainSession({ connection, store: config.chainStore, timeoutMs: 60_000 });
  try {
    await session.warm();
    const { garments, questions, recall, lowest, took, plan, byIndex } = await check(database, session, space, count);
    say(
      `${counted(questions)} questions over ${counted(garments)} garments, the first 24 of the exact order in float64:`,
    );
    const shown = recall.map(value => value.toFixed(4));
    say(`  found: ${shown[0]} (points of garments), ${shown[1]} (a dial turned), ${shown[2]} (two turned)`);
    say(`  the least of one question: ${lowest.toFixed(4)}`);
    say(`  an answer took ${quantile(took, 0.5).toFixed(1)} ms (p50), ${quantile(took, 0.99).toFixed(1)} ms (p99)`);
    say(`  the index answered ${counted(byIndex)} of ${counted(questions)}${byIndex < questions ? WHOLE_KINDS : ''}`);
    say('PostgreSQL’s plan:');
    for (const line of plan) say(`  ${line}`);
  } finally {
    await session.close();
  }
}

const COMMANDS: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  init,
  load: loadFile,
  sync: syncStore,
  balance: async context => {
    await checkVersions(context.database);
    await balanceNow(context, await spaceOfBundle(context));
  },
  check: checkNow,
};

function readSettings(values: Readonly<Record<string, string | boolean | undefined>>): Config {
  const given = { connection: 'chainConnection', bundle: 'bundle', store: 'chainStore', data: 'data' } as const;
  const told = Object.entries(given).flatMap(([option, setting]) =>
    typeof values[option] === 'string' ? [[environmentName(setting), values[option]]] : [],
  );
  // The chain's own office has no store of its own.
  return readConfig({ ...process.env, ...Object.fromEntries(told) }, { whole: false });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [name = '', file, more] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const questions = Number(values.questions);
  const isCount = Number.isInteger(questions) && questions > 0 && questions <= 10_000;
  if (values.help || command === undefined || more !== undefined || !isCount) {
    (values.help ? console.log : console.error)(USAGE);
    return values.help ? 0 : 2;
  }
  const config = readSettings(values);
  if (config.chainConnection === '') {
    throw new LookdialError('config-invalid', 'Say where the database is: --connection FILE, or chainConnection.', {
      field: 'chainConnection',
    });
  }
  const connection = readConnection(config.chainConnection);
  const named = values.bundle !== undefined;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    await withDatabase(connection, database =>
      command({ config, named, connection, database, file, name: values.name, questions, signal: stop.signal }),
    );
    return 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped. What has been written is kept: give the same command again to go on.');
    return 130;
  }
}

await runCommand(main, USAGE);
