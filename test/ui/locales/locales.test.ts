import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERRORS } from '../../../device/errors.ts';
import { KNOWN_WORDS } from '../../../ui/lib/words.ts';
import { isLanguage, LANGUAGES, LOCALES } from '../../../ui/locales/index.ts';

/** Every text of a language by its path; functions stand for themselves. */
function texts(value: unknown, path = ''): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => texts(inner, `${path}/${name}`));
}

const paths = (language: (typeof LANGUAGES)[number]): string[] =>
  texts(LOCALES[language])
    .map(([path]) => path)
    .sort();

describe('the kiosk’s languages', () => {
  for (const language of LANGUAGES) {
    it(`${language} has every text, and no empty one`, () => {
      assert.deepEqual(paths(language), paths('en'));
      for (const [path, text] of texts(LOCALES[language])) {
        if (typeof text === 'string') assert.notEqual(text.trim(), '', path);
      }
    });

    it(`${language} has a text for each error of the daemon, and for no other`, () => {
      assert.deepEqual(Object.keys(LOCALES[language].errors).sort(), Object.keys(ERRORS).sort());
    });

    it(`${language} has a word for each known word, and for no other`, () => {
      assert.deepEqual(Object.keys(LOCALES[language].words).sort(), [...KNOWN_WORDS].sort());
    });

    it(`${language} calls a choice by what is to be read on it: its words and then its number`, () => {
      for (const garments of [0, 1, 2, 3, 11, 100, 1000]) {
        const spoken = LOCALES[language].design.leaves('rust', garments);
        // Whatever keeps a foreign word from turning the words around it is not read.
        assert.match(spoken.replaceAll(/[\u2068\u2069]/g, ''), new RegExp(`^rust ${garments}\\D`), spoken);
      }
    });

    it(`${language} names a locale that this runtime can format in`, () => {
      assert.deepEqual(Intl.NumberFormat.supportedLocalesOf(LOCALES[language].locale), [LOCALES[language].locale]);
    });

    it(`${language} never speaks of the machinery`, () => {
      for (const [path, text] of texts(LOCALES[language])) {
        const said = typeof text === 'function' ? String(text) : String(text);
        assert.doesNotMatch(said, /latent|sigma|posterior|likelihood|encoder|vector|neural/i, path);
      }
    });
  }

  it('leave no text in another language: where the script is another, it is in every text', () => {
    const scripts = {
      ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
      ar: /\p{Script=Arabic}/u,
    } as const;
    const none = new Set(['/locale', '/direction', '/staff/garments/letters']);
    for (const [language, script] of Object.entries(scripts) as [keyof typeof scripts, RegExp][]) {
      for (const [path, text] of texts(LOCALES[language])) {
        if (typeof text === 'string' && !none.has(path)) assert.match(text, script, `${language} ${path}`);
      }
    }
  });

  it('leave no sentence as another language has it', () => {
    for (const language of LANGUAGES) {
      const others = LANGUAGES.filter(other => other !== language).flatMap(other => texts(LOCALES[other]));
      const said = new Map(others.filter(([, text]) => typeof text === 'string').map(([path, text]) => [text, path]));
      for (const [path, text] of texts(LOCALES[language])) {
        // A word may be the same in two languages; a sentence is not.
        if (typeof text === 'string' && text.split(/\s/).length > 3)
          assert.ok(!said.has(text), `${language} ${path}: ${text}`);
      }
    }
  });

  it('say with every number what they say with one', () => {
    for (const language of LANGUAGES) {
      const { kept, idle, chain, staff, history: _history, look } = LOCALES[language];
      for (const number of [0, 1, 2, 3, 5, 11, 99, 100]) {
        const said = [
          kept.count(number),
          idle.wiped(number),
          chain.pieces(number),
          chain.more(number),
          staff.digits(number),
          staff.triesLeft(number),
          staff.updates.notTaken(number),
          staff.glance.unfound(number),
          staff.unfound.more(number),
          look(number),
        ];
        for (const text of said) assert.doesNotMatch(text, /undefined|NaN|#|^\s*$/, `${language} ${number}: ${text}`);
      }
    }
  });

  it('are known by their codes alone', () => {
    assert.equal(isLanguage('de'), true);
    assert.equal(isLanguage('toString'), false);
    assert.equal(isLanguage(''), false);
  });
});
