import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rungsOf } from '../../device/inference/ladder.ts';
import { bundleOf } from '../support/bundle.ts';
import { keptLog, startBundle } from '../support/bundle-inference.ts';
import { ownModel } from '../support/bundles.ts';

const own = bundleOf(ownModel());
const runtime = (name: string): string => fileURLToPath(new URL(`./runtimes/${name}.ts`, import.meta.url));

describe('the rungs of the ladder', () => {
  it('are the providers asked for, the CPU always the last', () => {
    assert.deepEqual(rungsOf(['tensorrt', 'cuda']), ['tensorrt', 'cuda', 'cpu']);
    assert.deepEqual(rungsOf([]), ['cpu']);
    assert.deepEqual(rungsOf(['webgpu', 'cpu', 'cuda', 'webgpu']), ['webgpu', 'cpu']);
  });

  it('are refused where there is no such provider', () => {
    assert.throws(() => rungsOf(['coreml']), {
      code: 'config-invalid',
      message: 'providers: got coreml, expected some of tensorrt, cuda, webgpu, cpu.',
    });
  });
});

describe('the ladder with the real ONNX Runtime binding', () => {
  it('tries TensorRT and CUDA, says why each is refused, and ends on the CPU', async () => {
    const log = keptLog();
    const { inference } = await startBundle(own, { providers: ['tensorrt', 'cuda'], log });
    try {
      assert.deepEqual(
        inference.report.map(({ provider, taken }) => [provider, taken]),
        [
          ['tensorrt', false],
          ['cuda', false],
          ['cpu', true],
        ],
      );
      // The npm package has no provider libraries: where the provider is compiled in, the loader names what it lacks.
      const ort = createRequire(import.meta.url)('onnxruntime-node') as typeof import('onnxruntime-node');
      const backends = ort.listSupportedBackends().map(({ name }) => name);
      for (const { provider, reason } of inference.report.slice(0, 2)) {
        if (backends.includes(provider)) assert.match(reason, /lib\w+\.so: cannot open shared object file/);
        else assert.match(reason, new RegExp(`this build of the ONNX Runtime binding has no ${provider}; it has cpu`));
        assert.doesNotMatch(reason, /\n/);
      }
      assert.match(inference.report[2]?.reason ?? '', /^the golden check holds: encoder within .* decoder within /);
      assert.equal(inference.provider, 'cpu');
      assert.ok(log.lines.some(line => line.startsWith('TensorRT is not used: ')));
      assert.ok(log.lines.some(line => line.startsWith('CUDA is not used: ')));
      assert.ok(log.lines.some(line => line.startsWith('The model own@1.2.3 runs on the CPU: ')));
      assert.equal((await inference.decode(new Float32Array(6))).width, 32);
    } finally {
      await inference.close();
    }
  });

  it('does not try a provider that the bundle has no file for', async () => {
    const manifest = structuredClone(own.manifest);
    for (const file of manifest.files) if (file.runtimes) file.runtimes = ['cpu'];
    const { inference } = await startBundle({ ...own, manifest }, { providers: ['cuda'] });
    await inference.close();
    assert.equal(inference.report[0]?.reason, 'the bundle has no encoder whose runtimes list cuda');
  });
});

describe('the ladder with a binding that has an accelerator', () => {
  it('takes the accelerator where the golden check holds, with no way back to the CPU inside a session', async () => {
    const { inference } = await startBundle(own, { providers: ['tensorrt', 'cuda'], ortModule: runtime('honest') });
    try {
      assert.equal(inference.provider, 'cuda');
      assert.deepEqual(
        inference.report.map(({ provider, taken }) => [provider, taken]),
        [
          ['tensorrt', false],
          ['cuda', true],
        ],
      );
      assert.equal((await inference.decode(new Float32Array(6))).rgba.length, 32 * 32 * 4);
    } finally {
      await inference.close();
    }
  });

  const refusals: [string, string, RegExp, number][] = [
    [
      'calculates wrong',
      'inexact',
      /^(en|de)coder\.onnx: golden check: .* is off by \S+, expected at most 0\.001$/,
      60_000,
    ],
    [
      'crashes',
      'crashing',
      /^the process was ended by SIGABRT: .*libbroken-driver\.so\.1: undefined symbol: cuInit/,
      60_000,
    ],
    ['hangs', 'hanging', /^it did not load within 3000 ms and was ended/, 3_000],
  ];
  for (const [what, module, reason, rungTimeoutMs] of refusals) {
    it(`refuses one that ${what}, and goes on to the CPU`, async () => {
      const { inference } = await startBundle(own, { providers: ['cuda'], ortModule: runtime(module), rungTimeoutMs });
      try {
        assert.equal(inference.provider, 'cpu');
        assert.equal(inference.report[0]?.taken, false);
        assert.match(inference.report[0]?.reason ?? '', reason);
        assert.equal((await inference.decode(new Float32Array(6))).width, 32);
      } finally {
        await inference.close();
      }
    });
  }
});

describe('a binding that is not there', () => {
  it('stops the start with its name and the setting’s', async () => {
    await assert.rejects(startBundle(own, { ortModule: 'no-such-binding' }), {
      code: 'inference-failed',
      message:
        /cannot be run on the CPU: the ONNX Runtime binding "no-such-binding" cannot be loaded: Cannot find module/,
    });
  });

  it('stops at once when the caller gives up', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(startBundle(own, { signal }), { message: 'enough' });
    const later = new AbortController();
    const start = startBundle(own, { signal: later.signal, ortModule: runtime('hanging'), providers: ['cuda'] });
    setTimeout(() => later.abort(new Error('enough')), 300);
    await assert.rejects(start, { message: 'enough' });
  });
});
