import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Inference, InferenceOptions } from '../../device/inference/inference.ts';
import { bundleOf, noise } from '../support/bundle.ts';
import { keptLog, startBundle } from '../support/bundle-inference.ts';
import { ownModel } from '../support/bundles.ts';

const own = ownModel();
const parts = bundleOf(own);
const POINT = noise(3, 6);
const INPUT = noise(4, 3 * 32 * 32);

let running: Inference | undefined;
const start = async (options: Partial<InferenceOptions> = {}): Promise<Inference> => {
  ({ inference: running } = await startBundle(parts, options));
  return running;
};
afterEach(() => running?.close());

/** The id of a net's process, once one serves that is not `other`. */
async function served(inference: Inference, role: 'encoder' | 'decoder', other?: number): Promise<number> {
  for (;;) {
    const pid = inference.processes[role];
    if (pid !== undefined && pid !== other) return pid;
    await sleep(10);
  }
}

describe('serving', () => {
  it('answers many at once, each with its own answer', async () => {
    const inference = await start();
    const points = Array.from({ length: 20 }, (_, i) => noise(i, 6));
    const [pictures, encodings] = await Promise.all([
      Promise.all(points.map(z => inference.decode(z))),
      Promise.all(points.map(() => inference.encode(INPUT))),
    ]);
    for (const [i, { rgba }] of pictures.entries()) {
      const { alpha = [] } = own.reference.decode(points[i] ?? [], 0);
      assert.ok(Math.abs((rgba[3] ?? 0) - 255 / (1 + Math.exp(-(alpha[0] ?? 0)))) < 0.58);
    }
    for (const { mu } of encodings) assert.deepEqual(mu, encodings[0]?.mu);
  });

  it('runs each net in a process of its own, with the telemetry of ONNX Runtime off', async () => {
    const inference = await start();
    const { encoder, decoder } = inference.processes;
    assert.equal(new Set([encoder, decoder, process.pid, undefined]).size, 4);
    for (const pid of [encoder, decoder]) {
      const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      assert.ok(environment.includes('ORT_DISABLE_TELEMETRY=1'));
    }
  });

  it('refuses a point of the wrong length or with a number that is not finite, and says which', async () => {
    const inference = await start();
    await assert.rejects(inference.decode([1, 2, 3]), {
      code: 'invalid-point',
      field: 'z',
      message: 'z holds 3 numbers; this model takes 6.',
    });
    await assert.rejects(inference.decode([0, 0, Number.NaN, 0, 0, 0]), { code: 'invalid-point', field: 'z/2' });
    await assert.rejects(inference.decode([0, 1e300, 0, 0, 0, 0]), { code: 'invalid-point', field: 'z/1' });
    await assert.rejects(inference.encode(new Float32Array(5)), RangeError);
  });

  it('turns requests away when too many wait, and answers those that do', async () => {
    const inference = await start();
    const answers = await Promise.allSettled(Array.from({ length: 100 }, () => inference.decode(POINT)));
    const refused = answers.filter(answer => answer.status === 'rejected');
    assert.equal(refused.length, 100 - 64);
    for (const { reason } of refused) assert.equal(reason.code, 'inference-failed');
    assert.equal((await inference.decode(POINT)).width, 32);
  });

  it('leaves no process behind', async () => {
    const inference = await start();
    const { encoder, decoder } = inference.processes;
    await inference.close();
    assert.ok(!existsSync(`/proc/${encoder}`));
    assert.ok(!existsSync(`/proc/${decoder}`));
    await assert.rejects(inference.decode(POINT), { code: 'inference-failed', message: 'The model is closed.' });
  });
});

describe('a net whose process dies', () => {
  it('fails what is under way and is started again, while the other net goes on', async () => {
    const log = keptLog();
    const inference = await start({ log });
    const before = await inference.decode(POINT);
    const pid = await served(inference, 'decoder');
    process.kill(pid, 'SIGSTOP');
    const lost = inference.decode(POINT);
    process.kill(pid, 'SIGKILL');
    await assert.rejects(lost, {
      code: 'inference-failed',
      message: 'The decoder did not answer: the process was ended by SIGKILL.',
    });
    assert.equal((await inference.encode(INPUT)).mu.length, 6);
    await served(inference, 'decoder', pid);
    assert.deepEqual(await inference.decode(POINT), before);
    assert.ok(log.lines.some(line => line.startsWith('The decoder on cpu is started again: ')));
  });

  it('makes requests that come while it is started wait, and answers them', async () => {
    const inference = await start();
    const pid = await served(inference, 'decoder');
    process.kill(pid, 'SIGKILL');
    while (inference.processes.decoder !== undefined) await sleep(5);
    assert.equal((await inference.decode(POINT)).width, 32);
  });

  it('is ended and started again when it hangs', async () => {
    const inference = await start({ requestTimeoutMs: 500 });
    const pid = await served(inference, 'encoder');
    process.kill(pid, 'SIGSTOP');
    await assert.rejects(inference.encode(INPUT), {
      code: 'inference-failed',
      message: 'The encoder did not answer: no answer within 500 ms, so the process was ended.',
    });
    await served(inference, 'encoder', pid);
    assert.equal((await inference.encode(INPUT)).mu.length, 6);
  });

  it('is given up after five restarts within a minute: on the CPU everything then says so', async () => {
    const inference = await start();
    for (let pid: number | undefined, i = 0; i < 6; i += 1) {
      pid = await served(inference, 'decoder', pid);
      process.kill(pid, 'SIGKILL');
    }
    while (inference.state === 'serving') await sleep(10);
    const down = {
      code: 'inference-failed',
      message: /^The model is down: The decoder on cpu ended 6 times within 60 s/,
    };
    await assert.rejects(inference.decode(POINT), down);
    await assert.rejects(inference.encode(INPUT), down);
    assert.equal(inference.report.at(-1)?.taken, false);
  });

  it('is given up on an accelerator too, and the CPU takes over', async () => {
    const ortModule = fileURLToPath(new URL('./runtimes/honest.ts', import.meta.url));
    const inference = await start({ providers: ['cuda'], ortModule });
    assert.equal(inference.provider, 'cuda');
    for (let pid: number | undefined, i = 0; i < 6; i += 1) {
      pid = await served(inference, 'encoder', pid);
      process.kill(pid, 'SIGKILL');
    }
    while (inference.provider === 'cuda') await sleep(10);
    assert.equal(inference.provider, 'cpu');
    assert.equal(inference.state, 'serving');
    assert.equal((await inference.encode(INPUT)).mu.length, 6);
    assert.deepEqual(
      inference.report.map(({ provider, taken }) => [provider, taken]),
      [
        ['cuda', false],
        ['cpu', true],
      ],
    );
    assert.match(inference.report[0]?.reason ?? '', /ended 6 times/);
    assert.deepEqual(inference.restarts, { encoder: 6, decoder: 1 }, 'the other was given up with the provider');
  });
});
