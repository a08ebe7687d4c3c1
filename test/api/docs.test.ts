import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { Contract } from '../support/contract.ts';
import { TestDaemon } from '../support/daemon.ts';
import { temporaryFolder } from '../support/store.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/api.md'), 'utf8');

describe('docs/api.md', () => {
  it('has a heading for every call but the document itself', async t => {
    const daemon = await TestDaemon.start();
    t.after(() => daemon.close());
    const { document } = await Contract.of(daemon.app);
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    );
    const headings = page
      .split('\n')
      .filter(line => line.startsWith('## '))
      .flatMap(line => [...line.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/g)].map(([, call]) => call));
    assert.deepEqual(headings.sort(), calls.filter(call => !call.endsWith('/openapi.json')).sort());
  });

  it('can be typed through as written', async t => {
    const daemon = await TestDaemon.start({ hosts: ['localhost:80', '127.0.0.1'] });
    t.after(() => daemon.close());
    await daemon.app.listen({ host: '127.0.0.1', port: 0 });
    const folder = await temporaryFolder(t);
    // curl fails where an answer is an error, and says which.
    await writeFile(join(folder, '.curlrc'), 'fail-with-body\nshow-error\n');
    const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n');
    const { port } = daemon.app.server.address() as AddressInfo;
    const shell = spawn('bash', ['-eu', '-c', commands], {
      cwd: folder,
      env: { PATH: process.env.PATH, CURL_HOME: folder, BOX: `http://127.0.0.1:${port}` },
    });
    let said = '';
    for (const stream of [shell.stdout, shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const [code] = await once(shell, 'close');
    assert.equal(code, 0, said);
    assert.ok(!said.includes('urn:lookdial:error'), said);
    assert.equal((await sharp(join(folder, 'garment.png')).metadata()).width, 400);
    assert.equal((await sharp(join(folder, 'garment.webp')).metadata()).width, 512);
    assert.equal((await stat(join(folder, 'garment.rgba'))).size, 32 * 32 * 4);
    assert.equal((await readFile(join(folder, 'frame.bin'))).toString('latin1', 0, 4), 'LDL1');
    assert.equal((await sharp(join(folder, 'small.webp')).metadata()).format, 'webp');
    assert.equal((await sharp(join(folder, 'cutout.webp')).metadata()).format, 'webp');
  });
});
