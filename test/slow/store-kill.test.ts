import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { indexedStore } from '../../device/inventory/store-stamp.ts';
import { Random } from '../../device/matching/random.ts';
import { makeStoreFolder, temporaryFolder } from '../support/store.ts';
import { temporaryBundle } from '../support/store-model.ts';
import { startScript } from '../support/store-process.ts';

const SCRIPT = 'scripts/store/index.ts';
const KILLS = 12;
const GARMENTS = 240;
/** 64 bytes of header, and 104 for the encoding of a garment in six dimensions. */
const WHOLE_LOG = 64 + 104 * GARMENTS;
const MOMENT_MS = 20;

test('kill -9 at any moment loses nothing: the index is to the byte that of a run nobody touched', async t => {
  const [root, bundle] = [await temporaryFolder(t), await temporaryBundle(t)];
  const folder = await makeStoreFolder(join(root, 'shop'), GARMENTS);
  const args = (data: string): string[] => ['--store', folder, '--bundle', bundle.folder, '--data', join(root, data)];
  const logBytes = async (): Promise<number> =>
    (await stat(join(root, 'killed', 'encodings.log')).catch(() => undefined))?.size ?? 0;
  const random = new Random(7);
  let kept = 0;
  let atWork = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const run = startScript(t, SCRIPT, args('killed'));
    // Each lives until the log has grown by a random part of what is still missing, and then a moment longer.
    const target = kept + (random.uniform() * 2 * (WHOLE_LOG - kept)) / (KILLS - kill + 1.5);
    while ((await logBytes()) < target && run.process.exitCode === null) await sleep(2);
    await sleep(random.uniform() * MOMENT_MS);
    if (run.process.exitCode === null) atWork++;
    run.process.kill('SIGKILL');
    await run.ended;
    const now = await logBytes();
    assert.ok(now >= kept, 'what was in the log stays in it');
    kept = now;
  }
  assert.ok(atWork >= KILLS - 2, `${atWork} of ${KILLS} runs were killed at work`);
  assert.ok(kept > WHOLE_LOG / 3, `the killed runs came to ${kept} of ${WHOLE_LOG} bytes`);
  const last = startScript(t, SCRIPT, args('killed'));
  await last.ended;
  assert.equal(last.process.exitCode, 0, last.output());
  const known = Number(/known from before (\d+)/.exec(last.output())?.[1]);
  assert.ok(known >= Math.floor((kept - 64) / 104) - 1, last.output());
  const whole = startScript(t, SCRIPT, args('whole'));
  await whole.ended;
  assert.match(whole.output(), new RegExp(`encoded now ${GARMENTS}, known from before 0, not encoded 0`));
  const [killed, untouched] = await Promise.all(
    ['killed', 'whole'].map(data => readFile(join(root, data, 'encodings.index'))),
  );
  assert.deepEqual(killed, untouched);
  assert.equal((await indexedStore(join(root, 'killed'), bundle))?.name, 'shop');
});
