/** What it costs to count: on the way from the finger to the pixel, and of a scrape. */
import { StepTimes } from '../../device/api/step-times.ts';
import { Metrics } from '../../device/health/metrics.ts';
import { Sensors } from '../../device/health/sensors.ts';
import { time } from './measure.ts';
import type { Suite } from './suite.ts';

/** So many are timed together: one alone is shorter than the clock is exact. */
const TOGETHER = 1_000;
const MOST_RUNS = 300;
/** A drag has two steps that are timed, decode and search, and is counted once itself. */
const STEPS_A_DRAG = 2;
const MOST_MICROSECONDS = 10;

const step = async (): Promise<number> => 1;

export const metricsSuite: Suite = {
  name: 'metrics',
  about: 'what counting costs a drag, and what a scrape costs',
  async run({ runs, config, say }) {
    say('counting');
    const times = new StepTimes();
    const metrics = new Metrics(times);
    const turns = Math.min(runs, MOST_RUNS);
    let sink = 0;
    const rows: [string, number, number, number][] = [];
    /** Microseconds of one, of `together` at once. */
    const measure = async (what: string, together: number, work: () => Promise<number> | number): Promise<number> => {
      const timing = await time(turns, work);
      sink += timing.sink;
      const [min = 0, p50 = 0, p99 = 0] = [timing.min, timing.p50, timing.p99].map(one => (1_000 * one) / together);
      rows.push([what, ...([min, p50, p99].map(one => Number(one.toPrecision(3))) as [number, number, number])]);
      return p50;
    };
    const batch =
      (work: () => Promise<number>): (() => Promise<number>) =>
      async () => {
        let sum = 0;
        for (let i = 0; i < TOGETHER; i += 1) sum += await work();
        return sum;
      };
    const bare = await measure('a step that is not timed', TOGETHER, batch(step));
    const timed = await measure(
      'a step that is',
      TOGETHER,
      batch(() => times.of('decode', step)),
    );
    const counted = await measure('a whole answer counted', TOGETHER, () => {
      for (let i = 0; i < TOGETHER; i += 1) metrics.answered('/api/v1/dial', 200, i / 10);
      return TOGETHER;
    });
    await measure('a refusal counted', TOGETHER, () => {
      for (let i = 0; i < TOGETHER; i += 1) metrics.refused('busy');
      return TOGETHER;
    });
    await measure('the text of a scrape, counters alone', 1, async () => (await metrics.registry.metrics()).length);
    const sensors = new Sensors(config.sysfs);
    const { zones } = await sensors.heat();
    await measure(`a look at the heat, ${zones.length} zones`, 1, async () => (await sensors.heat()).zones.length);
    const got = STEPS_A_DRAG * (timed - bare) + counted;
    return {
      tables: [{ title: 'What counting costs', columns: ['what', 'min µs', 'p50 µs', 'p99 µs'], rows }],
      bars: [{ what: 'a drag counted', unit: 'µs', got, atMost: MOST_MICROSECONDS }],
      sink,
    };
  },
};
