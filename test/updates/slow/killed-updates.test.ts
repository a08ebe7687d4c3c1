/** A process that is killed at any moment of an update goes on with it when it is started again. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBundle } from '../../../device/inference/bundle.ts';
import { Random } from '../../../device/matching/random.ts';
import type { CheckOutcome } from '../../../device/updates/updater.ts';
import { PARTS, UpdateBox } from '../../support/update-box.ts';
import { releaseOf } from '../../support/update-repository.ts';
import { honest, UpdateServer } from '../../support/update-server.ts';
import type { UpdatingJob } from '../../support/updating-process.ts';

const PROGRAM = resolve(import.meta.dirname, '../../support/updating-process.ts');
const KILLS = 10;

/** @param killAfterMs from when it began; undefined lets it end */
async function run(job: UpdatingJob, killAfterMs?: number): Promise<CheckOutcome | undefined> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(job)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  const closed = once(child, 'close');
  const began = new Promise<void>(begin => {
    child.stdout.on('data', chunk => {
      printed += chunk;
      if (printed.includes('began')) begin();
    });
  });
  if (killAfterMs !== undefined) {
    await Promise.race([began, closed]);
    await sleep(killAfterMs);
    child.kill('SIGKILL');
  }
  await closed;
  const [, outcome] = printed.trim().split('\n');
  return outcome === undefined ? undefined : (JSON.parse(outcome) as CheckOutcome);
}

test('an update that is killed again and again ends whole, and fetches little twice', async t => {
  const box = await UpdateBox.make(t);
  const { repository } = box;
  box.clock.set(Date.now());
  repository.publishRoot();
  const release = releaseOf(PARTS, 1);
  box.publish(1);
  const server = await UpdateServer.listen(t, repository.files);
  let sent = 0;
  for (const { sha256 } of release.members) {
    // So slowly that it takes about a second, and in pieces.
    server.answers.set(`/blobs/sha256/${sha256}`, (request, response, bytes) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      if (from >= bytes.length) return honest(request, response, bytes);
      const headers = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {};
      response.writeHead(from > 0 ? 206 : 200, { ...headers, 'content-length': bytes.length - from });
      let at = from;
      const more = setInterval(() => {
        response.write(bytes.subarray(at, at + 1_000));
        sent += Math.min(1_000, bytes.length - at);
        at += 1_000;
        if (at < bytes.length) return;
        clearInterval(more);
        response.end();
      }, 5);
      response.on('close', () => clearInterval(more));
    });
  }
  const { address } = server;
  const job: UpdatingJob = { folder: box.folder, database: `${box.folder}.sqlite`, root: box.root, address };
  const random = new Random(3);
  let outcome: CheckOutcome | undefined;
  let killed = 0;
  for (; killed < KILLS && outcome?.kind !== 'verified'; killed += 1) outcome = await run(job, 250 * random.uniform());
  for (let tries = 0; tries < 3 && outcome?.kind !== 'verified'; tries += 1) outcome = await run(job);
  assert.ok(outcome?.kind === 'verified', JSON.stringify(outcome));
  assert.ok(killed >= 3, `it was killed ${killed} times`);
  const bundle = await openBundle(outcome.folder);
  assert.equal(bundle.name, 'from-keras@1.2.3');
  const all = release.members.reduce((sum, { bytes }) => sum + bytes, 0);
  t.diagnostic(`${killed} kills; ${sent} bytes were sent for ${all}`);
  assert.ok(sent <= all + killed * 64_000, `${sent} bytes were sent for ${all}`);
});
