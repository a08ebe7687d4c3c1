/** The link to the chain alone: what a store's own matches lose by it. `chain` measures it too, beside a catalogue of its full size. */
import { balance } from '../chain/balance.ts';
import { withDatabase } from '../chain/database.ts';
import { empty, fill, OURS, originalsOf } from './chain/catalogue.ts';
import { reachDatabase } from './chain/connect.ts';
import { measureLink } from './chain/link.ts';
import { spread } from './chain/spread.ts';
import type { Suite } from './suite.ts';

const GARMENTS = 5_000;
/** A store that has nothing in the catalogue: all of it hangs elsewhere. */
const ASKING = `${OURS}-asks`;

export const chainLinkSuite: Suite = {
  name: 'chain-link',
  about: 'a store’s own matches while the link to its chain is well, down, silent or mad (--connection: a server)',
  long: true,
  async run(context) {
    const { seed, say } = context;
    const { originals, space, data } = await originalsOf(context);
    const reached = await reachDatabase(context);
    try {
      await withDatabase(reached.connection, async database => {
        await empty(database);
        await fill(database, space, [...spread(originals, GARMENTS, seed)], say);
        await balance(database, space, { say: () => undefined, progress: () => undefined });
        await database.query('ANALYZE');
      });
      const { table, bars, sink } = await measureLink(context, { path: reached.path, data, store: ASKING });
      await withDatabase(reached.connection, database => database.query('DROP SCHEMA lookdial CASCADE'));
      return { tables: [table], bars, sink };
    } finally {
      await reached.close();
    }
  },
};
