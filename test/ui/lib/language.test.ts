import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ago } from '../../../ui/lib/ago.ts';
import { mixed } from '../../../ui/lib/mix.ts';
import { money } from '../../../ui/lib/money.ts';
import { plural } from '../../../ui/lib/plural.ts';
import { LOCALES } from '../../../ui/locales/index.ts';

describe('a number of things', () => {
  it('is said as the language counts', () => {
    const { fr, ar, ja, de } = LOCALES;
    assert.deepEqual([0, 1, 2].map(fr.kept.count), ['0 vêtement', '1 vêtement', '2 vêtements']);
    assert.deepEqual([0, 1, 2, 3, 11, 100].map(ar.kept.count), [
      'لا قطع',
      'قطعة واحدة',
      'قطعتان',
      '3 قطع',
      '11 قطعة',
      '100 قطعة',
    ]);
    assert.deepEqual([1, 2].map(ja.kept.count), ['1点', '2点']);
    assert.deepEqual([1, 2].map(de.kept.count), ['Ein Stück', '2 Stücke']);
  });

  it('takes the form of all others where a form is left out, and writes numbers as the language does', () => {
    assert.equal(plural('en-GB', 1, { other: '# pieces' }), '1 pieces');
    assert.equal(plural('de-DE', 12_345, { one: '#', other: '# Stück' }), '12.345 Stück');
  });
});

describe('how long ago', () => {
  const at = '2026-01-01T10:00:00.000Z';
  const after = (seconds: number): number => Date.parse(at) + seconds * 1000;

  it('is said in words, by tens of seconds and then by minutes', () => {
    assert.deepEqual(
      [0, 9, 27, 59, 60, 200].map(seconds => ago(at, after(seconds), 'en-GB')),
      ['now', 'now', '20 seconds ago', '50 seconds ago', '1 minute ago', '3 minutes ago'],
    );
    assert.equal(ago(at, after(125), 'ja-JP'), '2 分前');
    assert.match(ago(at, after(125), 'ar-AE'), /دقيقتين/);
  });

  it('is now for a clock that runs behind', () => {
    assert.equal(ago(at, after(-30), 'de-DE'), 'jetzt');
  });
});

describe('a price in Arabic', () => {
  it('bears no marks of direction, which nobody reads and nobody finds', () => {
    assert.match(money(49.9, 'EUR', 'ar-AE').replaceAll(/\s/g, ' '), /^49\.90 €$/);
  });
});

describe('a picture between two', () => {
  const dot = (...rgba: number[]) => ({ width: 1, height: 1, rgba: Uint8Array.from(rgba) });

  it('has the colour of what covers it, and covers as much as both do', () => {
    assert.deepEqual([...mixed(dot(200, 0, 0, 255), dot(0, 0, 0, 0), 0.5).rgba], [200, 0, 0, 128]);
    assert.deepEqual([...mixed(dot(200, 0, 0, 255), dot(0, 100, 0, 255), 0.25).rgba], [150, 25, 0, 255]);
    assert.deepEqual([...mixed(dot(9, 9, 9, 0), dot(9, 9, 9, 0), 0.5).rgba], [9, 9, 9, 0]);
  });

  it('is the nearer one where they are not of one size', () => {
    const large = { width: 2, height: 1, rgba: new Uint8Array(8) };
    assert.equal(mixed(dot(1, 1, 1, 1), large, 0.7), large);
  });
});
