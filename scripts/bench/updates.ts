/** The model is changed under shoppers who dial: what they notice of it, and what stays behind. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UpdatesAnswer } from '../../device/api/update-schemas.ts';
import { ask, type Model } from './drags.ts';
import { keyHeaders } from './key.ts';
import { processTree, residentMegabytes } from './load/resident.ts';
import { PACE, shop } from './load/shopper.ts';
import { type Span, Tally } from './load/tally.ts';
import { prepare, startDaemon, stateOf } from './prepared.ts';
import type { Result, Suite, Table } from './suite.ts';
import { OwnPublisher } from './updates/own-publisher.ts';

/** Ten updates, two of them with another encoder, and five ways back. */
const STEPS = [
  'encoder',
  'back',
  'decoder',
  'decoder',
  'back',
  'decoder',
  'decoder',
  'back',
  'decoder',
  'encoder',
  'back',
  'decoder',
  'decoder',
  'decoder',
  'back',
] as const;
type Step = (typeof STEPS)[number];
const STEP_NAMES: Readonly<Record<Step, string>> = {
  encoder: 'another encoder',
  decoder: 'the same encoder',
  back: 'back',
};
const QUIET_MS = 60_000;
/** Longest that one change may take, milliseconds. */
const MOST_MS = 15 * 60_000;
/** The 99th centile while models are changed, of that in quiet. */
const MOST_TIMES = 2;
/** What may stay of the memory, of what it was. */
const MORE_PART = 0.1;

const rounded = (value: number): number => Number(value.toPrecision(3));

/** The bundle in another version. @returns its folder */
function variantOf(bundle: string, folder: string, number: number, step: Step): string {
  const copy = join(folder, `bundle-${number}`);
  cpSync(bundle, copy, { recursive: true });
  const path = join(copy, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
    version: string;
    encoder: { sigmaRange: [number, number] };
  };
  manifest.version = `9.${number}.0`;
  // A bound that no sigma comes near: the same answers, of what is for all the box knows another encoder.
  if (step === 'encoder') manifest.encoder.sigmaRange[1] *= 1 + (number + 1) / 1_000;
  writeFileSync(path, JSON.stringify(manifest));
  return copy;
}

/** Resident megabytes: of the daemon itself, and of it and every process that it has started. */
interface Resident {
  readonly daemon: number;
  readonly all: number;
}

async function residentOf(pid: number): Promise<Resident> {
  return { daemon: await residentMegabytes([pid]), all: await residentMegabytes(processTree(pid)) };
}

interface Change {
  readonly step: Step;
  readonly from: number;
  readonly to: number;
  /** Once it was done. */
  readonly resident: Resident;
}

