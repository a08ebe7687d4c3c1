import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decoderError, encoderError } from '../../device/inference/golden.ts';
import { kerasModel, ownModel } from '../support/bundles.ts';

const near = (got: number, expected: number): void =>
  assert.ok(Math.abs(got - expected) < 1e-6, `${got}, expected ${expected}`);

describe('how far an encoder is off', () => {
  it('is the largest error of mu in sigmas, and of log sigma', () => {
    const got = { mu: Float64Array.of(1, 2.5), sigma: Float64Array.of(0.5 * Math.E, 2) };
    const { mu, logSigma } = encoderError(got, [1, 2], [0.5, 2]);
    near(mu, 0.25);
    near(logSigma, 1);
  });
});

describe('how far a decoder is off', () => {
  it('is the root mean square over colour and alpha together, alpha after its logistic', () => {
    const { decoder } = ownModel().described;
    const got = { colour: Float32Array.of(0.5, 0.5, 0.5), alpha: Float32Array.of(0) };
    const expected = { colour: Float32Array.of(0.5, 0.6, 0.3), alpha: Float32Array.of(Math.log(3)) };
    near(decoderError(got, expected, decoder), Math.sqrt((0.01 + 0.04 + 0.0625) / 4));
  });

  it('counts what the picture shows: values outside the range are clamped first', () => {
    const { decoder } = kerasModel().described;
    const [got, expected] = [Float32Array.of(1.5, -3), Float32Array.of(1, 0)];
    near(decoderError({ colour: got, alpha: undefined }, { colour: expected, alpha: undefined }, decoder), 0);
  });

  it('is no number where the net gives none, so that it passes no bound', () => {
    const { decoder } = kerasModel().described;
    const got = { colour: Float32Array.of(Number.NaN), alpha: undefined };
    assert.ok(Number.isNaN(decoderError(got, { colour: Float32Array.of(0), alpha: undefined }, decoder)));
  });
});
