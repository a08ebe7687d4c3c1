/** What a manifest's fields must be to each other: everything the schema cannot say. `models/BUNDLE.md` lists the rules. */
import type { Manifest } from './manifest.ts';
import { alphaShape, CHANNELS, colourShape, encoderInputShape, product } from './shapes.ts';

/** One rule that does not hold: which field, what stands there, what should. */
export interface Violation {
  readonly field: string;
  readonly got: unknown;
  readonly expected: string;
}

const repeated = (names: readonly string[]): string | undefined =>
  names.find((name, place) => names.indexOf(name) !== place);

function* latentRules({ latentDim: n, dials, kinds }: Manifest): Generator<Violation> {
  const triangle = (n * (n + 1)) / 2;
  if (dials !== undefined) {
    if (dials.length !== n) yield { field: 'dials', got: `${dials.length} dials`, expected: `${n} (latentDim)` };
    if (!dials.some(dial => dial.shown)) {
      yield { field: 'dials', got: 'no dial that is shown', expected: 'at least one' };
    }
  }
  for (const [i, kind] of (kinds ?? []).entries()) {
    const { mean, factor } = kind;
    if (mean.length !== n)
      yield { field: `kinds/${i}/mean`, got: `${mean.length} numbers`, expected: `${n} (latentDim)` };
    if (factor.length !== triangle) {
      yield { field: `kinds/${i}/factor`, got: `${factor.length} numbers`, expected: `${triangle}, n (n + 1) / 2` };
    }
  }
  const twice = repeated((kinds ?? []).map(kind => kind.name));
  if (twice !== undefined) yield { field: 'kinds', got: `${twice} twice`, expected: 'every kind once' };
}

function* encoderRules({ encoder }: Manifest): Generator<Violation> {
  const { input, outputs, sigmaRange } = encoder;
  const channels = CHANNELS[input.channels];
  if (input.range[0] === input.range[1]) {
    yield { field: 'encoder/input/range', got: input.range, expected: 'two different numbers' };
  }
  for (const name of ['mean', 'std'] as const) {
    const values = input[name];
    if (values !== undefined && values.length !== channels) {
      const expected = `${channels}, one a channel of ${input.channels}`;
      yield { field: `encoder/input/${name}`, got: `${values.length} numbers`, expected };
    }
  }
  if (input.std?.some(value => value <= 0)) {
    yield { field: 'encoder/input/std', got: input.std, expected: 'numbers above 0' };
  }
  if (input.colourOrder !== undefined && input.channels === 'grey') {
    yield { field: 'encoder/input/colourOrder', got: input.colourOrder, expected: 'none where channels is grey' };
  }
  if (outputs.mu === outputs.scale.name) {
    yield { field: 'encoder/outputs/scale/name', got: outputs.mu, expected: 'another tensor than outputs.mu' };
  }
  if (sigmaRange[0] >= sigmaRange[1]) {
    yield { field: 'encoder/sigmaRange', got: sigmaRange, expected: 'the smaller number first' };
  }
}

function* decoderRules({ decoder }: Manifest): Generator<Violation> {
  const { colour, alpha } = decoder.outputs;
  if (colour.range[0] === colour.range[1]) {
    yield { field: 'decoder/outputs/colour/range', got: colour.range, expected: 'two different numbers' };
  }
  if (colour.colourOrder !== undefined && colour.channels === 'grey') {
    const got = colour.colourOrder;
    yield { field: 'decoder/outputs/colour/colourOrder', got, expected: 'none where channels is grey' };
  }
  if (alpha === undefined) return;
  const field = 'decoder/outputs/alpha';
  if (colour.channels === 'rgba') yield { field, got: 'a second alpha', expected: 'none where colour is rgba' };
  if (alpha.name === colour.name)
    yield { field: `${field}/name`, got: alpha.name, expected: 'another tensor than colour' };
  const size = `${alpha.width}x${alpha.height}`;
  const colourSize = `${colour.width}x${colour.height}`;
  if (alpha.width < colour.width || alpha.width * colour.height !== alpha.height * colour.width) {
    yield { field, got: `${size} pixels`, expected: `the shape of colour, ${colourSize}, at its size or larger` };
  }
}

