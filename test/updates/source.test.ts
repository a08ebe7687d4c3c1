import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { fetchBytes } from '../../device/updates/fetch-bytes.ts';
import { FolderSource } from '../../device/updates/folder-source.ts';
import { HttpSource } from '../../device/updates/http-source.ts';
import { sourceAt } from '../../device/updates/source.ts';
import { temporaryFolder } from '../support/store.ts';
import { QUICK_PACE } from '../support/update-box.ts';

describe('an address of updates', () => {
  it('is a web server’s, or a folder’s', async t => {
    const folder = await temporaryFolder(t);
    assert.ok(sourceAt('https://updates.example/boxes') instanceof HttpSource);
    assert.equal(sourceAt('http://10.0.0.1:81/boxes').name, 'http://10.0.0.1:81/boxes/');
    for (const address of [folder, pathToFileURL(folder).href]) {
      const source = sourceAt(address);
      assert.ok(source instanceof FolderSource);
      assert.equal(source.name, folder);
    }
  });

  it('is refused where it is anything else, with what to give', () => {
    for (const address of [
      'updates',
      './updates',
      'ftp://host/x',
      'https://',
      'http://host/x?key=1',
      'file://host/x',
    ]) {
      assert.throws(() => sourceAt(address), { code: 'config-invalid' }, address);
    }
    assert.throws(
      () => sourceAt('https://user:hunter2@host/x'),
      (error: Error) => !error.message.includes('hunter2') && /password/.test(error.message),
    );
  });
});

describe('a stick', () => {
  const read = (source: FolderSource, path: string): Promise<Buffer> =>
    fetchBytes(source, path, { maxBytes: 1e6, pace: QUICK_PACE });

  it('gives its files, from where it is asked', async t => {
    const folder = await temporaryFolder(t);
    await mkdir(join(folder, 'metadata'));
    await writeFile(join(folder, 'metadata', '1.a b.json'), 'hello');
    const source = new FolderSource(folder);
    assert.equal(String(await read(source, 'metadata/1.a%20b.json')), 'hello');
    const reading = await source.open('metadata/1.a%20b.json', { from: 3 });
    const rest: Uint8Array[] = [];
    for await (const chunk of reading.bytes) rest.push(chunk);
    reading.close();
    assert.deepEqual([reading.from, reading.total, Buffer.concat(rest).toString()], [3, 5, 'lo']);
  });

  it('that is not there says so, and a file that it lacks is another matter', async t => {
    const folder = await temporaryFolder(t);
    const source = new FolderSource(folder);
    const pulled = { reason: 'source-unreachable', message: /put the stick in again/ };
    // The folder that a stick is mounted in is there without it, empty.
    await assert.rejects(read(source, 'metadata/timestamp.json'), pulled);
    await mkdir(join(folder, 'metadata'));
    await assert.rejects(read(source, 'metadata/timestamp.json'), { reason: 'source-incomplete' });
    await rename(folder, `${folder}-pulled`);
    await assert.rejects(read(source, 'metadata/timestamp.json'), pulled);
    await rename(`${folder}-pulled`, folder);
  });

  it('that is pulled out amid a file is an error that can be tried again', async t => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'file');
    await mkdir(join(folder, 'metadata'));
    await writeFile(path, Buffer.alloc(600_000));
    const reading = await new FolderSource(folder).open('file');
    const bytes = reading.bytes[Symbol.asyncIterator]();
    await bytes.next();
    // What a read of a stick that has gone gives: nothing more, or an error.
    reading.close();
    await rename(folder, `${folder}-pulled`);
    await assert.rejects(async () => bytes.next(), { reason: 'source-unreachable', message: /put the stick in again/ });
    await rename(`${folder}-pulled`, folder);
    const shorter = await new FolderSource(folder).open('file');
    await truncate(path, 10);
    const source = { name: folder, open: async () => shorter, close: () => undefined };
    await assert.rejects(fetchBytes(source, 'file', { maxBytes: 1e6, pace: QUICK_PACE }), {
      reason: 'source-unreachable',
      message: /broke off after 10 of 600000 bytes/,
    });
  });

  it('holds nobody with a pipe, and leads nowhere else with a link', async t => {
    const folder = await temporaryFolder(t);
    const stick = join(folder, 'stick');
    await mkdir(join(stick, 'metadata'), { recursive: true });
    await writeFile(join(folder, 'secret'), 'secret');
    await symlink(join(folder, 'secret'), join(stick, 'link'));
    await symlink('loop', join(stick, 'loop'));
    execFileSync('mkfifo', [join(stick, 'pipe')]);
    const source = new FolderSource(stick);
    await assert.rejects(read(source, 'link'), { reason: 'source-misbehaves', message: /leads out of it/ });
    await assert.rejects(read(source, 'pipe'), { reason: 'source-misbehaves', message: /not a plain file/ });
    await assert.rejects(read(source, 'loop'), { reason: 'source-incomplete' });
    await symlink('/dev/zero', join(stick, 'zero'));
    await assert.rejects(read(source, 'zero'), { reason: 'source-misbehaves' });
  });
});
