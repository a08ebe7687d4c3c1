import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UpdateDatabase } from '../device/updates/update-database.ts';
import { withSmallDisk } from './crash/support/small-disk.ts';
import { damagePage } from './support/damage.ts';
import { indexedStore } from './support/indexed-store.ts';
import { MainProcess, refusal } from './support/main-process.ts';
import { temporaryFolder } from './support/store.ts';

const settings = ({ data, bundle }: { data: string; bundle: string }) => ({
  LOOKDIAL_DATA: data,
  LOOKDIAL_BUNDLE: bundle,
});

describe('a start on a box that is broken', () => {
  const start = async (t: Parameters<typeof indexedStore>[0], environment: Record<string, string>): Promise<string> =>
    refusal(await new MainProcess(t, environment).ended);

  it('for want of a bundle says what to do', async t => {
    const { data } = await indexedStore(t);
    assert.equal(
      await start(t, { LOOKDIAL_DATA: data, LOOKDIAL_BUNDLE: '/nowhere' }),
      '/nowhere/manifest.json: the file is missing. Copy the bundle again, or name another one with LOOKDIAL_BUNDLE.',
    );
  });

  for (const table of ['garment', 'metadata']) {
    it(`for a damaged page of catalogue.sqlite (${table}) says so, and what to do`, async t => {
      const store = await indexedStore(t);
      damagePage(join(store.data, 'catalogue.sqlite'), table);
      assert.match(
        await start(t, settings(store)),
        /^A database of the state folder is damaged: .*\. Which one, and what to do, says: npm run doctor -- databases\.$/,
      );
    });
  }

  const WHOLE = 'whole file';
  for (const table of ['box', 'release', 'progress', WHOLE]) {
    it(`serves without updates where updates.sqlite is damaged (${table}), and raises its alarm`, async t => {
      const store = await indexedStore(t);
      const path = join(store.data, 'updates.sqlite');
      new UpdateDatabase(path).close();
      if (table === WHOLE) await writeFile(path, 'no database at all, and long enough to be taken for one'.repeat(200));
      else damagePage(path, table);
      const daemon = new MainProcess(t, settings(store));
      const address = await daemon.address;
      const metrics = await (await fetch(`${address}/metrics`)).text();
      assert.match(metrics, /^lookdial_serving 1$/m);
      assert.match(metrics, /^lookdial_update_alarm 1$/m);
      daemon.child.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      assert.equal(code, 0, stderr);
      assert.match(
        stderr,
        /The file of updates \S+updates\.sqlite is damaged: the box serves the model that it has, .* move the file away/,
      );
    });
  }

  it('for a disk that can only be read, or is full, says so, and what to do', async t => {
    const { data, bundle } = await indexedStore(t);
    const folder = join(await temporaryFolder(t), 'disk');
    await mkdir(folder);
    const startOn = async (then: 'read-only' | 'full'): Promise<string> => {
      const disk = { folder, from: data, kilobytes: 1_024, then };
      const environment = settings({ data: folder, bundle });
      return refusal(await new MainProcess(t, environment, command => withSmallDisk(disk, command)).ended);
    };
    assert.equal(
      await startOn('read-only'),
      `The catalogue ${join(folder, 'catalogue.sqlite')} cannot be opened: its disk can only be read. Look for errors of the disk (dmesg), have it checked, and start the box again.`,
    );
    assert.equal(
      await startOn('full'),
      `The catalogue ${join(folder, 'catalogue.sqlite')} cannot be opened: the disk is full, and it needs 100 kB to work in. Free some space, and start again.`,
    );
  });
});
