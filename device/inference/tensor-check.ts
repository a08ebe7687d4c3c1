/** Whether a session's own tensors are those that the manifest names: name, type and shape. */

import type { Role } from './bundle.ts';
import type { Manifest } from './manifest.ts';
import { NetRefused } from './net-job.ts';
import type { TensorShape } from './ort-session.ts';
import { alphaShape, colourShape, encoderInputShape } from './shapes.ts';

/** One tensor that a manifest promises: the field that names it, and its shape. */
interface Promised {
  readonly field: string;
  readonly name: string;
  readonly shape: readonly number[];
}

export function promisedInputs(manifest: Manifest, role: Role): Promised[] {
  const { conditions, latentDim } = manifest;
  const { input, conditionInput } = manifest[role];
  const shape = role === 'encoder' ? encoderInputShape(manifest) : [1, latentDim];
  const main = { field: `${role}/input/name`, name: input.name, shape };
  if (conditionInput === undefined || conditions === undefined) return [main];
  return [main, { field: `${role}/conditionInput`, name: conditionInput, shape: [1, conditions.categories.length] }];
}

export function promisedOutputs(manifest: Manifest, role: Role): Promised[] {
  if (role === 'encoder') {
    const { mu, scale } = manifest.encoder.outputs;
    const shape = [1, manifest.latentDim];
    return [
      { field: 'encoder/outputs/mu', name: mu, shape },
      { field: 'encoder/outputs/scale/name', name: scale.name, shape },
    ];
  }
  const { colour, alpha } = manifest.decoder.outputs;
  const outputs = [{ field: 'decoder/outputs/colour', name: colour.name, shape: colourShape(manifest) }];
  const shape = alphaShape(manifest);
  if (alpha && shape) outputs.push({ field: 'decoder/outputs/alpha', name: alpha.name, shape });
  return outputs;
}

const written = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/**
 * @param openSizes whether the net may leave a dimension open: an output's is then seen at the first run
 * @throws NetRefused `bundle`
 */
function check(file: string, promised: readonly Promised[], own: readonly TensorShape[], openSizes: boolean): void {
  for (const { field, name, shape } of promised) {
    const tensor = own.find(one => one.name === name);
    if (tensor === undefined) {
      const names = own.map(one => one.name).join(', ');
      throw new NetRefused('bundle', `${file}: ${field}: got ${name}, expected one of the net’s own: ${names}`);
    }
    if (tensor.type !== 'float32') {
      throw new NetRefused('bundle', `${file}: ${field}: ${name} is ${tensor.type}, expected float32`);
    }
    const fits =
      tensor.shape.length === shape.length &&
      tensor.shape.every((size, i) => size === shape[i] || (openSizes && typeof size === 'string'));
    if (!fits) {
      const got = written(tensor.shape);
      throw new NetRefused('bundle', `${file}: ${field}: ${name} has shape ${got}, expected ${written(shape)}`);
    }
  }
}

/** @throws NetRefused `bundle`: file, field, what the net has, what the manifest says */
export function checkTensors(
  file: string,
  manifest: Manifest,
  role: Role,
  own: { inputs: readonly TensorShape[]; outputs: readonly TensorShape[] },
): void {
  const inputs = promisedInputs(manifest, role);
  check(file, inputs, own.inputs, false);
  const extra = own.inputs.find(one => !inputs.some(input => input.name === one.name));
  if (extra !== undefined) {
    const names = inputs.map(input => input.name).join(', ');
    throw new NetRefused('bundle', `${file}: the net also wants the input ${extra.name}, expected only ${names}`);
  }
  check(file, promisedOutputs(manifest, role), own.outputs, true);
}
