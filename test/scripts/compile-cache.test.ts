import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryFolder } from '../support/store.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const HOOK = resolve(PROJECT, 'scripts/compile-cache.js');

describe('what Node makes of the TypeScript', () => {
  it('is kept by a command, and by the processes that it starts', async t => {
    const cache = join(await temporaryFolder(t), 'kept');
    const module = JSON.stringify(resolve(PROJECT, 'device/matching/top-k.ts'));
    const child = `await import(${module})`;
    const program = `const { execFileSync } = await import('node:child_process');
      execFileSync(process.execPath, ['--input-type=module', '-e', ${JSON.stringify(child)}]);`;
    execFileSync(process.execPath, ['--import', HOOK, '--input-type=module', '-e', program], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache },
    });
    assert.ok(existsSync(cache));
    const kept = globSync('*/*', { cwd: cache });
    assert.ok(kept.length >= 2, `the hook and the child’s module, not ${kept.join(' ')}`);
  });

  it('is kept by every command that runs it', () => {
    const { scripts } = JSON.parse(readFileSync(resolve(PROJECT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const ours = Object.entries(scripts).filter(([, command]) => /^node .*scripts\/\S+\.ts/.test(command));
    assert.ok(ours.length >= 7, `${ours.length} commands`);
    for (const [name, command] of ours) {
      assert.ok(command.startsWith('node --import ./scripts/compile-cache.js '), `npm run ${name}: ${command}`);
    }
    assert.match(readFileSync(resolve(PROJECT, 'scripts/start.js'), 'utf8'), /^import '\.\/compile-cache\.js';$/m);
  });
});
