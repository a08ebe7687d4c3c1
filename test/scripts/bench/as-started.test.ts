import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { ALLOCATOR, NODE_FLAGS } from '../../../scripts/bench/as-started.ts';
import { Daemon } from '../../../scripts/bench/daemon.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(resolve(PROJECT, path), 'utf8');
const allocator = Object.entries(ALLOCATOR)
  .map(([name, value]) => `${name}=${value}`)
  .join(' ');
const command = ['node', ...NODE_FLAGS, 'scripts/start.js'].join(' ');

describe('how the daemon is started, that its memory goes back', () => {
  it('is so by npm start', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    assert.equal(scripts.start, `${allocator} ${command}`);
  });

  it('is so on a box', () => {
    const lines = read('scripts/device/files/lookdial.service').split('\n');
    assert.ok(lines.includes(`Environment=${allocator}`), allocator);
    assert.ok(lines.includes(`ExecStart=/opt/lookdial/current/${command}`), command);
  });

  it('is so where it is measured', async () => {
    const names = JSON.stringify(Object.keys(ALLOCATOR));
    const script = `
      const said = ${names}.map(name => process.env[name]).join('/');
      console.log('Lookdial is at http://127.0.0.1/' + said);
      setInterval(() => {}, 1000);`;
    const daemon = await Daemon.start([process.execPath, '-e', script], {});
    await daemon.stop();
    assert.equal(new URL(daemon.address).pathname, `/${Object.values(ALLOCATOR).join('/')}`);
  });
});
