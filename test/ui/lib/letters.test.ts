import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { otherForm } from '../../../ui/lib/letters.ts';
import { LOCALES } from '../../../ui/locales/index.ts';

describe('the other form of a letter', () => {
  it('is its capital, whatever accent it has', () => {
    assert.equal(['a', 'ä', 'é', 'ñ', 'œ'].map(otherForm).join(''), 'AÄÉÑŒ');
  });

  it('is the katakana of a hiragana', () => {
    assert.equal([...'ぁあがぱょんー'].map(otherForm).join(''), 'ァアガパョンー');
  });

  it('is itself where there is none, or where it would be two', () => {
    assert.equal(['ß', '-', '’', 'ب'].map(otherForm).join(''), 'ß-’ب');
  });
});

describe('the letters to name a dial with', () => {
  it('are each there once, and small', () => {
    for (const { staff, name } of Object.values(LOCALES)) {
      const letters = [...staff.naming.letters];
      assert.equal(new Set(letters).size, letters.length, name);
      assert.equal(staff.naming.letters.toLowerCase(), staff.naming.letters, name);
    }
  });

  it('are enough to write the dial’s words that the kiosk knows in that language', () => {
    for (const { staff, words, name, locale } of Object.values(LOCALES)) {
      // Ideographs are nobody's to type on a pad: kana stand for them.
      if (locale === 'ja-JP') continue;
      const letters = new Set([...staff.naming.letters, ...Array.from(staff.naming.letters, otherForm), ' ']);
      for (const word of [words.sleeve, words.neck, words.lightness, words.longer, words.darker, words.plain]) {
        for (const letter of word) assert.ok(letters.has(letter), `${name}: ${letter} of ${word}`);
      }
    }
  });
});
