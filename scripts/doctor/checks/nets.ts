/** What the nets run on: every provider tried as the daemon tries it, the golden check, which provider ran each node, and how fast. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LookdialError } from '../../../device/errors.ts';
import { type Bundle, type Provider, ROLES, type Role } from '../../../device/inference/bundle.ts';
import type { EngineSource } from '../../../device/inference/engine-source.ts';
import { type Rung, rungsOf, tryRung } from '../../../device/inference/ladder.ts';
import { type NetJob, NetRefused } from '../../../device/inference/net-job.ts';
import { encoderInputShape, product } from '../../../device/inference/shapes.ts';
import { Random } from '../../../device/matching/random.ts';
import type { Box } from '../box.ts';
import { broken, type Check, type Finding, look, notHere, ok } from '../check.ts';
import { type Measured, measure } from '../measure.ts';
import type { Asked, Told } from '../net-nodes.ts';
import { lackingLibraries } from '../provider-libraries.ts';
import { runProgram } from '../run-program.ts';
import { milliseconds, said, sentence } from '../words.ts';
import { enginesOf } from './engines.ts';

const NODES = join(import.meta.dirname, '../net-nodes.ts');
const NODES_MS = 60_000;
const REQUEST_MS = 10_000;
/** Under a finger a picture must come ten times a second, milliseconds. */
const SLOW_MS = 100;
const SILENT = { info: () => undefined, warn: () => undefined };
/** Where an NVIDIA driver or board shows. */
const GRAPHICS = [
  '/dev/nvidia0',
  '/dev/nvhost-gpu',
  '/dev/nvmap',
  '/proc/driver/nvidia/version',
  '/etc/nv_tegra_release',
];

interface Tried {
  readonly provider: Provider;
  /** What the golden check found, or why the provider is not used. */
  readonly said: string;
  readonly holds: boolean;
  readonly speed?: Readonly<Record<Role, Measured>>;
  /** What is loaded: the bundle's files, or engines. */
  readonly paths?: Readonly<Record<Role, string>>;
}

async function ask(asked: Asked): Promise<Told | string> {
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
  const { text, why } = await runProgram(process.execPath, [NODES, JSON.stringify(asked)], { limitMs: NODES_MS, env });
  if (text === undefined) return why;
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Told;
  } catch {
    return 'it said something else than what it was asked';
  }
}

async function speedOf({ encoder, decoder }: Rung, { manifest }: Bundle): Promise<Record<Role, Measured>> {
  const random = new Random(1);
  const picture = Float32Array.from({ length: product(encoderInputShape(manifest)) }, () => random.uniform());
  const point = (): Float32Array => Float32Array.from({ length: manifest.latentDim }, () => random.normal());
  return {
    encoder: await measure(() => encoder.encode(picture, undefined)),
    decoder: await measure(() => decoder.decode(point(), undefined)),
  };
}

async function tryProvider(
  bundle: Bundle,
  provider: Provider,
  { config }: Box,
  engineSource: EngineSource,
): Promise<Tried> {
  const { threads, ortModule, rungTimeoutMs, netMayGrowMb } = config;
  const times = { loadMs: rungTimeoutMs, requestMs: REQUEST_MS };
  const memory = { mayGrow: netMayGrowMb * 2 ** 20, everyMs: REQUEST_MS };
  let rung: Rung;
  try {
    rung = await tryRung(bundle, provider, { threads, ortModule, times, memory, log: SILENT, engineSource });
  } catch (error) {
    if (!(error instanceof NetRefused)) throw error;
    return { provider, holds: false, said: said(error) };
  }
  try {
    const golden = `${rung.encoder.golden}, ${rung.decoder.golden}`;
    const pathOf = ({ engine, folder, file }: NetJob) => join(engine?.folder ?? folder, (engine ?? file).path);
    const paths = { encoder: pathOf(rung.jobs.encoder), decoder: pathOf(rung.jobs.decoder) };
    return { provider, holds: true, said: golden, speed: await speedOf(rung, bundle), paths };
  } catch (error) {
    return { provider, holds: false, said: `it was taken, and then failed: ${said(error)}` };
  } finally {
    await Promise.all([rung.encoder.close(), rung.decoder.close()]);
  }
}

