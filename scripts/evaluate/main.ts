/**
 * `npm run evaluate -- [--store FOLDER] [--bundle FOLDER] [--json FILE] [--strict]`: measures a model over a store with the
 * box's own code, and prints whether it may ship.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, environmentName, readConfig } from '../../device/config.ts';
import { readIndexFile } from '../../device/edition/edition.ts';
import { LookdialError } from '../../device/errors.ts';
import { type Bundle, openBundle } from '../../device/inference/bundle.ts';
import { type Inference, startInference } from '../../device/inference/inference.ts';
import { INDEX_FILE } from '../../device/inventory/encodings.ts';
import { EncodingIndex } from '../../device/matching/index-file.ts';
import { prepareStore } from '../store/prepare.ts';
import { Progress } from '../store/progress.ts';
import { storeSource } from '../store/sources.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import { IndexedGarments, leaveOut } from './garments.ts';
import { notHeld } from './gates.ts';
import { putInto } from './markdown.ts';
import { floatBundle } from './quantised-figures.ts';
import { asMarkdown, asPage } from './report.ts';

const USAGE = `npm run evaluate -- [--store FOLDER] [--without A,B] [--bundle FOLDER] [--data DIR] [--json FILE] [--points N] [--judged N] [--into FILE] [--seed N] [--strict]

  --store   the store: a folder with catalogue.csv and pictures, or atelier, or clothing
  --without categories of the catalogue to leave out: kinds the model was not made for
  --bundle  the model's folder; unless said otherwise, the one that goes with the store
  --data    where the store is indexed for it; a folder of its own in the state folder unless said otherwise
  --json    writes all figures there as well
  --points  points decoded for each row of the table, 2000 unless said otherwise
  --judged  points of each row judged by true parameters, 100 unless said otherwise; over the atelier's collection alone
  --into    a page: what is judged by truth replaces what stands between its marks
  --seed    the same seed measures the same points, 1 unless said otherwise
  --strict  exit status 1 where a gate's floor is not held

Every setting can also be given as in docs/settings.md, e.g. LOOKDIAL_STORE.`;

const OPTIONS = {
  store: { type: 'string' },
  without: { type: 'string', default: '' },
  bundle: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'string' },
  points: { type: 'string', default: '2000' },
  judged: { type: 'string', default: '100' },
  into: { type: 'string' },
  seed: { type: 'string', default: '1' },
  strict: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

class UsageError extends Error {}

function wholeNumber(name: string, written: string, low: number): number {
  const value = Number(written);
  if (!Number.isSafeInteger(value) || value < low || written.trim() === '') {
    throw new UsageError(`--${name} is ${JSON.stringify(written)}; expected a whole number, ${low} or more.`);
  }
  return value;
}

/** Shows each step as it comes, one bar after another. */
class Steps {
  #step = '';
  #progress: Progress | undefined;

  readonly show = (label: string, unit: string, done: number, total: number): void => {
    if (label !== this.#step) this.#progress?.end();
    if (label !== this.#step) this.#progress = new Progress({ terminal: process.stderr, label, unit });
    this.#step = label;
    this.#progress?.update(done, total);
  };

  end(): void {
    this.#progress?.end();
  }
}

interface Run {
  readonly config: Config;
  /** The state folder the store is indexed into. */
  readonly data: string;
  /** Categories to leave out. */
  readonly without: readonly string[];
  readonly points: number;
  readonly judged: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

async function measure({ config, data, without, points, judged, seed, signal }: Run): Promise<Evaluation> {
  const bundle = await openBundle(config.bundle);
  const bytes = await readIndexFile(join(data, INDEX_FILE));
  const { encoderDigest, manifest } = bundle;
  const whole = EncodingIndex.open(bytes, { encoderDigest, latentDim: manifest.latentDim });
  const store = IndexedGarments.open(data, whole);
  const started: Inference[] = [];
  const steps = new Steps();
  try {
    const index = leaveOut(whole, store, without);
    if (index.count < 2) {
      throw new LookdialError(
        'store-invalid',
        `${index.count} encoded garments are left; an evaluation needs 2 at least.`,
      );
    }
    const { threads, ortModule, rungTimeoutMs, maxPicturePixels } = config;
    const start = async (one: Bundle, providers: readonly string[]): Promise<Inference> => {
      const inference = await startInference(one, { providers, threads, ortModule, rungTimeoutMs, signal });
      started.push(inference);
      return inference;
    };
    const inference = await start(bundle, config.providers);
    const reference = floatBundle(bundle);
    const float = reference && { bundle: reference, inference: await start(reference, []) };
    const garments = store.over(index);
    const onProgress = steps.show;
    return await evaluate({
      bundle,
      inference,
      float,
      index,
      garments,
      points,
      judged,
      seed,
      maxPicturePixels,
      onProgress,
      signal,
    });
  } finally {
    steps.end();
    store.close();
    await Promise.all(started.map(inference => inference.close()));
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const given = (['store', 'bundle'] as const).flatMap(name => {
    const value = values[name];
    return value === undefined ? [] : [[environmentName(name), value] as const];
  });
  const config = readConfig({ ...process.env, ...Object.fromEntries(given) });
  const points = wholeNumber('points', values.points, 10);
  const judged = wholeNumber('judged', values.judged, 0);
  const seed = wholeNumber('seed', values.seed, 0);
  const without = values.without.split(',').flatMap(name => name.trim() || []);
  // The daemon's own index is left as it is: another store may be under evaluation.
  const data = values.data ?? join(config.data, 'evaluation');
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const print = (line: string): void => console.error(line);
  try {
    const { signal } = stop;
    const kept = { config: { ...config, data }, stores: config.data };
    await prepareStore({ ...kept, terminal: process.stderr, print, signal, unlessCurrent: true });
    const evaluation = await measure({ config, data, without, points, judged, seed, signal });
    const { name, demonstration } = storeSource(config.store, config.data);
    console.log(asMarkdown(evaluation, { name, demonstration, without }));
    if (values.into !== undefined) await putInto(values.into, asPage(evaluation, name));
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(evaluation, undefined, 1)}\n`);
    return values.strict && notHeld(evaluation.gates).length > 0 ? 1 : 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    console.error('Stopped. The store stays indexed: give the same command again.');
    return 130;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage =
    error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  if (!isUsage && !(error instanceof LookdialError)) throw error;
  console.error(isUsage ? `${(error as Error).message}\n\n${USAGE}` : (error as Error).message);
  process.exitCode = isUsage ? 2 : 1;
}
