/** One drag's round trip: HTTP over loopback to a daemon in its own process, the picture and the matches back. */
import { Agent } from 'node:http';
import { ask, drags, type Model } from './drags.ts';
import { TIMING_COLUMNS, type Timing, time, timingCells } from './measure.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Suite } from './suite.ts';

/** Matches asked for with each point. */
export const MATCHES = 12;
const P50_MS = 8;
const P99_MS = 25;

export const dialSuite: Suite = {
  name: 'dial',
  about: 'round trip of a drag over loopback: the picture and the matches',
  async run(context) {
    const { runs, seed, say } = context;
    const { threads } = context.config;
    const data = stateOf(context, 'dial');
    await prepare(context, data);
    const daemon = await startDaemon(context, data);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const at = (path: string) => new URL(path, daemon.address);
      const model = JSON.parse((await ask(agent, at('/api/v1/model'))).toString()) as Model;
      const timeCall = (path: string): Promise<Timing> => {
        const points = drags(model, seed);
        say(path);
        return time(runs, async () => {
          const dials = points.next().value;
          return (await ask(agent, at(path), { body: JSON.stringify({ dials, k: MATCHES }) })).at(-2) ?? 0;
        });
      };
      const dial = await timeCall('/api/v1/dial');
      const match = await timeCall('/api/v1/match');
      const rows = [
        [`dial, k = ${MATCHES}`, ...timingCells(dial)],
        [`match, k = ${MATCHES}`, ...timingCells(match)],
      ];
      const title = `Round trip over loopback, ${model.store.garments} garments, ${threads} thread${threads === 1 ? '' : 's'}`;
      return {
        tables: [{ title, columns: ['call', ...TIMING_COLUMNS], rows }],
        bars: [
          { what: 'dial p50', unit: 'ms', got: dial.p50, atMost: P50_MS },
          { what: 'dial p99', unit: 'ms', got: dial.p99, atMost: P99_MS },
        ],
        sink: dial.sink + match.sink,
      };
    } finally {
      agent.destroy();
      await daemon.stop();
    }
  },
};
