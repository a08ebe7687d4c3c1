import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { forgetNotReady, NOT_READY_FILE, tellNotReady } from '../../device/health/not-ready.ts';
import { indexedStore } from '../support/indexed-store.ts';
import { MainProcess, refusal } from '../support/main-process.ts';
import { NotifySocket } from '../support/notify-socket.ts';
import { temporaryFolder } from '../support/store.ts';

describe('why a start failed', () => {
  it('is in the unit’s folder for everybody to read, with the time of the first that failed, until one does not', async t => {
    const folder = await temporaryFolder(t);
    const path = join(folder, NOT_READY_FILE);
    const environment = { RUNTIME_DIRECTORY: `${folder}:/run/another` };
    const before = process.umask(0o077);
    try {
      await tellNotReady(environment, 'The disk is full.');
    } finally {
      process.umask(before);
    }
    const [since = '', sentence] = (await readFile(path, 'utf8')).split('\n');
    assert.equal(sentence, 'The disk is full.');
    assert.ok(Math.abs(Number(since) - uptime()) < 5, since);
    assert.equal((await stat(path)).mode & 0o777, 0o644);
    await writeFile(path, '7\nThe disk is full.\n');
    await tellNotReady(environment);
    assert.match(await readFile(path, 'utf8'), /^7\nThe daemon ended with an error that nobody foresaw\./);
    forgetNotReady(environment);
    assert.ok(!existsSync(path));
    forgetNotReady(environment);
  });

  it('is told to nobody where no unit made a folder, and stops nothing where it cannot be written', async () => {
    await tellNotReady({}, 'Something.');
    forgetNotReady({});
    await tellNotReady({ RUNTIME_DIRECTORY: '/nowhere/at/all' }, 'Something.');
  });

  it('is told by the daemon to systemd and to the screen, and taken back by one that starts', async t => {
    const { data, bundle } = await indexedStore(t);
    const socket = await NotifySocket.open(t);
    const folder = await temporaryFolder(t);
    const path = join(folder, NOT_READY_FILE);
    const unit = { NOTIFY_SOCKET: socket.path, RUNTIME_DIRECTORY: folder, LOOKDIAL_DATA: data };
    const said = refusal(await new MainProcess(t, { ...unit, LOOKDIAL_BUNDLE: '/nowhere' }).ended);
    assert.match(said, /^\/nowhere\/manifest\.json: the file is missing\./);
    assert.equal((await readFile(path, 'utf8')).split('\n')[1], said);
    assert.equal(await socket.heard(/^STATUS=/), `STATUS=${said}`);
    await new MainProcess(t, { ...unit, LOOKDIAL_BUNDLE: bundle }).address;
    assert.ok(!existsSync(path));
  });
});
