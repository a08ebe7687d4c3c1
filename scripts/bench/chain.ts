/** A chain's catalogue: loading, indexing, asking, what the index finds of the exact order, and what the link costs a store. */
import { ChainSession } from '../../device/chain/chain-session.ts';
import { balance } from '../chain/balance.ts';
import { type Checked, COMPARED, check, questionsOf } from '../chain/check.ts';
import { type Database, withDatabase } from '../chain/database.ts';
import type { Space } from '../chain/write.ts';
import { empty, fill, OURS, originalsOf } from './chain/catalogue.ts';
import { type Reached, reachDatabase } from './chain/connect.ts';
import { type FormScore, scoreForms } from './chain/forms.ts';
import { measureLink } from './chain/link.ts';
import { type Encoded, spread } from './chain/spread.ts';
import { quantile } from './measure.ts';
import type { Bar, Context, Suite, Table } from './suite.ts';

const GARMENTS = 100_000;
const MOST = 200_000;
const PROMISED_MISSES = 0.02;
/** A store that has nothing in the catalogue: all of it hangs elsewhere. */
const ASKING = `${OURS}-asks`;
/** The bench waits for what a box would not wait for, milliseconds. */
const PATIENT_MS = 120_000;

const rounded = (value: number): number => Number(value.toPrecision(4));

interface Measured {
  readonly server: string;
  readonly loadSeconds: number;
  readonly vectorSeconds: number;
  readonly indexSeconds: number;
  readonly checked: Checked;
  /** What a kiosk asks, all of it; milliseconds, ascending. */
  readonly asked: readonly number[];
  readonly forms: readonly FormScore[];
  readonly formGarments: number;
}

/** As a kiosk asks: what other stores have in stock of a kind, ranked, and of the first 24 who has them. */
async function askAsKiosk(database: Database, session: ChainSession, space: Space, count: number): Promise<number[]> {
  const { encoder, latentDim, tolerance } = space;
  const took: number[] = [];
  for (const { kind, z } of await questionsOf(database, space, count)) {
    const began = performance.now();
    const ranked = await session.rank({ encoder, latentDim, tolerance, z, filter: { categories: [kind] } });
    await session.garments(ranked.slice(0, COMPARED).map(({ sku }) => sku));
    took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b);
}

const largestKind = (garments: readonly Encoded[]): Encoded[] =>
  [...Map.groupBy(garments, ({ kind }) => kind).values()].reduce((most, list) =>
    list.length > most.length ? list : most,
  );

async function measure(
  { connection }: Reached,
  { runs, say }: Context,
  space: Space,
  garments: readonly Encoded[],
): Promise<Measured> {
  return await withDatabase(connection, async database => {
    await empty(database);
    const { rows } = await database.query<{ server: string }>(
      `SELECT split_part(version(), ' on ', 1) || ', pgvector ' || extversion AS server FROM pg_extension WHERE extname = 'vector'`,
    );
    const server = rows[0]!.server;
    say(server);
    const loadSeconds = await fill(database, space, garments, say);
    say(`  loaded in ${loadSeconds.toFixed(0)} s`);
    const { seconds } = await balance(database, space, { say, progress: () => undefined });
    await database.query('ANALYZE');
    say(`  vectors in ${seconds.vectors.toFixed(0)} s, index in ${seconds.index.toFixed(0)} s`);
    const session = new ChainSession({ connection, store: ASKING, timeoutMs: PATIENT_MS });
    const count = Math.max(1, Math.min(200, Math.ceil(runs / 5)));
    let checked: Checked;
    let asked: number[];
    try {
      await askAsKiosk(database, session, space, Math.ceil(count / 5));
      checked = await check(database, session, space, count);
      say(`  recall ${checked.recall.map(one => one.toFixed(4)).join(', ')}`);
      asked = await askAsKiosk(database, session, space, count);
    } finally {
      await session.close();
    }
    const posteriors = largestKind(garments).map(({ posterior }) => posterior);
    say(`the forms, over ${posteriors.length.toLocaleString('en')} garments of one kind`);
    const forms = await scoreForms(database, posteriors, space.latentDim, Math.min(120, Math.max(3, runs)));
    const { vectors: vectorSeconds, index: indexSeconds } = seconds;
    return { server, loadSeconds, vectorSeconds, indexSeconds, checked, asked, forms, formGarments: posteriors.length };
  });
}

function tablesOf(garments: number, measured: Measured): Table[] {
  const { server, loadSeconds, vectorSeconds, indexSeconds, checked, asked, forms, formGarments } = measured;
  const { recall, lowest, took, questions, byIndex } = checked;
  return [
    {
      title: `A chain of ${garments.toLocaleString('en')} garments, ${server}`,
      columns: ['what', 'figure'],
      rows: [
        ['loaded, garments a second', Math.round(garments / loadSeconds)],
        ['vectors, seconds', rounded(vectorSeconds)],
        ['index, seconds', rounded(indexSeconds)],
        ['questions', questions],
        ['of them answered by the index', byIndex],
        ['recall@24, points of garments', rounded(recall[0])],
        ['recall@24, one dial turned', rounded(recall[1])],
        ['recall@24, two turned', rounded(recall[2])],
        ['recall@24, the least of one question', rounded(lowest)],
        ['the 200 and their exact order, p50 ms', rounded(quantile(took, 0.5))],
        ['the 200 and their exact order, p99 ms', rounded(quantile(took, 0.99))],
        ['as a kiosk asks, p50 ms', rounded(quantile(asked, 0.5))],
        ['as a kiosk asks, p99 ms', rounded(quantile(asked, 0.99))],
      ],
    },
    {
      title: `What the index finds by each form, ${formGarments.toLocaleString('en')} garments of one kind`,
      columns: ['form', 'index seconds', 'recall@24'],
      rows: forms.map(({ name, indexSeconds: seconds, recall: share }) => [name, rounded(seconds), rounded(share)]),
    },
    { title: 'PostgreSQL’s plan', columns: ['step'], rows: checked.plan.map(line => [line]) },
  ];
}

const barsOf = ({ checked }: Measured): Bar[] => [
  {
    what: 'Of the exact first 24, not found',
    unit: 'share',
    got: 1 - Math.min(...checked.recall),
    atMost: PROMISED_MISSES,
  },
  {
    what: 'Questions that the index did not answer',
    unit: 'questions',
    got: checked.questions - checked.byIndex,
    atMost: 0,
  },
];

export const chainSuite: Suite = {
  name: 'chain',
  about:
    'a chain’s catalogue in PostgreSQL: load, index, recall against the exact order, times, and the link (--connection: a server)',
  long: true,
  async run(context) {
    const { seed, say } = context;
    const count = context.garments.filter(one => one <= MOST).at(-1) ?? GARMENTS;
    const { originals, space, data } = await originalsOf(context);
    say(`${count.toLocaleString('en')} garments after ${originals.length.toLocaleString('en')} of the store`);
    const garments = [...spread(originals, count, seed)];
    const reached = await reachDatabase(context);
    try {
      const measured = await measure(reached, context, space, garments);
      say('the link');
      const link = await measureLink(context, { path: reached.path, data, store: ASKING });
      await withDatabase(reached.connection, database => database.query('DROP SCHEMA lookdial CASCADE'));
      return {
        tables: [...tablesOf(count, measured), link.table],
        bars: [...barsOf(measured), ...link.bars],
        sink: measured.checked.recall[0] + link.sink,
      };
    } finally {
      await reached.close();
    }
  },
};
