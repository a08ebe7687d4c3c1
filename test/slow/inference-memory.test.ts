import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { it } from 'node:test';
import { openBundle } from '../../device/inference/bundle.ts';
import { startInference } from '../../device/inference/inference.ts';
import { noise } from '../support/bundle.ts';
import { CPU_OPTIONS } from '../support/bundle-inference.ts';

const BUNDLE = resolve(import.meta.dirname, '../../models/clothing');
const RUNS = 10_000;
/** Runs before the first reading: allocators and compilers have taken what they take by then. */
const WARM_UP = 1_500;
const MEGABYTE = 2 ** 20;
const MAY_GROW = 24 * MEGABYTE;

/** Resident memory of a process, bytes. */
const residentBytes = (pid: number | undefined): number =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

it('ten thousand encodings and ten thousand pictures leave memory flat, in the nets’ processes and in the daemon’s', async () => {
  const bundle = await openBundle(BUNDLE);
  const inference = await startInference(bundle, CPU_OPTIONS);
  try {
    const { encoder, latentDim } = bundle.manifest;
    const input = noise(1, encoder.input.width * encoder.input.height * (encoder.input.channels === 'grey' ? 1 : 3));
    const pids = { encoder: inference.processes.encoder, decoder: inference.processes.decoder, daemon: process.pid };
    const read = () => Object.entries(pids).map(([name, pid]) => ({ name, bytes: residentBytes(pid) }));
    const run = async (from: number, to: number) => {
      for (let i = from; i < to; i += 1) {
        await Promise.all([inference.decode(noise(i, latentDim)), inference.encode(input)]);
      }
    };
    await run(0, WARM_UP);
    const before = read();
    await run(WARM_UP, WARM_UP + RUNS);
    for (const [i, { name, bytes }] of read().entries()) {
      const grown = bytes - before[i]!.bytes;
      assert.ok(grown < MAY_GROW, `the ${name}’s process grew by ${Math.round(grown / MEGABYTE)} MB over ${RUNS} runs`);
    }
    assert.deepEqual(
      { ...pids, daemon: undefined },
      { ...inference.processes, daemon: undefined },
      'no process was started again',
    );
  } finally {
    await inference.close();
  }
});
