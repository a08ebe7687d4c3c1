import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { CHECKS } from '../../scripts/doctor/checks.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/doctor.md'), 'utf8');

/** The cells of each line of the table that begins with this heading. */
function table(heading: string): string[][] {
  const lines = page.slice(page.indexOf(`\n| ${heading} |`) + 1).split('\n');
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(2, end).map(line =>
    line
      .split('|')
      .map(cell => cell.trim())
      .slice(1, -1),
  );
}

describe('docs/doctor.md', () => {
  const rows = table('check');

  it('has every check and no other, in the order they are made, with what each looks at', async () => {
    const checks = await Promise.all(CHECKS.map(({ load }) => load()));
    assert.deepEqual(
      rows.map(cells => cells.slice(0, 2)),
      checks.map(({ name, about }) => [`\`${name}\``, about]),
    );
  });

  it('says of each when it is looked at or broken, and the next step', () => {
    for (const [name = '', , look = '', broken = '', next = ''] of rows) {
      assert.ok(look.length + broken.length > 10, name);
      assert.ok(next.length > 3, name);
    }
  });

  it('has every exit status', () => {
    assert.deepEqual(
      table('exit status').map(([status]) => status),
      ['0', '1', '2', '64'],
    );
  });
});
