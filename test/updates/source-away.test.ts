import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FolderSource } from '../../device/updates/folder-source.ts';
import { UpdateRefused } from '../../device/updates/refusals.ts';
import { verifyEdition } from '../../device/updates/verify-edition.ts';
import { temporaryFolder } from '../support/store.ts';
import { nextParts, reasonOf, UpdateBox } from '../support/update-box.ts';

describe('a box whose source went away', () => {
  it('still has what it verified while its source is away', async t => {
    const box = await UpdateBox.make(t);
    const document = box.publish(1);
    const updater = box.start();
    await updater.check();
    const stick = join(await temporaryFolder(t), 'pulled-out');
    for (const away of [box.start({ source: new FolderSource(stick) }), updater]) {
      if (away === updater) box.source.treatments.set('metadata/timestamp.json', () => new Promise(() => undefined));
      const outcome = await away.check();
      assert.equal(reasonOf(outcome), away === updater ? 'source-slow' : 'source-unreachable');
      assert.ok(outcome.kind === 'refused' && outcome.ready, 'it may be gone over to');
      assert.deepEqual([outcome.ready.release, outcome.ready.edition], [document, 1]);
      assert.equal((await verifyEdition(outcome.ready.folder, document)).name, 'from-keras@1.2.3');
      assert.equal(away.progress.state.state, 'verified');
    }
  });

  it('has nothing of it once the metadata have expired, or name another, or its folder is gone', async t => {
    const box = await UpdateBox.make(t);
    const away = new FolderSource(join(await temporaryFolder(t), 'pulled-out'));
    const readyWhileAway = async (): Promise<boolean> => {
      const outcome = await box.check({ source: away });
      assert.equal(reasonOf(outcome), 'source-unreachable');
      return outcome.kind === 'refused' && outcome.ready !== undefined;
    };
    assert.equal(await readyWhileAway(), false, 'there is none yet');
    box.publish(1);
    await box.check();
    assert.equal(await readyWhileAway(), true);
    // Another release is named by what came last, and the line broke before it was there.
    box.publish(2, { parts: nextParts('2.0.0') });
    const gone = new UpdateRefused('source-unreachable', 'memory is away.');
    for (const path of box.repository.files.keys()) {
      if (path.startsWith('targets/')) box.source.treatments.set(path, () => Promise.reject(gone));
    }
    const cut = await box.check();
    assert.ok(cut.kind === 'refused' && cut.reason === 'source-unreachable' && cut.ready === undefined);
    assert.equal(await readyWhileAway(), false, 'the box knows of a newer one');
    box.source.treatments.clear();
    await box.check();
    assert.equal(await readyWhileAway(), true);
    // The timestamp alone is newer: what it names is not there.
    box.publish(3, { parts: nextParts('3.0.0') });
    box.source.treatments.set('metadata/3.snapshot.json', () => Promise.reject(gone));
    await box.check();
    assert.equal(await readyWhileAway(), false, 'the metadata are only a part');
    box.source.treatments.clear();
    const whole = await box.check();
    assert.equal(await readyWhileAway(), true);
    if (whole.kind === 'verified') await rm(whole.folder, { recursive: true });
    assert.equal(await readyWhileAway(), false, 'somebody took its folder away');
    await box.check();
    assert.equal(await readyWhileAway(), true);
    box.clock.pass(8 * 24 * 3_600_000);
    const expired = await box.check({ source: away });
    assert.ok(expired.kind === 'refused' && expired.ready === undefined && expired.alarm, 'the timestamp has expired');
  });
});
