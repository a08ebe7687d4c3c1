import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');

/** What each room of device/ may import of the house, beside itself and errors.ts. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  matching: [],
  access: [],
  calls: [],
  inference: ['matching'],
  cutout: ['inference'],
  inventory: ['matching', 'inference'],
  engines: ['inference', 'inventory'],
  search: ['matching'],
  chain: ['matching'],
  edition: ['matching', 'inference', 'inventory', 'search'],
  updates: ['matching', 'access', 'inference', 'inventory', 'edition'],
  health: ['matching', 'inference', 'inventory', 'edition', 'updates', 'api'],
  api: ['matching', 'inference', 'cutout', 'inventory', 'edition', 'access', 'calls', 'chain', 'updates'],
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

/** Every relative import of a TypeScript file below `folder`, paths relative to the project. */
function importsOf(folder: string): Import[] {
  const found: Import[] = [];
  for (const file of globSync(`${folder}/**/*.ts`, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })) {
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    for (const match of text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'(\.[^']+)'/gm)) {
      const target = relative(ROOT, resolve(ROOT, dirname(file), match[2] ?? ''));
      found.push({ from: file, to: target, typeOnly: match[1] !== undefined });
    }
  }
  return found;
}

const roomOf = (path: string): string | undefined => /^device\/([^/]+)\//.exec(path)?.[1];

describe('the house', () => {
  const imports = importsOf('device');

  it('has imports to look at', () => {
    assert.ok(imports.length > 50, `found ${imports.length}`);
  });

  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    it(`lets ${room} know ${allowed.length === 0 ? 'nobody' : allowed.join(', ')}`, () => {
      const wrong = imports
        .filter(({ from, to }) => roomOf(from) === room && roomOf(to) !== undefined && roomOf(to) !== room)
        .filter(({ to }) => !allowed.includes(roomOf(to) ?? ''));
      assert.deepEqual(wrong, []);
    });
  }

  it('lets matching import nothing of the house, not even its errors', () => {
    const wrong = imports.filter(({ from, to }) => roomOf(from) === 'matching' && roomOf(to) !== 'matching');
    assert.deepEqual(wrong, []);
  });

  it('lets nobody but main listen or read a variable of the environment', () => {
    const readers = globSync('device/**/*.ts', { cwd: ROOT }).filter(file =>
      /process\.env[.[]|(?<!\bevents)\.listen\(/.test(readFileSync(resolve(ROOT, file), 'utf8')),
    );
    assert.deepEqual(
      readers.filter(file => file !== 'device/main.ts'),
      [],
    );
  });

  it('lets the kiosk import types alone from the daemon', () => {
    const wrong = importsOf('ui').filter(({ to, typeOnly }) => to.startsWith('device/') && !typeOnly);
    assert.deepEqual(wrong, []);
  });
});
