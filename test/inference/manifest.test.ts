import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { checkManifest } from '../../device/inference/bundle.ts';
import type { Manifest } from '../../device/inference/manifest.ts';
import { bundleOf } from '../support/bundle.ts';
import { blueFirstModel, conditionalModel, ownModel, torchModel } from '../support/bundles.ts';
import { changed, refused } from '../support/manifests.ts';

const own = bundleOf(ownModel());
const conditional = bundleOf(conditionalModel());

describe('a manifest that lies', () => {
  const lies: [string, typeof own, (copy: Manifest) => void, (string | RegExp)[]][] = [
    [
      'another format',
      own,
      m => Object.assign(m, { format: 'lookdial-bundle/9' }),
      ['format: got lookdial-bundle/9', 'expected lookdial-bundle/1'],
    ],
    [
      'an unknown parametrisation',
      own,
      m => Object.assign(m.encoder.outputs.scale, { parametrisation: 'log_variance' }),
      ['encoder/outputs/scale/parametrisation: got log_variance', 'one of logvar, logsigma, variance, sigma, softplus'],
    ],
    [
      'an unknown layout',
      own,
      m => Object.assign(m.encoder.input, { layout: 'HWC' }),
      ['encoder/input/layout: got HWC', 'one of NCHW, NHWC'],
    ],
    ['an unknown field', own, m => Object.assign(m, { quality: 'best' }), ['quality']],
    ['a missing field', own, m => Reflect.deleteProperty(m.encoder.outputs, 'mu'), ['encoder/outputs', 'mu']],
    ['a fraction for n', own, m => Object.assign(m, { latentDim: 6.5 }), ['latentDim: got 6.5', 'integer']],
    ['too few dials', own, m => m.dials?.pop(), ['dials: got 5 dials, expected 6 (latentDim)']],
    [
      'no dial to show',
      own,
      m =>
        m.dials?.forEach(dial => {
          dial.shown = false;
        }),
      ['dials: got no dial that is shown'],
    ],
    [
      'a kind with a short mean',
      own,
      m => {
        m.kinds = [{ name: 'Dress', share: 1, mean: [0], factor: Array(21).fill(0) }];
      },
      ['kinds/0/mean: got 1 numbers, expected 6'],
    ],
    [
      'a kind with a short factor',
      own,
      m => {
        m.kinds = [{ name: 'Dress', share: 1, mean: Array(6).fill(0), factor: [1] }];
      },
      ['kinds/0/factor: got 1 numbers, expected 21'],
    ],
    [
      'an empty range',
      own,
      m => {
        m.encoder.input.range = [1, 1];
      },
      ['encoder/input/range: got [1,1]'],
    ],
    [
      'a mean for one channel of three',
      own,
      m => {
        m.encoder.input.mean = [0.5];
      },
      ['encoder/input/mean: got 1 numbers, expected 3'],
    ],
    [
      'a spread of nought',
      own,
      m => {
        m.encoder.input.std = [1, 0, 1];
      },
      ['encoder/input/std'],
    ],
    [
      'a colour order for grey',
      bundleOf(torchModel()),
      m => {
        m.encoder.input.colourOrder = 'BGR';
      },
      ['encoder/input/colourOrder: got BGR'],
    ],
    [
      'a sigma range the wrong way round',
      own,
      m => {
        m.encoder.sigmaRange = [10, 1];
      },
      ['encoder/sigmaRange: got [10,1]'],
    ],
    [
      'one tensor for both outputs',
      own,
      m => {
        m.encoder.outputs.scale.name = 'mu';
      },
      ['encoder/outputs/scale/name: got mu'],
    ],
    [
      'alpha smaller than colour',
      own,
      m => Object.assign(m.decoder.outputs.alpha ?? {}, { width: 8, height: 8 }),
      ['decoder/outputs/alpha: got 8x8 pixels', '16x16'],
    ],
    [
      'alpha twice',
      bundleOf(blueFirstModel()),
      m => {
        m.decoder.outputs.alpha = { name: 'a', layout: 'NCHW', width: 16, height: 24, scale: 'unit' };
      },
      ['decoder/outputs/alpha'],
    ],
    [
      'a default that is no category',
      conditional,
      m => Object.assign(m.conditions ?? {}, { default: 'Coat' }),
      ['conditions/default: got Coat, expected one of Dress, Shirt, Skirt'],
    ],
    [
      'a category twice',
      conditional,
      m => m.conditions?.categories.push('Dress'),
      ['conditions/categories: got Dress twice'],
    ],
    [
      'conditions that no net takes',
      own,
      m => {
        m.conditions = { categories: ['a'], default: 'a' };
      },
      ['conditions: got conditions no net takes'],
    ],
    [
      'a condition without conditions',
      own,
      m => {
        m.decoder.conditionInput = 'kind';
      },
      ['decoder/conditionInput: got kind'],
    ],
    ['a file twice', own, m => m.files.push(structuredClone(m.files[0]!)), ['files: got encoder.onnx twice']],
    [
      'no decoder for the CPU',
      own,
      m => {
        m.files[1]!.runtimes = ['cuda'];
      },
      ['files: got no decoder for the CPU'],
    ],
    [
      'a model with no tolerance',
      own,
      m => {
        delete m.files[0]!.tolerance;
      },
      ['files/0/tolerance/mu: got none'],
    ],
    [
      'a decoder judged as an encoder',
      own,
      m => {
        m.files[1]!.tolerance = { mu: 1 };
      },
      ['files/1/tolerance/rms: got none'],
    ],
    [
      'a model for nobody',
      own,
      m => {
        delete m.files[0]!.runtimes;
      },
      ['files/0/runtimes: got none'],
    ],
    [
      'golden mu of the wrong length',
      own,
      m => m.golden.encoder[1]!.mu.pop(),
      ['golden/encoder/1/mu: got 5 numbers, expected 6'],
    ],
    [
      'a golden sigma of nought',
      own,
      m => {
        m.golden.encoder[0]!.sigma[2] = 0;
      },
      ['golden/encoder/0/sigma'],
    ],
    [
      'a golden z of the wrong length',
      own,
      m => m.golden.decoder[0]!.z.push(0),
      ['golden/decoder/0/z: got 7 numbers, expected 6'],
    ],
    [
      'golden data that is not listed',
      own,
      m => {
        m.golden.encoder[0]!.input = 'golden/other.f32';
      },
      ['golden/encoder/0/input: got golden/other.f32'],
    ],
    [
      'golden data of the wrong size',
      own,
      m => {
        m.encoder.input.width = 33;
      },
      ['golden/encoder/0/input: got golden/encoder-0.f32 of 12288 bytes, expected 12672, float32 [1, 3, 32, 33]'],
    ],
    [
      'no golden alpha for a decoder that has one',
      own,
      m => {
        delete m.golden.decoder[0]!.alpha;
      },
      ['golden/decoder/0/alpha: got none'],
    ],
    [
      'golden data of an unknown category',
      conditional,
      m => {
        m.golden.encoder[0]!.category = 'Coat';
      },
      ['golden/encoder/0/category: got Coat'],
    ],
    [
      'a path that leads upwards',
      own,
      m => {
        m.files[0]!.path = '../encoder.onnx';
      },
      ['files/0/path: got ../encoder.onnx'],
    ],
    [
      'an absolute path',
      own,
      m => {
        m.files[0]!.path = '/etc/passwd';
      },
      ['files/0/path: got /etc/passwd'],
    ],
  ];
  for (const [what, parts, change, expected] of lies) {
    it(`is refused: ${what}`, () => {
      const manifest = changed(parts.manifest, change);
      assert.throws(() => checkManifest(manifest, 'some/manifest.json'), refused('some/manifest.json: ', ...expected));
    });
  }

  it('never gets past the check by another way than a refusal, whatever is put into it', () => {
    const paths = leaves(own.manifest);
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 0, 1e308, '', [], {}, 'NHWC', [1, 0]));
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, put) => {
        const copy = structuredClone(own.manifest);
        const parent = path.slice(0, -1).reduce<object>((node, key) => Reflect.get(node, key), copy);
        Reflect.set(parent, path.at(-1) ?? '', put);
        try {
          checkManifest(copy, 'manifest.json');
        } catch (error) {
          refused('manifest.json: ')(error);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The path of every member of a JSON value. */
function leaves(value: object): string[][] {
  return Object.entries(value).flatMap(([key, member]) => [
    [key],
    ...(typeof member === 'object' && member !== null ? leaves(member).map(path => [key, ...path]) : []),
  ]);
}