function* conditionRules({ conditions, encoder, decoder }: Manifest): Generator<Violation> {
  const nets = { encoder, decoder };
  for (const [name, { conditionInput, input }] of Object.entries(nets)) {
    const field = `${name}/conditionInput`;
    if (conditionInput === undefined) continue;
    if (conditions === undefined) yield { field, got: conditionInput, expected: 'none where there are no conditions' };
    if (conditionInput === input.name) yield { field, got: conditionInput, expected: 'another tensor than input.name' };
  }
  if (conditions === undefined) return;
  const { categories, default: fallback } = conditions;
  if (!categories.includes(fallback)) {
    yield { field: 'conditions/default', got: fallback, expected: `one of ${categories.join(', ')}` };
  }
  const twice = repeated(categories);
  if (twice !== undefined) yield { field: 'conditions/categories', got: `${twice} twice`, expected: 'every one once' };
  if (encoder.conditionInput === undefined && decoder.conditionInput === undefined) {
    yield { field: 'conditions', got: 'conditions no net takes', expected: 'a conditionInput in encoder or decoder' };
  }
}

function* fileRules({ files }: Manifest): Generator<Violation> {
  const twice = repeated(files.map(file => file.path));
  if (twice !== undefined) yield { field: 'files', got: `${twice} twice`, expected: 'every path once' };
  for (const [i, { path, role, runtimes, tolerance }] of files.entries()) {
    const field = `files/${i}`;
    if (path === 'manifest.json') yield { field: `${field}/path`, got: path, expected: 'any file but the manifest' };
    if (role === 'golden') {
      if (runtimes) yield { field: `${field}/runtimes`, got: runtimes, expected: 'none for golden data' };
      continue;
    }
    if (runtimes === undefined)
      yield { field: `${field}/runtimes`, got: 'none', expected: `providers for the ${role}` };
    for (const bound of role === 'encoder' ? (['mu', 'logSigma'] as const) : (['rms'] as const)) {
      if (tolerance?.[bound] === undefined) {
        yield { field: `${field}/tolerance/${bound}`, got: 'none', expected: `a number above 0 for this ${role}` };
      }
    }
  }
  for (const role of ['encoder', 'decoder']) {
    if (files.some(file => file.role === role && file.runtimes?.includes('cpu'))) continue;
    yield { field: 'files', got: `no ${role} for the CPU`, expected: `at least one ${role} whose runtimes list cpu` };
  }
}

function* goldenRules(manifest: Manifest): Generator<Violation> {
  const { golden, latentDim: n, files, conditions, decoder } = manifest;
  function* vector(field: string, values: readonly number[]): Generator<Violation> {
    if (values.length !== n) yield { field, got: `${values.length} numbers`, expected: `${n} (latentDim)` };
  }
  function* tensor(field: string, path: string, shape: readonly number[]): Generator<Violation> {
    const file = files.find(one => one.path === path);
    const bytes = 4 * product(shape);
    if (file?.role !== 'golden') yield { field, got: path, expected: 'a file that files lists as golden' };
    else if (file.bytes !== bytes) {
      const expected = `${bytes}, float32 [${shape.join(', ')}]`;
      yield { field, got: `${path} of ${file.bytes} bytes`, expected };
    }
  }
  function* category(field: string, got: string | undefined, input: string | undefined): Generator<Violation> {
    if (got === undefined) return;
    if (input === undefined) yield { field, got, expected: 'none for a net with no conditionInput' };
    else if (conditions && !conditions.categories.includes(got)) {
      yield { field, got, expected: `one of ${conditions.categories.join(', ')}` };
    }
  }
  for (const [i, one] of golden.encoder.entries()) {
    const field = `golden/encoder/${i}`;
    yield* tensor(`${field}/input`, one.input, encoderInputShape(manifest));
    yield* vector(`${field}/mu`, one.mu);
    yield* vector(`${field}/sigma`, one.sigma);
    if (one.sigma.some(value => value <= 0)) {
      yield { field: `${field}/sigma`, got: one.sigma, expected: 'numbers above 0' };
    }
    yield* category(`${field}/category`, one.category, manifest.encoder.conditionInput);
  }
  const alpha = alphaShape(manifest);
  for (const [i, one] of golden.decoder.entries()) {
    const field = `golden/decoder/${i}`;
    yield* vector(`${field}/z`, one.z);
    yield* tensor(`${field}/colour`, one.colour, colourShape(manifest));
    if ((one.alpha === undefined) !== (alpha === undefined)) {
      const expected = alpha ? 'a file, for the decoder has alpha' : 'none, for the decoder has no alpha';
      yield { field: `${field}/alpha`, got: one.alpha ?? 'none', expected };
    } else if (one.alpha !== undefined && alpha !== undefined) yield* tensor(`${field}/alpha`, one.alpha, alpha);
    yield* category(`${field}/category`, one.category, decoder.conditionInput);
  }
}

/** Every rule that does not hold, in the manifest's own order. */
export function* violations(manifest: Manifest): Generator<Violation> {
  yield* latentRules(manifest);
  yield* encoderRules(manifest);
  yield* decoderRules(manifest);
  yield* conditionRules(manifest);
  yield* fileRules(manifest);
  yield* goldenRules(manifest);
}