export const updatesSuite: Suite = {
  name: 'updates',
  about: 'ten updates of the model and five ways back while shoppers dial: failures, delays, memory',
  long: true,
  async run(context): Promise<Result> {
    const {
      config: { bundle },
      seed,
      say,
      load: { clients },
    } = context;
    const data = stateOf(context, 'updates');
    rmSync(data, { recursive: true, force: true });
    await prepare(context, data);
    const folder = mkdtempSync(join(tmpdir(), 'lookdial-updates-'));
    const publisher = await OwnPublisher.start(folder);
    const daemon = await startDaemon(context, data, {
      LOOKDIAL_UPDATES: publisher.repository,
      LOOKDIAL_UPDATES_ROOT: publisher.root,
      LOOKDIAL_UPDATES_EVERY_MINUTES: '10080',
    });
    const agent = new Agent({ keepAlive: true });
    const headers = keyHeaders(data, 'admin');
    const { address } = daemon;
    const updates = async (call?: 'apply' | 'rollback'): Promise<UpdatesAnswer> => {
      const url = new URL(`/api/v1/updates${call === undefined ? '' : `:${call}`}`, address);
      return JSON.parse(
        (await ask(agent, url, { headers, ...(call && { method: 'POST' }) })).toString(),
      ) as UpdatesAnswer;
    };
    const settled = async (holds: (state: UpdatesAnswer) => boolean): Promise<void> => {
      for (const until = performance.now() + MOST_MS; ; ) {
        const state = await updates();
        if (holds(state)) return;
        if (state.failure !== null) throw new Error(state.failure);
        if (performance.now() > until) throw new Error(`It is not done: ${JSON.stringify(state)}`);
        await sleep(250);
      }
    };
    try {
      const model = JSON.parse((await ask(agent, new URL('/api/v1/model', address))).toString()) as Model;
      const [tally, stop] = [new Tally(), new AbortController()];
      const { signal } = stop;
      say(`${clients} shoppers: ${PACE}`);
      const everyone = Array.from({ length: clients }, (_, client) =>
        shop({ address, model, seed: 1_000 * seed + client, tally, signal }),
      );
      // The first of them come in.
      await sleep(QUIET_MS / 4);
      const began = performance.now();
      await sleep(QUIET_MS);
      const changing = performance.now();
      const before = await residentOf(daemon.pid);
      const changes: Change[] = [];
      for (const [number, step] of STEPS.entries()) {
        say(`  ${number + 1} of ${STEPS.length}: ${STEP_NAMES[step]}`);
        const release = step === 'back' ? undefined : await publisher.release(variantOf(bundle, folder, number, step));
        const from = performance.now();
        await updates(step === 'back' ? 'rollback' : 'apply');
        await settled(({ state, current, history }) =>
          release === undefined ? history[0]?.verdict === 'bad' : state === 'committed' && current?.release === release,
        );
        changes.push({ step, from, to: performance.now(), resident: await residentOf(daemon.pid) });
      }
      const ended = performance.now();
      await sleep(QUIET_MS / 2);
      const after = await residentOf(daemon.pid);
      const again = performance.now();
      await sleep(QUIET_MS);
      const closed = performance.now();
      stop.abort();
      await Promise.all(everyone);
      return resultOf(
        {
          tally,
          quiet: [
            [began, changing],
            [again, closed],
          ],
          changing: [changing, ended],
          changes,
          before,
          after,
        },
        `${clients} shoppers, ${model.store.garments} garments`,
      );
    } finally {
      agent.destroy();
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Run {
  readonly tally: Tally;
  /** Before and after: what else the machine does, it does not always. */
  readonly quiet: readonly Span[];
  readonly changing: Span;
  readonly changes: readonly Change[];
  readonly before: Resident;
  readonly after: Resident;
}

const residentRow = (when: string, { daemon, all }: Resident): (string | number)[] => [
  when,
  Math.round(daemon),
  Math.round(all),
];

function resultOf({ tally, quiet, changing, changes, before, after }: Run, title: string): Result {
  const row = (name: string, ...spans: readonly Span[]): (string | number)[] => {
    const { answered, p50, p99, longest } = tally.of('dial', ...spans);
    return [name, answered, ...[p50, p99, longest].map(rounded)];
  };
  const [calm, busy] = [tally.of('dial', ...quiet), tally.of('dial', changing)];
  const columns = ['dials', 'answered', 'p50 ms', 'p99 ms', 'longest ms'];
  const each: Table = {
    title: 'Each change',
    columns: ['change', 's', ...columns.slice(1)],
    rows: changes.map(({ step, from, to }) => [
      STEP_NAMES[step],
      rounded((to - from) / 1_000),
      ...row('', [from, to]).slice(1),
    ]),
  };
  const failures = [...tally.failures].map(([message, times]) => [message, times]);
  return {
    tables: [
      {
        title,
        columns,
        rows: [
          ...quiet.map((span, place) => row(place === 0 ? 'in quiet, before' : 'in quiet, after', span)),
          row('in quiet', ...quiet),
          row('while models are changed', changing),
        ],
      },
      each,
      {
        title: 'Resident',
        columns: ['when', 'daemon MB', 'all processes MB'],
        rows: [
          residentRow('before', before),
          ...changes.map(({ step, resident }) => residentRow(STEP_NAMES[step], resident)),
          residentRow('half a minute after', after),
        ],
      },
      ...(failures.length === 0 ? [] : [{ title: 'Failures', columns: ['what', 'times'], rows: failures }]),
    ],
    bars: [
      { what: 'failures', unit: 'calls', got: tally.errors, atMost: 0 },
      { what: 'dial p99 while models are changed', unit: 'ms', got: busy.p99, atMost: rounded(MOST_TIMES * calm.p99) },
      { what: 'memory that stays', unit: 'MB', got: after.all - before.all, atMost: rounded(MORE_PART * before.all) },
    ],
    sink: tally.sink,
  };
}
