import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { indexedStore } from '../support/indexed-store.ts';
import { MainProcess } from '../support/main-process.ts';
import { flatPng } from '../support/pictures.ts';

/** Resident memory of a process, mebibytes. */
const residentOf = (pid: number): number => {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
};

const AT_ONCE = 6;
const ROUNDS = 8;
/** Growth from one half of the rounds to the other that is no leak: what the heap has not given back yet, MiB. */
const SLACK = 48;

describe('the daemon’s memory', () => {
  it('stays flat under pictures that are none, too large, or cut short', async t => {
    const daemon = new MainProcess(t, { ...settings(await indexedStore(t)), LOOKDIAL_MAX_PICTURE_BYTES: '8000000' });
    const address = await daemon.address;
    const pid = daemon.child.pid ?? assert.fail('no process');
    const noise = await sharp({
      create: { width: 3000, height: 2000, channels: 3, background: 'grey', noise: { type: 'gaussian', sigma: 40 } },
    })
      .jpeg({ quality: 90 })
      .toBuffer();
    const bodies: [Buffer, number][] = [
      [flatPng(10_000, 10_000), 422],
      [noise.subarray(0, noise.length / 2), 422],
      [Buffer.alloc(7_900_000, 'no picture'), 422],
      [Buffer.alloc(9_000_000), 413],
    ];
    const post = async ([body, expected]: [Buffer, number]): Promise<void> => {
      const answer = await fetch(`${address}/api/v1/encode`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: { 'content-type': 'image/png' },
      }).catch(() => undefined);
      // A body that is refused before it has arrived may cost the sender its connection.
      assert.ok(answer === undefined ? expected === 413 : answer.status === expected, String(answer?.status));
      await answer?.arrayBuffer();
    };
    const round = async (): Promise<number> => {
      for (const body of bodies) await Promise.all(Array.from({ length: AT_ONCE }, () => post(body)));
      return residentOf(pid);
    };
    const peaks: number[] = [];
    for (let i = 0; i < ROUNDS; i += 1) peaks.push(await round());
    const [first, second] = [peaks.slice(1, ROUNDS / 2), peaks.slice(ROUNDS / 2)].map(half => Math.min(...half));
    t.diagnostic(`after each round, MiB: ${peaks.map(Math.round).join(' ')}`);
    assert.ok((second ?? 0) < (first ?? 0) + SLACK, `it grew from ${first} to ${second} MiB`);
    assert.equal((await fetch(`${address}/readyz`)).status, 200);
  });
});

const settings = ({ data, bundle }: { data: string; bundle: string }) => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: bundle,
});