/** Of each net, which provider ran how many of its nodes. */
async function nodesOf(
  { provider, paths }: Tried,
  { config }: Box,
): Promise<{ role: Role; nodes: Told['nodes']; text: string }[]> {
  const { threads, ortModule } = config;
  return Promise.all(
    ROLES.map(async role => {
      const path = paths?.[role] ?? '';
      const told = await ask({ ortModule, net: { path, provider, threads } });
      if (typeof told === 'string')
        return { role, nodes: undefined, text: `${role}: which provider runs each node could not be told: ${told}` };
      const text = Object.entries(told.nodes ?? {}).map(([name, nodes]) => `${nodes} nodes on ${name}`);
      return { role, nodes: told.nodes, text: `${role}: ${text.join(', ')}` };
    }),
  );
}

const timing = ({ p50, p99, runs }: Measured): string =>
  `${milliseconds(p50)} (p50), ${milliseconds(p99)} (p99 of ${runs})`;

async function judge(box: Box, bundle: Bundle): Promise<Finding> {
  const { config, settings } = box;
  const runtime = await ask({ ortModule: config.ortModule });
  const tried: Tried[] = [];
  const engines = await enginesOf(box);
  for (const provider of rungsOf(config.providers)) tried.push(await tryProvider(bundle, provider, box, engines));
  const serving = tried.find(({ holds }) => holds);
  const nodes = serving === undefined ? [] : await nodesOf(serving, box);
  const shown = [
    typeof runtime === 'string'
      ? `${config.ortModule}: ${runtime}`
      : `${config.ortModule} ${runtime.version}: it has ${runtime.backends.join(', ')}`,
    ...(await lackingLibraries(config.ortModule)),
    ...tried.map(
      ({ provider, holds, said: words }) => `${provider}: ${holds ? `golden, ${words}` : `not used: ${words}`}`,
    ),
    ...nodes.map(({ text }) => text),
  ];
  const measured = {
    runtime: typeof runtime === 'string' ? undefined : runtime,
    tried,
    nodes: Object.fromEntries(nodes.map(one => [one.role, one.nodes])),
  };
  const more = { shown, measured };
  if (serving?.speed === undefined) {
    return broken(
      sentence(`No net of ${bundle.name} runs: ${tried.at(-1)?.said}`),
      'See docs/providers.md, which has each reason and what to do.',
      more,
    );
  }
  const { encoder, decoder } = serving.speed;
  const found = `Both nets of ${bundle.name} run on ${serving.provider}, and are golden; a picture is drawn in ${timing(decoder)} and read in ${timing(encoder)}.`;
  const wanted = tried[0];
  // A box without a graphics card, of which nobody said that it has one, misses nothing.
  const missed = settings.sources.providers.from !== 'default' || GRAPHICS.some(path => existsSync(box.system(path)));
  if (wanted !== serving && missed) {
    return look(
      `${found} ${sentence(`${wanted?.provider} is not used: ${wanted?.said}`)}`,
      'See docs/providers.md, which has each reason and what to do.',
      more,
    );
  }
  if (decoder.p50 > SLOW_MS) {
    return look(
      `${found} That is too slow to follow a finger.`,
      'Look what else keeps the processor busy (top); raise threads, or take a smaller model.',
      more,
    );
  }
  return ok(found, more);
}

export const nets: Check = {
  name: 'nets',
  about: 'the providers, the golden check of encoder and decoder, and how fast they are',
  async run(box) {
    let bundle: Bundle;
    try {
      bundle = await box.bundle();
    } catch (error) {
      if (!(error instanceof LookdialError)) throw error;
      return notHere(
        'There is no bundle whose nets could be tried.',
        'First put the bundle right: see the check bundle.',
      );
    }
    return judge(box, bundle);
  },
};
