import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Inference, InferenceOptions } from '../../device/inference/inference.ts';
import { residentBytes } from '../../device/inference/resident.ts';
import { bundleOf, noise } from '../support/bundle.ts';
import { keptLog, startBundle } from '../support/bundle-inference.ts';
import { ownModel } from '../support/bundles.ts';

const parts = bundleOf(ownModel());
const POINT = noise(3, 6);
const LEAKING = {
  providers: ['cuda'],
  ortModule: fileURLToPath(new URL('./runtimes/leaking.ts', import.meta.url)),
};
const MAY_GROW_MB = 32;

let running: Inference | undefined;
const start = async (options: Partial<InferenceOptions>): Promise<Inference> => {
  ({ inference: running } = await startBundle(parts, options));
  return running;
};
afterEach(() => running?.close());

it('a net’s process keeps little room for new objects, however busy it is', {
  skip: !existsSync('/proc/self'),
}, async () => {
  const { processes } = await start({});
  for (const pid of Object.values(processes)) {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    assert.ok(words.includes('--max-semi-space-size=8'), words.join(' '));
  }
});

describe('a net whose process grows', () => {
  it('is replaced between two requests: none fails, and its memory is given back', async () => {
    const log = keptLog();
    const inference = await start({ ...LEAKING, log, netMayGrowMb: MAY_GROW_MB, lookAtMemoryMs: 20 });
    const first = { ...inference.processes };
    const expected = await inference.decode(POINT);
    let asked = 0;
    let stop = false;
    let most = 0;
    // Two who drag, without a pause: what is under way when the process is replaced is theirs.
    const drag = async (): Promise<void> => {
      while (!stop) {
        assert.deepEqual(await inference.decode(POINT), expected);
        asked += 1;
        await sleep(30);
      }
    };
    const drags = Promise.all([drag(), drag()]);
    while (inference.restarts.decoder < 2 && asked < 600) {
      most = Math.max(most, await residentBytes([inference.processes.decoder]));
      await Promise.race([sleep(10), drags]);
    }
    stop = true;
    await drags;
    assert.ok(inference.restarts.decoder >= 2, 'it was replaced, and so was the one that took its place');
    assert.ok(asked > 10, `${asked} answers`);
    assert.deepEqual(
      [inference.restarts.encoder, inference.processes.encoder],
      [0, first.encoder],
      'the other goes on',
    );
    assert.notEqual(inference.processes.decoder, first.decoder);
    assert.equal(inference.provider, 'cuda', 'no rung was left for it');
    while (existsSync(`/proc/${first.decoder}`)) await sleep(10);
    const grown = log.lines.filter(line => /^The decoder on cuda has grown by \d+ MB: another process/.test(line));
    assert.ok(grown.length >= 2, log.lines.join('\n'));
    assert.ok(most < 2 ** 30, `${most} bytes`);
  });

  it('is left as it is within what it may grow by', async () => {
    const inference = await start({ ...LEAKING, netMayGrowMb: 4_096, lookAtMemoryMs: 20 });
    const before = { ...inference.processes };
    for (let i = 0; i < 20; i += 1) await inference.decode(POINT);
    await sleep(100);
    assert.deepEqual(inference.processes, before);
    assert.deepEqual(inference.restarts, { encoder: 0, decoder: 0 });
  });

  it('ends with the model though it is just being replaced', async () => {
    const inference = await start({ ...LEAKING, netMayGrowMb: 16, lookAtMemoryMs: 5 });
    const { decoder } = inference.processes;
    for (let i = 0; i < 30; i += 1) await inference.decode(POINT);
    await sleep(60);
    const { processes } = inference;
    await inference.close();
    for (const pid of [decoder, ...Object.values(processes)]) assert.ok(!existsSync(`/proc/${pid}`));
  });
});
