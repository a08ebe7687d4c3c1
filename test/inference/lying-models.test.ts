import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LookdialError } from '../../device/errors.ts';
import { type BundleParts, bundleOf, noise, withMember } from '../support/bundle.ts';
import { startBundle } from '../support/bundle-inference.ts';
import { ownModel, torchModel } from '../support/bundles.ts';
import { OnnxGraph } from '../support/onnx.ts';

/** A bundle that is refused although its files have the digests it lists: it is the nets that lie. */
async function refusal(parts: BundleParts): Promise<string> {
  try {
    const { inference } = await startBundle(parts);
    await inference.close();
  } catch (error) {
    assert.ok(error instanceof LookdialError, String(error));
    assert.equal(error.code, 'bundle-invalid');
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  assert.fail('the bundle was taken');
}

const torch = bundleOf(torchModel());

/** The PyTorch-like encoder with its two outputs by these names and shapes, made of constants. */
function constantEncoder(change: { mu?: number[]; muName?: string; elements?: 'float64'; value?: number }): Uint8Array {
  const { mu = [1, 2], muName = 'mu', value = 0.5 } = change;
  const graph = new OnnxGraph().input('x', [1, 1, 28, 28]);
  const size = mu.reduce((a, b) => a * b, 1);
  graph.integers('all', [0, 1, 2, 3]).integers('mu.shape', mu).integers('sigma.shape', [1, 2]);
  for (const [name, count] of [
    ['mu', size],
    ['sigma', 2],
  ] as const) {
    graph.floats(`${name}.zeros`, [1, count], new Float32Array(count));
    graph.floats(`${name}.value`, [1, count], new Float32Array(count).fill(value));
    // The input takes part, or the graph would not need it.
    graph.node('ReduceSum', ['x', 'all'], [`${name}.sum`], { keepdims: 0 });
    graph.node('Mul', [`${name}.sum`, `${name}.zeros`], [`${name}.nothing`]);
    graph.node('Add', [`${name}.nothing`, `${name}.value`], [`${name}.flat`]);
  }
  if (change.elements === 'float64') {
    graph.node('Reshape', ['mu.flat', 'mu.shape'], ['mu.single']).node('Cast', ['mu.single'], [muName], { to: 11 });
  } else graph.node('Reshape', ['mu.flat', 'mu.shape'], [muName]);
  graph.node('Reshape', ['sigma.flat', 'sigma.shape'], ['log_sigma']);
  return graph.output(muName, mu, change.elements).output('log_sigma', [1, 2]).encode();
}

describe('nets that are not what the manifest says', () => {
  const encoders: [string, Uint8Array, string][] = [
    [
      'mu of another length',
      constantEncoder({ mu: [1, 3] }),
      'encoder.onnx: encoder/outputs/mu: mu has shape [1, 3], expected [1, 2]',
    ],
    [
      'mu of another rank',
      constantEncoder({ mu: [2] }),
      'encoder.onnx: encoder/outputs/mu: mu has shape [2], expected [1, 2]',
    ],
    [
      'mu by another name',
      constantEncoder({ muName: 'z_mean' }),
      'encoder.onnx: encoder/outputs/mu: got mu, expected one of the net’s own: z_mean, log_sigma',
    ],
    [
      'mu in float64',
      constantEncoder({ elements: 'float64' }),
      'encoder.onnx: encoder/outputs/mu: mu is float64, expected float32',
    ],
    [
      'mu that is not a number',
      constantEncoder({ value: Number.NaN }),
      'encoder.onnx: The encoder gave NaN as mu of dimension 0; expected a finite number',
    ],
    ['other numbers than the golden ones', constantEncoder({}), 'encoder.onnx: golden check: mu (in sigmas) is off by'],
    [
      'no ONNX at all',
      Buffer.from('this is no model'),
      'encoder.onnx: Failed to load model because protobuf parsing failed.',
    ],
  ];
  for (const [what, bytes, message] of encoders) {
    it(`are refused: an encoder with ${what}`, async () => {
      const found = await refusal(withMember(torch, 'encoder.onnx', bytes));
      assert.ok(found.includes(message), found);
    });
  }

  it('are refused: an encoder whose input has another shape', async () => {
    const manifest = structuredClone(torch.manifest);
    Object.assign(manifest.encoder.input, { layout: 'NHWC' });
    const found = await refusal({ ...torch, manifest });
    assert.ok(
      found.includes('encoder.onnx: encoder/input/name: x has shape [1, 1, 28, 28], expected [1, 28, 28, 1]'),
      found,
    );
  });

  it('are refused: an encoder whose batch is left open', async () => {
    const graph = new OnnxGraph().input('x', ['batch', 1, 28, 28]).node('Flatten', ['x'], ['mu'], { axis: 1 });
    graph.node('Identity', ['mu'], ['log_sigma']).output('mu', ['batch', 784]).output('log_sigma', ['batch', 784]);
    const found = await refusal(withMember(torch, 'encoder.onnx', graph.encode()));
    assert.ok(found.includes('x has shape [batch, 1, 28, 28], expected [1, 1, 28, 28]'), found);
  });

  it('are refused: a net that wants one input more', async () => {
    const graph = new OnnxGraph()
      .input('z', [1, 2])
      .input('kind', [1, 3])
      .node('Concat', ['z', 'kind'], ['x_hat'], { axis: 1 });
    const found = await refusal(withMember(torch, 'decoder.onnx', graph.output('x_hat', [1, 5]).encode()));
    assert.ok(found.includes('decoder.onnx: the net also wants the input kind, expected only z'), found);
  });

  it('are refused: a decoder that leaves its size open and gives another one', async () => {
    // Tiled as often as z says, which is once: no size can be told before it runs.
    const graph = new OnnxGraph().input('z', [1, 2]).floats('zero', [1], [0]).floats('one', [1], [1]);
    graph.node('Concat', ['z', 'z'], ['zz'], { axis: 1 }).node('Mul', ['zz', 'zero'], ['zeros']);
    graph.node('Add', ['zeros', 'one'], ['ones']).integers('four', [4]).node('Reshape', ['ones', 'four'], ['times']);
    graph.node('Cast', ['times'], ['repeats'], { to: 7 }).integers('shape', [1, 1, 1, 2]);
    graph.node('Reshape', ['z', 'shape'], ['small']).node('Tile', ['small', 'repeats'], ['x_hat']);
    const bytes = graph.output('x_hat', [1, 1, 'height', 'width']).encode();
    const found = await refusal(withMember(torch, 'decoder.onnx', bytes));
    assert.ok(found.includes('decoder.onnx: x_hat gave 2 numbers, expected float32 [1, 1, 28, 28]'), found);
  });

  it('are refused: golden pictures that the decoder does not make', async () => {
    const own = bundleOf(ownModel());
    const path = own.manifest.golden.decoder[1]?.colour ?? '';
    const wrong = Buffer.from(noise(5, 3 * 16 * 16).buffer);
    const found = await refusal(withMember(own, path, wrong));
    assert.match(found, /decoder\.onnx: golden check: the picture \(rms\) is off by 0\.\d+, expected at most 0\.001/);
  });
});

describe('a decoder that is right on golden points and breaks on another', () => {
  it('fails that request with a reason, and answers the next', async () => {
    // 28 x 28 numbers of 1 / (z0 - 3), squashed by nothing: infinite at z0 = 3.
    const model = torchModel();
    const graph = new OnnxGraph().input('z', [1, 2]).floats(
      'pick',
      [2, 784],
      Float32Array.from({ length: 1568 }, (_, i) => (i < 784 ? 1 : 0)),
    );
    graph.floats('three', [1], [3]).floats('one', [1], [1]).integers('shape', [1, 1, 28, 28]);
    graph
      .node('MatMul', ['z', 'pick'], ['many'])
      .node('Sub', ['many', 'three'], ['less'])
      .node('Div', ['one', 'less'], ['flat']);
    graph.node('Reshape', ['flat', 'shape'], ['x_hat']).output('x_hat', [1, 1, 28, 28]);
    const reference = {
      ...model.reference,
      decode: (z: ArrayLike<number>) => ({ colour: Array<number>(784).fill(1 / ((z[0] ?? 0) - 3)) }),
    };
    const { inference } = await startBundle(bundleOf({ ...model, decoder: graph.encode(), reference }));
    try {
      await assert.rejects(inference.decode([3, 0]), {
        code: 'inference-failed',
        message: 'The decoder did not answer: decoder.onnx gave numbers that are not finite.',
      });
      const { rgba } = await inference.decode([5, 0]);
      assert.equal(rgba[0], Math.round(255 * 0.75));
    } finally {
      await inference.close();
    }
  });
});
