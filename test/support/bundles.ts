/** Models as five different trainers would hand them over. */
import type { TestModel } from './bundle.ts';
import { modelOf, type Twist } from './dense-model.ts';

/** As exported from Keras: channels last, `z_log_var`, RGB in [0, 1] both ways, opaque. */
export const kerasModel = (): TestModel =>
  modelOf(
    {
      id: 'from-keras',
      latentDim: 4,
      encoder: {
        input: {
          name: 'input_1',
          layout: 'NHWC',
          width: 16,
          height: 12,
          channels: 'rgb',
          range: [0, 1],
          background: [255, 255, 255],
        },
        outputs: { mu: 'z_mean', scale: { name: 'z_log_var', parametrisation: 'logvar' } },
        sigmaRange: [1e-4, 1e2],
      },
      decoder: {
        input: { name: 'z_sampling' },
        outputs: {
          colour: { name: 'decoded', layout: 'NHWC', width: 16, height: 12, channels: 'rgb', range: [0, 1] },
        },
        sharpen: 1,
      },
    },
    'Sigmoid',
  );

/** As exported from PyTorch: channels first, `log_sigma`, [-1, 1], grey, 28 x 28. */
export const torchModel = (): TestModel =>
  modelOf(
    {
      id: 'from-pytorch',
      latentDim: 2,
      encoder: {
        input: {
          name: 'x',
          layout: 'NCHW',
          width: 28,
          height: 28,
          channels: 'grey',
          range: [-1, 1],
          background: [0, 0, 0],
        },
        outputs: { mu: 'mu', scale: { name: 'log_sigma', parametrisation: 'logsigma' } },
        sigmaRange: [1e-4, 1e2],
      },
      decoder: {
        input: { name: 'z' },
        outputs: {
          colour: { name: 'x_hat', layout: 'NCHW', width: 28, height: 28, channels: 'grey', range: [-1, 1] },
        },
        sharpen: 1,
      },
    },
    'Tanh',
  );

/** As this project trains them: 1 - x in, an alpha logit and colour of half its size out, mapped dials. */
export const ownModel = (variant = 0, twists: { readonly encoder?: Twist; readonly decoder?: Twist } = {}): TestModel =>
  modelOf(
    {
      id: 'own',
      ...(variant > 0 && { version: `${variant + 1}.0.0` }),
      latentDim: 6,
      dials: Array.from({ length: 6 }, (_, d) => ({
        mean: 0.1 * d,
        spread: 1 + 0.1 * d,
        reach: 2,
        kl: 2 - 0.1 * d,
        activity: 0.9,
        shown: d < 5,
        ...(d === 0 && { name: 'Length', low: 'short', high: 'long' }),
      })),
      encoder: {
        input: {
          name: 'picture',
          layout: 'NCHW',
          width: 32,
          height: 32,
          channels: 'rgb',
          range: [1, 0],
          background: [255, 255, 255],
        },
        outputs: { mu: 'mu', scale: { name: 'logvar', parametrisation: 'logvar' } },
        sigmaRange: [1e-2, 1e1],
      },
      decoder: {
        input: { name: 'z' },
        outputs: {
          colour: { name: 'colour', layout: 'NCHW', width: 16, height: 16, channels: 'rgb', range: [0, 1] },
          alpha: { name: 'alpha', layout: 'NCHW', width: 32, height: 32, scale: 'logit' },
        },
        sharpen: 8,
      },
    },
    'Sigmoid',
    variant,
    twists,
  );

/** Conditional: both nets take the garment's kind as a one-hot vector; coverage in 0..1. */
export const conditionalModel = (): TestModel =>
  modelOf({
    id: 'conditional',
    latentDim: 3,
    conditions: { categories: ['Dress', 'Shirt', 'Skirt'], default: 'Shirt' },
    encoder: {
      input: {
        name: 'x',
        layout: 'NHWC',
        width: 16,
        height: 16,
        channels: 'rgb',
        range: [0, 1],
        background: [255, 255, 255],
      },
      outputs: { mu: 'mu', scale: { name: 'sigma', parametrisation: 'sigma' } },
      sigmaRange: [1e-4, 1e2],
      conditionInput: 'kind',
    },
    decoder: {
      input: { name: 'z' },
      outputs: {
        colour: { name: 'colour', layout: 'NHWC', width: 16, height: 16, channels: 'rgb', range: [0, 1] },
        alpha: { name: 'coverage', layout: 'NHWC', width: 16, height: 16, scale: 'unit' },
      },
      sharpen: 1,
      conditionInput: 'kind',
    },
  });

/** Blue first, mean and spread taken out, `softplus` or `variance`, RGBA out of one tensor. */
export const blueFirstModel = (parametrisation: 'softplus' | 'variance' = 'softplus'): TestModel =>
  modelOf({
    id: 'blue-first',
    latentDim: 5,
    encoder: {
      input: {
        name: 'x',
        layout: 'NCHW',
        width: 16,
        height: 24,
        channels: 'rgb',
        colourOrder: 'BGR',
        range: [0, 255],
        mean: [103.9, 116.8, 123.7],
        std: [57, 57.5, 58],
        background: [200, 100, 50],
      },
      outputs: { mu: 'mu', scale: { name: 'spread', parametrisation } },
      sigmaRange: [1e-4, 1e2],
    },
    decoder: {
      input: { name: 'z' },
      outputs: {
        colour: {
          name: 'y',
          layout: 'NCHW',
          width: 16,
          height: 24,
          channels: 'rgba',
          colourOrder: 'BGR',
          range: [-1, 1],
        },
      },
      sharpen: 4,
    },
  });
