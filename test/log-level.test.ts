import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Access } from '../device/access/access.ts';
import { ACCESS_DATABASE } from '../device/access/access-database.ts';
import { keyHeaders } from './support/access.ts';
import { indexedStore } from './support/indexed-store.ts';
import { MainProcess } from './support/main-process.ts';
import { temporaryFolder } from './support/store.ts';

describe('the log level of a daemon', () => {
  it('is changed while it runs, and after a restart is what the settings say', async t => {
    const store = await indexedStore(t);
    const access = Access.open(join(store.data, ACCESS_DATABASE));
    const headers = { ...keyHeaders(access, 'admin'), 'content-type': 'application/json' };
    access.close();
    const file = join(await temporaryFolder(t), 'settings.jsonc');
    const environment = { LOOKDIAL_DATA: store.data, LOOKDIAL_BUNDLE: store.bundle, LOOKDIAL_CONFIG: file };
    const STOPPING = /Stopping: SIGTERM/;
    /** What the log says of itself, and whether the daemon's end is in it. */
    const run = async (level?: string) => {
      const daemon = new MainProcess(t, environment);
      const address = `${await daemon.address}/api/v1/log`;
      if (level !== undefined) {
        const body = JSON.stringify({ level });
        assert.equal((await fetch(address, { method: 'PUT', headers, body })).status, 200);
      }
      const log = (await (await fetch(address, { headers })).json()) as { level: string; setting: string };
      daemon.child.kill('SIGTERM');
      const { code, stderr } = await daemon.ended;
      assert.equal(code, 0, stderr);
      return { ...log, says: STOPPING.test(stderr) };
    };
    await writeFile(file, '{}');
    assert.deepEqual(await run('error'), { level: 'error', setting: 'info', says: false });
    assert.deepEqual(await run(), { level: 'info', setting: 'info', says: true });
    await writeFile(file, '{"logLevel": "warn"}');
    assert.deepEqual(await run(), { level: 'warn', setting: 'warn', says: false });
    assert.deepEqual(await run('info'), { level: 'info', setting: 'warn', says: true });
  });
});
