import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';

const START = resolve(import.meta.dirname, '../../scripts/start.js');

test('a Node that is too old is told so before anything is loaded', () => {
  const older = encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.18.0' } });
     Object.defineProperty(process, 'version', { value: 'v22.18.0' });`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', `data:text/javascript,${older}`, START], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.equal(
    stderr,
    'Lookdial needs Node 24 or newer, and this is v22.18.0.\n' +
      'Run this first, which installs the right one beside the project: npm ci\n',
  );
});
