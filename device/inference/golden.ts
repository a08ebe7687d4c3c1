/** The golden check: a provider serves only after it answers the bundle's golden inputs as the float nets did. */
import type { Manifest } from './manifest.ts';
import { readTensor } from './members.ts';
import type { Encoded, NetJob } from './net-job.ts';
import { NetRefused } from './net-job.ts';
import type { DecoderNet, DecoderOutputs, EncoderNet } from './nets.ts';

/** Largest error of mu in sigmas and of log sigma, over all dimensions. */
export function encoderError(got: Encoded, mu: ArrayLike<number>, sigma: ArrayLike<number>) {
  let muError = 0;
  let logSigma = 0;
  for (let d = 0; d < got.mu.length; d += 1) {
    muError = Math.max(muError, Math.abs(got.mu[d]! - mu[d]!) / sigma[d]!);
    logSigma = Math.max(logSigma, Math.abs(Math.log(got.sigma[d]! / sigma[d]!)));
  }
  return { mu: muError, logSigma };
}

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
const clamp = (value: number): number => (value > 1 ? 1 : value > 0 ? value : value <= 0 ? 0 : Number.NaN);

/** Root mean square over the values of colour and of alpha together, each in 0..1; NaN where a value is NaN. */
export function decoderError(got: DecoderOutputs, expected: DecoderOutputs, { outputs }: Manifest['decoder']): number {
  const [low, high] = outputs.colour.range;
  const colourUnit = (value: number) => clamp((value - low) / (high - low));
  const alphaUnit = outputs.alpha?.scale === 'logit' ? logistic : clamp;
  let sum = 0;
  let count = 0;
  const add = (a: Float32Array, b: Float32Array, unit: (value: number) => number) => {
    for (let i = 0; i < a.length; i += 1) sum += (unit(a[i]!) - unit(b[i]!)) ** 2;
    count += a.length;
  };
  add(got.colour, expected.colour, colourUnit);
  if (got.alpha && expected.alpha) add(got.alpha, expected.alpha, alphaUnit);
  return Math.sqrt(sum / count);
}

/** Short enough for a sentence. */
const short = (value: number): string => String(Number(value.toPrecision(3)));

/** Refuses what is not within its bound; NaN never is. */
function hold(file: string, name: string, got: number, bound: number | undefined): void {
  if (bound !== undefined && got <= bound) return;
  const expected = bound === undefined ? 'a tolerance in the manifest' : `at most ${short(bound)}`;
  throw new NetRefused('bundle', `${file}: golden check: ${name} is off by ${short(got)}, expected ${expected}`);
}

const place = (manifest: Manifest, category: string | undefined): number | undefined =>
  category === undefined ? undefined : manifest.conditions?.categories.indexOf(category);

function goldenMember({ folder, manifest }: NetJob, path: string): Promise<Float32Array<ArrayBuffer>> {
  const member = manifest.files.find(file => file.path === path);
  if (member === undefined) throw new NetRefused('bundle', `${path}: golden data that files does not list`);
  return readTensor(folder, member);
}

/** @returns what was found, for the report. @throws NetRefused `bundle` */
export async function checkEncoder(net: EncoderNet, job: NetJob): Promise<string> {
  const { file, manifest } = job;
  const worst = { mu: 0, logSigma: 0 };
  for (const one of manifest.golden.encoder) {
    const got = await net.encode(await goldenMember(job, one.input), place(manifest, one.category));
    const error = encoderError(got, one.mu, one.sigma);
    hold(file.path, 'mu (in sigmas)', error.mu, file.tolerance?.mu);
    hold(file.path, 'log sigma', error.logSigma, file.tolerance?.logSigma);
    worst.mu = Math.max(worst.mu, error.mu);
    worst.logSigma = Math.max(worst.logSigma, error.logSigma);
  }
  return `encoder within ${short(worst.mu)} sigmas (at most ${short(file.tolerance?.mu ?? 0)})`;
}

/** @returns what was found, for the report. @throws NetRefused `bundle` */
export async function checkDecoder(net: DecoderNet, job: NetJob): Promise<string> {
  const { file, manifest } = job;
  let worst = 0;
  for (const one of manifest.golden.decoder) {
    const got = await net.outputs(Float32Array.from(one.z), place(manifest, one.category));
    const expected = {
      colour: await goldenMember(job, one.colour),
      alpha: one.alpha === undefined ? undefined : await goldenMember(job, one.alpha),
    };
    const error = decoderError(got, expected, manifest.decoder);
    hold(file.path, 'the picture (rms)', error, file.tolerance?.rms);
    worst = Math.max(worst, error);
  }
  return `decoder within ${short(worst)} rms (at most ${short(file.tolerance?.rms ?? 0)})`;
}
