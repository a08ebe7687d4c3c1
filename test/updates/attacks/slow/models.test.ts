/**
 * Models that mean the box ill, as real nets in real processes, brought by a signed release: whatever a publisher's targets key
 * was stolen for, the store goes on with the model it has.
 */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Inference } from '../../../../device/inference/inference.ts';
import { residentBytes } from '../../../../device/inference/resident.ts';
import { HostileBox } from '../../../support/hostile-box.ts';
import { GOOD, HOSTILE } from '../../../support/hostile-models.ts';
import { isCode, until } from '../../../support/updating-looks.ts';

type Role = 'encoder' | 'decoder';

/** Sends a signal to the process of a net, and to each that is started in its place, until it is told to stop or the test ends. */
function beset(t: TestContext, inference: Inference, role: Role, signal: 'SIGKILL' | 'SIGSTOP'): () => void {
  let last: number | undefined;
  const look = setInterval(() => {
    const pid = inference.processes[role];
    if (pid === undefined || pid === last) return;
    last = pid;
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself.
    }
  }, 5);
  const stop = (): void => clearInterval(look);
  t.after(stop);
  return stop;
}

test('a model that crashes: its process is killed in its trial, as the system kills what takes too much', async t => {
  for (const role of ['encoder', 'decoder'] as const) {
    const box = await HostileBox.make(t);
    box.publish(1, HOSTILE.plain);
    let stop: (() => void) | undefined;
    box.onStart = nets => {
      stop = beset(t, nets, role, 'SIGKILL');
    };
    await assert.rejects(box.updates.apply(), isCode('update-failed', /SIGKILL|is down/));
    stop?.();
    assert.equal(box.started.length, 2, 'its nets were started');
    await box.assertWithstood(/SIGKILL|is down/);
  }
});

test('a model that crashes: its process keeps ending once it serves, and the model before comes back', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.plain);
  await box.updates.apply();
  assert.equal(box.version, '2.0.0');
  const stop = beset(t, box.serving, 'decoder', 'SIGKILL');
  await until(() => box.version === '1.2.3', 'the model before serves');
  stop();
  await box.assertWithstood(/ended \d+ times|given up/);
});

test('a model that hangs: on the pictures of the store', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.hangsOnPictures);
  await assert.rejects(box.updates.apply(), isCode('update-failed', /down|best match/));
  await box.assertWithstood(/down|best match/);
});

test('a model that hangs: on any point but the golden ones', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.hangsAwayFromGolden);
  await assert.rejects(box.updates.apply(), isCode('update-failed', /The decoder did not answer/));
  await box.assertWithstood(/The decoder did not answer/);
});

for (const role of ['encoder', 'decoder'] as const) {
  test(`a model that hangs: its ${role} stands still once it serves, and the model before comes back`, async t => {
    const box = await HostileBox.make(t);
    box.publish(1, HOSTILE.plain);
    await box.updates.apply();
    assert.equal(box.version, '2.0.0');
    const stop = beset(t, box.serving, role, 'SIGSTOP');
    await until(() => box.version === '1.2.3', 'the model before serves');
    stop();
    await box.assertWithstood(/ended \d+ times|did not answer|given up/);
  });
}

test('a model that answers NaN: for the pictures of the store', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.nanOnPictures);
  await assert.rejects(box.updates.apply(), isCode('update-failed', /0 per cent are their own best match/));
  await box.assertWithstood(/0 per cent are their own best match/);
});

test('a model that answers NaN: at any point but the golden ones', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.nanAwayFromGolden);
  await assert.rejects(box.updates.apply(), isCode('update-failed', /numbers that are not finite/));
  await box.assertWithstood(/numbers that are not finite/);
});

test('a model that is too slow: for this box', async t => {
  const box = await HostileBox.make(t);
  box.publish(1, HOSTILE.slow, { decodeP95Ms: 10 });
  await assert.rejects(box.updates.apply(), isCode('update-failed', /A decoding takes .* 10 ms at most/));
  await box.assertWithstood(/A decoding takes .* 10 ms at most/);
});

test('a model that is too large: for this box', async t => {
  const box = await HostileBox.make(t);
  const sound = await residentBytes(Object.values(box.serving.processes));
  const limits = { residentBytes: sound + 128 * 2 ** 20 };
  box.publish(1, HOSTILE.large, limits);
  await assert.rejects(box.updates.apply(), isCode('update-failed', /MB of memory on this box/));
  await box.assertWithstood(/MB of memory on this box/);
  // The bounds are such that a sound one keeps to them.
  box.publish(2, GOOD, limits);
  await box.updates.apply();
  assert.equal(box.version, GOOD.described.version);
  await wait(200);
  assert.equal(box.version, GOOD.described.version, 'its probation goes on');
});
