/**
 * Models whose nets are one dense layer each, so that a test can say by itself, in float64 and with no ONNX, what they must answer.
 */
import type { Parametrisation } from '../../device/inference/manifest.ts';
import { noise, type Reference, type TestModel } from './bundle.ts';
import { OnnxGraph } from './onnx.ts';

/** y = squash(x W + b); W is [inputs, outputs]. */
interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** The ONNX operator after it, if any. */
  readonly squash?: 'Sigmoid' | 'Tanh';
}

const dense = (seed: number, inputs: number, outputs: number, gain: number, squash?: Dense['squash']): Dense => ({
  inputs,
  outputs,
  weights: noise(seed, inputs * outputs).map(value => (gain * value) / Math.sqrt(inputs)),
  bias: noise(seed + 1, outputs).map(value => 0.2 * value),
  ...(squash && { squash }),
});

const SQUASH = { Sigmoid: (v: number) => 1 / (1 + Math.exp(-v)), Tanh: Math.tanh };

function apply(net: Dense, x: ArrayLike<number>): number[] {
  return Array.from({ length: net.outputs }, (_, to) => {
    let sum = net.bias[to] ?? 0;
    for (let from = 0; from < net.inputs; from += 1)
      sum += (x[from] ?? 0) * (net.weights[from * net.outputs + to] ?? 0);
    return net.squash === undefined ? sum : SQUASH[net.squash](sum);
  });
}

/**
 * What a net does beside its work.
 * @param from its 2-D input
 * @returns a tensor of one number, which is added to all that the first dense layer gives
 */
export type Twist = (graph: OnnxGraph, from: string) => string;

/** Adds a dense layer from the 2-D tensor `from` to `to`, of `shape`. */
function addDense(
  graph: OnnxGraph,
  net: Dense,
  from: string,
  to: string,
  shape: readonly number[],
  twist?: Twist,
): void {
  graph.floats(`${to}.w`, [net.inputs, net.outputs], net.weights).floats(`${to}.b`, [net.outputs], net.bias);
  graph.node('Gemm', [from, `${to}.w`, `${to}.b`], [twist === undefined ? `${to}.flat` : `${to}.straight`]);
  if (twist !== undefined) graph.node('Add', [`${to}.straight`, twist(graph, from)], [`${to}.flat`]);
  graph.integers(`${to}.shape`, shape);
  const last = net.squash === undefined ? to : `${to}.linear`;
  graph.node('Reshape', [`${to}.flat`, `${to}.shape`], [last]);
  if (net.squash !== undefined) graph.node(net.squash, [last], [to]);
  graph.output(to, shape);
}

const oneHot = (length: number, place: number): number[] => Array.from({ length }, (_, i) => (i === place ? 1 : 0));

const SIGMA: Readonly<Record<Parametrisation, (v: number) => number>> = {
  logvar: v => Math.exp(v / 2),
  logsigma: Math.exp,
  variance: Math.sqrt,
  sigma: v => v,
  softplus: v => Math.log(1 + Math.exp(v)),
};

type Described = TestModel['described'];
/** The described part of a model; the nets' sections are what the flavours differ in. */
type Flavour = Pick<Described, 'id' | 'latentDim' | 'encoder' | 'decoder'> & Partial<Described>;

const imageShape = (image: { layout: string; width: number; height: number }, channels: number): number[] =>
  image.layout === 'NCHW' ? [1, channels, image.height, image.width] : [1, image.height, image.width, channels];

const CHANNELS = { grey: 1, rgb: 3, rgba: 4 } as const;

/**
 * The nets of a flavour, and what they must answer.
 * @param variant another one has other weights
 * @param twists what nets do that the reference does not
 */
export function modelOf(
  flavour: Flavour,
  squash?: Dense['squash'],
  variant = 0,
  twists: { readonly encoder?: Twist; readonly decoder?: Twist } = {},
): TestModel {
  const seed = 100 * variant;
  const { encoder, decoder, latentDim: n, conditions } = flavour;
  const categories = conditions?.categories.length ?? 0;
  const inputShape = imageShape(encoder.input, CHANNELS[encoder.input.channels]);
  const pixels = inputShape.reduce((a, b) => a * b, 1);
  const encoderExtra = encoder.conditionInput === undefined ? 0 : categories;
  const muNet = dense(seed + 1, pixels + encoderExtra, n, 4);
  const positive = ['variance', 'sigma'].includes(encoder.outputs.scale.parametrisation);
  const scaleNet = dense(seed + 3, pixels + encoderExtra, n, 1, positive ? 'Sigmoid' : undefined);
  const encoderGraph = new OnnxGraph().input(encoder.input.name, inputShape);
  encoderGraph.node('Flatten', [encoder.input.name], ['flat'], { axis: 1 });
  const features = addCondition(encoderGraph, 'flat', encoder.conditionInput, categories);
  addDense(encoderGraph, muNet, features, encoder.outputs.mu, [1, n], twists.encoder);
  addDense(encoderGraph, scaleNet, features, encoder.outputs.scale.name, [1, n]);

  const { colour, alpha } = decoder.outputs;
  const colourShape = imageShape(colour, CHANNELS[colour.channels]);
  const decoderExtra = decoder.conditionInput === undefined ? 0 : categories;
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);
  const colourNet = dense(seed + 5, n + decoderExtra, size(colourShape), 1, squash);
  const decoderGraph = new OnnxGraph().input(decoder.input.name, [1, n]);
  const point = addCondition(decoderGraph, decoder.input.name, decoder.conditionInput, categories);
  addDense(decoderGraph, colourNet, point, colour.name, colourShape, twists.decoder);
  const alphaShape = alpha && imageShape(alpha, 1);
  const alphaNet =
    alphaShape &&
    dense(seed + 7, n + decoderExtra, size(alphaShape), 3, alpha.scale === 'unit' ? 'Sigmoid' : undefined);
  if (alpha && alphaShape && alphaNet) addDense(decoderGraph, alphaNet, point, alpha.name, alphaShape);

  const reference: Reference = {
    encode(input, category) {
      const x = [...input, ...oneHot(encoderExtra, category)];
      const scale = apply(scaleNet, x);
      const [low, high] = encoder.sigmaRange;
      const toSigma = SIGMA[encoder.outputs.scale.parametrisation];
      return { mu: apply(muNet, x), scale, sigma: scale.map(v => Math.min(high, Math.max(low, toSigma(v)))) };
    },
    decode(z, category) {
      const x = [...Array.from(z), ...oneHot(decoderExtra, category)];
      const answer = { colour: apply(colourNet, x) };
      return alphaNet ? { ...answer, alpha: apply(alphaNet, x) } : answer;
    },
  };
  const described: Described = {
    format: 'lookdial-bundle/1',
    version: '1.2.3',
    licence: 'CC0-1.0',
    trainingData: { name: 'noise', origin: 'a generator of numbers', licence: 'CC0-1.0', garments: 0 },
    range: 5,
    tolerance: 0,
    shareTolerance: 0.5,
    evaluation: {},
    ...flavour,
  };
  return { described, encoder: encoderGraph.encode(), decoder: decoderGraph.encode(), reference };
}

/** Joins the one-hot input to `from`. @returns the tensor to go on from */
function addCondition(graph: OnnxGraph, from: string, name: string | undefined, categories: number): string {
  if (name === undefined) return from;
  graph.input(name, [1, categories]).node('Concat', [from, name], ['conditioned'], { axis: 1 });
  return 'conditioned';
}
