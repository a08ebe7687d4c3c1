import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { LIFETIME_DAYS } from '../../scripts/bundle/lifetimes.ts';
import { TAKES } from '../../scripts/bundle/options.ts';
import { DEFAULTS } from '../../scripts/bundle/release-document.ts';
import { readPage } from '../support/typed-page.ts';

const PROJECT = resolve(import.meta.dirname, '../..');

test('docs/publishing.md and models/RELEASE.md give the numbers that the code has', async () => {
  const [page, format] = await Promise.all(
    ['docs/publishing.md', 'models/RELEASE.md'].map(path => readPage(resolve(PROJECT, path))),
  );
  const number = (value: number): string => value.toLocaleString('en-GB');
  const { root, targets, snapshot, timestamp } = LIFETIME_DAYS;
  const { freeBytes, decodeP95Ms, encodeP95Ms, residentBytes, selfRecall, hardware } = DEFAULTS;
  for (const line of [
    `| \`--free-bytes\` | ${number(freeBytes)} |`,
    `| \`--decode-p95-ms\`, \`--encode-p95-ms\` | ${number(decodeP95Ms)}, ${number(encodeP95Ms)} |`,
    `| \`--resident-bytes\` | ${number(residentBytes)} |`,
    `| \`--self-recall\` | ${selfRecall} |`,
    `| \`--hardware\`, several times | ${hardware.map(id => `\`${id}\``).join(', ')} |`,
    `| timestamp, snapshot | ${timestamp}, ${snapshot} |`,
    `| targets | ${targets} |`,
    `| root | ${root} |`,
    `in the last ${targets * 0.2} days`,
    `in the last ${root * 0.2} days`,
  ]) {
    assert.ok(page?.includes(line), line);
  }
  for (const [role, days] of Object.entries(LIFETIME_DAYS)) {
    assert.match(format ?? '', new RegExp(`^\\| ${role} \\| ${days} \\|`, 'm'));
  }
});

test('README.md names every command of npm run bundle', async () => {
  const readme = await readPage(resolve(PROJECT, 'README.md'));
  const [line = ''] = readme.split('\n').filter(one => one.includes('npm run bundle -- COMMAND'));
  assert.deepEqual([...line.matchAll(/`([a-z]+)`/g)].map(([, name]) => name).sort(), Object.keys(TAKES).sort());
});
