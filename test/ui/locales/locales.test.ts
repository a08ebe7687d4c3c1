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

  it('are known by their codes alone', () => {
    assert.equal(isLanguage('de'), true);
    assert.equal(isLanguage('toString'), false);
    assert.equal(isLanguage(''), false);
  });
});
