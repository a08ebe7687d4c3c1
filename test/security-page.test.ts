import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { KEPT } from '../device/access/audit.ts';
import { MAX_KEYS } from '../device/access/keys.ts';
import { PAIRING_MS, TRIES } from '../device/access/pairing.ts';
import { FIRST_LOCK_MS, FREE_TRIES, LONGEST_LOCK_MS } from '../device/access/pin.ts';
import { IDLE_MS, LONGEST_MS } from '../device/access/staff-session.ts';
import { CONNECTION_LIMITS } from '../device/connection-limits.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const page = readFileSync(join(PROJECT, 'docs', 'security.md'), 'utf8');

describe('docs/security.md', () => {
  const rows = page
    .slice(page.indexOf('## What an attacker'))
    .split('\n')
    .filter(line => line.startsWith('| ') && !line.startsWith('| they'))
    .map(line => line.split('|').map(cell => cell.trim()));

  it('says of each thing an attacker may try how it ends, and names a test that there is', () => {
    assert.ok(rows.length > 30, `${rows.length} lines`);
    for (const [, they, ends, named = ''] of rows) {
      assert.match(ends ?? '', /^\S/, they);
      const [, file, title] = /^`(test\/[\w/.-]+\.test\.ts)`: (.+)$/.exec(named) ?? [];
      assert.ok(file !== undefined && title !== undefined, `${they}: ${named}`);
      const source = readFileSync(join(PROJECT, file), 'utf8');
      assert.ok(source.includes(`it('${title}',`), `${file} has no test “${title}”`);
    }
  });

  it('gives the bounds that the code has', () => {
    const flat = page.replaceAll(/\s+/g, ' ');
    assert.deepEqual([PAIRING_MS, TRIES, FREE_TRIES], [120_000, 5, 5]);
    assert.match(flat, /for 120 seconds.*Five wrong codes.*After five wrong tries/);
    assert.deepEqual([FIRST_LOCK_MS, LONGEST_LOCK_MS], [30_000, 900_000]);
    assert.match(flat, /locked for 30 seconds, then a minute, up to 15 minutes/);
    assert.deepEqual([IDLE_MS, LONGEST_MS], [180_000, 1_800_000]);
    assert.match(flat, /after three minutes without a touch, and after half an hour/);
    assert.deepEqual(KEPT, { stock: 50_000, access: 10_000 });
    assert.match(flat, /latest 50,000 lines about garments.*latest 10,000/);
    assert.deepEqual(CONNECTION_LIMITS, { each: 64, all: 512 });
    assert.match(flat, /has 64, and all strangers 512/);
    assert.equal(MAX_KEYS, 100);
  });
});
