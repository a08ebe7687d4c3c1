import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { it } from 'node:test';
import { REFERENCES } from '../support/reference-pictures.ts';

it('docs/screens.md shows every picture that is kept, and no other', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/screens.md'), 'utf8');
  const shown = [...page.matchAll(/references\/([\w-]+\.webp)/g)].map(([, name]) => name);
  const kept = globSync('*.webp', { cwd: REFERENCES });
  assert.ok(kept.length >= 8 * 2 * 3, `${kept.length} pictures`);
  assert.deepEqual(shown.sort(), kept.sort());
});
