import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Daemon } from '../../../scripts/bench/daemon.ts';

const node = (script: string): [string, ...string[]] => [process.execPath, '-e', script];

describe('a daemon started for the bench', () => {
  it('is at the address that it prints, and is ended with all it started', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('Lookdial is at http://127.0.0.1/' + child.pid);
      setInterval(() => {}, 1000);`;
    const daemon = await Daemon.start(node(script), {});
    const grandchild = Number(new URL(daemon.address).pathname.slice(1));
    assert.doesNotThrow(() => process.kill(grandchild, 0));
    await daemon.stop();
    assert.throws(() => process.kill(grandchild, 0), /ESRCH/);
  });

  it('is given the settings, and any free port', async () => {
    const script = `
      const { LOOKDIAL_PORT, LOOKDIAL_STORE } = process.env;
      console.log('Lookdial is at http://' + LOOKDIAL_STORE + ':' + LOOKDIAL_PORT);
      setInterval(() => {}, 1000);`;
    const daemon = await Daemon.start(node(script), { LOOKDIAL_STORE: 'some-store' });
    assert.equal(daemon.address, 'http://some-store:0');
    await daemon.stop();
  });

  it('fails with the last it printed where it ends instead', async () => {
    const script = "console.error('There is no index.'); process.exitCode = 3;";
    await assert.rejects(Daemon.start(node(script), {}), /ended with 3: There is no index\./);
  });
});
