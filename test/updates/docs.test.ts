import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { USUAL_PACE } from '../../device/updates/paced.ts';
import { REFUSALS } from '../../device/updates/refusals.ts';
import { USUAL_RETRIES } from '../../device/updates/retries.ts';
import { MOST_TRANSITIONS, STATES } from '../../device/updates/update-state.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const read = (...path: string[]): string => readFileSync(join(PROJECT, ...path), 'utf8');

describe('docs/updates.md', () => {
  const page = read('docs', 'updates.md');
  const rowsOf = (heading: string): string[][] => {
    const section = page.slice(page.indexOf(`## ${heading}`));
    const end = section.indexOf('\n## ', 3);
    const lines = section.slice(0, end < 0 ? undefined : end).split('\n');
    const rows = lines.filter(line => line.startsWith('| ') && !line.includes('---'));
    return rows.slice(1).map(line => line.split('|').map(cell => cell.trim()));
  };

  it('lists every refusal and no other, with whether it is an alarm and what it says', () => {
    assert.deepEqual(
      rowsOf('What each refusal means').map(([, reason, alarm, title]) => [reason, alarm, title]),
      Object.entries(REFUSALS).map(([reason, { alarm, title }]) => [`\`${reason}\``, alarm ? 'yes' : 'no', title]),
    );
  });

  it('names the attacks that there are tests of, and no other', () => {
    const files = readdirSync(join(PROJECT, 'test', 'updates', 'attacks'), {
      recursive: true,
      encoding: 'utf8',
    }).filter(name => name.endsWith('.test.ts'));
    const source = files.map(file => read('test', 'updates', 'attacks', file)).join('\n');
    const tested = new Set(Array.from(source.matchAll(/^ *test\(['`]([^:]+): /gm), match => match[1]));
    const named = rowsOf('What an attacker can do').map(([, attack]) => attack);
    assert.ok(named.length >= 22);
    assert.deepEqual(new Set(named), tested);
  });

  it('gives the bounds that the code has', () => {
    const flat = page.replaceAll(/\s+/g, ' ');
    assert.deepEqual(USUAL_PACE, { bytesPerSecond: 1_024, windowMs: 30_000 });
    assert.match(flat, /less than 1,024 bytes a second over 30 seconds/);
    assert.deepEqual(USUAL_RETRIES, { tries: 6, waitMs: 1_000, longestMs: 60_000 });
    assert.match(flat, /after 1, 2, 4 … up to 60 seconds; six tries in a row/);
    assert.equal(MOST_TRANSITIONS, 28);
    assert.match(flat, /After 28 transitions/);
    assert.ok(flat.includes(STATES.slice(0, -2).join(' → ')));
  });
});

it('every refusal is thrown somewhere', () => {
  const files = [
    'admission',
    'blobs',
    'fetch-bytes',
    'fetch-file',
    'folder-source',
    'http-source',
    'metadata',
    'paced',
  ];
  files.push('tuf-client', 'update-database', 'update-progress', 'updater', 'signed-release', 'verify-edition');
  const source = files.map(name => read('device', 'updates', `${name}.ts`)).join('\n');
  for (const reason of Object.keys(REFUSALS)) assert.ok(source.includes(`'${reason}'`), reason);
});
