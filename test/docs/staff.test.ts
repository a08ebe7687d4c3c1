import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { FREE_TRIES } from '../../device/access/pin.ts';
import { en } from '../../ui/locales/en.ts';
import { IDLE_MS } from '../../ui/state/staff.ts';

const DOCS = resolve(import.meta.dirname, '../../docs');
const page = readFileSync(join(DOCS, 'staff.md'), 'utf8');

/** Every text of the kiosk in English; where it depends on something, as it reads for one. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

describe('docs/staff.md', () => {
  it('names what stands on the screen as it stands there', () => {
    const shown = new Set(texts(en).map(text => text.replaceAll('’', "'")));
    const named = [...page.matchAll(/(?<!\*)\*(?!\*)([A-Z][^*\n]+)\*(?!\*)/g)].map(([, words = '']) => words);
    assert.ok(named.length >= 15, `${named.length} are named`);
    for (const words of named) {
      const found = [...shown].some(text => text === words || text.startsWith(words));
      assert.ok(found, `“${words}” is nowhere on the screen`);
    }
    for (const button of [
      'Stock and garments',
      'Take its photograph',
      'Take it out of the store',
      'Garments and photographs',
      'Name the dials',
      'Take a new photograph',
      'Try again',
      'Let it be',
      'Back to its own words',
    ]) {
      assert.ok(page.includes(`**${button}**`) && shown.has(button), button);
    }
  });

  it('shows pictures that are there, with words for those who do not see them', () => {
    const pictures = [...page.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)];
    assert.equal(pictures.length, 7);
    for (const [, words = '', path = ''] of pictures) {
      assert.ok(existsSync(join(DOCS, path)), path);
      assert.ok(words.length > 4, path);
    }
  });

  it('gives the times that the code has', () => {
    assert.equal(FREE_TRIES, 5);
    assert.match(page, /Five wrong PINs/);
    assert.equal(IDLE_MS, 60_000);
    assert.match(page, /a minute after your last touch/);
  });
});
