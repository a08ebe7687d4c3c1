import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { LANGUAGES } from '../../ui/locales/index.ts';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, '../../ui', path), 'utf8');

describe('the page that says that the screen is not ready', () => {
  it('says it in every language of the kiosk, and shows each large where it is the screen’s', () => {
    const sections = [
      ...read('help.html').matchAll(/<section lang="(\w+)"[^>]*>\s*<h1>([^<]+)<\/h1>\s*<p>([^<]+)<\/p>/g),
    ];
    assert.deepEqual(
      sections.map(([, language]) => language),
      LANGUAGES,
    );
    assert.equal(new Set(sections.map(([, , title]) => title)).size, LANGUAGES.length);
    const style = read('styles/help.css');
    // In one rule, whose measures each of the two orientations gives.
    for (const language of LANGUAGES) {
      assert.equal(style.split(`:lang(${language}) > body section:lang(${language})`).length, 2, language);
    }
    for (const measure of ['--chosen', '--below']) assert.equal(style.split(`${measure}: `).length, 3, measure);
  });

  it('has a place for why, and nothing that runs', () => {
    assert.equal(read('help.html').split('<p id="why"></p>').length, 2);
    assert.doesNotMatch(read('help.html'), /<script/);
  });
});
