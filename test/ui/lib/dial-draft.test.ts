import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { draftOf, LONGEST, nameless, sameWords, withText, wordsOf } from '../../../ui/lib/dial-draft.ts';

const WORDS = { de: { name: 'Ärmel', low: 'kürzer', high: null }, ja: { name: 'そで', low: null, high: null } };

describe('the words of a dial while they are written', () => {
  it('are those that it has, and come out as they went in', () => {
    const draft = draftOf(WORDS);
    assert.deepEqual(draft.de, { name: 'Ärmel', low: 'kürzer', high: '' });
    assert.deepEqual(draft.en, { name: '', low: '', high: '' });
    assert.deepEqual(wordsOf(draft), WORDS);
    assert.ok(sameWords(wordsOf(draft), WORDS));
  });

  it('are another draft with each letter, and the one before stays', () => {
    const draft = draftOf({});
    const next = withText(draft, 'en', 'name', 'Sleeves');
    assert.equal(draft.en.name, '');
    assert.deepEqual(wordsOf(next), { en: { name: 'Sleeves', low: null, high: null } });
    assert.ok(!sameWords(wordsOf(next), {}));
  });

  it('end where there is no more room, and never in the middle of a letter', () => {
    const long = withText(draftOf({}), 'en', 'low', '𝒜'.repeat(LONGEST.low + 3));
    assert.equal(long.en.low, '𝒜'.repeat(LONGEST.low));
  });

  it('count for nothing where they are spaces', () => {
    assert.deepEqual(wordsOf(withText(draftOf({}), 'en', 'name', '  ')), {});
    const spaced = withText(draftOf({ en: { name: 'Hem', low: null, high: null } }), 'en', 'low', ' wide ');
    assert.deepEqual(wordsOf(spaced).en, { name: 'Hem', low: 'wide', high: null });
  });

  it('say where there are ends and no name', () => {
    assert.deepEqual(nameless(draftOf(WORDS)), []);
    assert.deepEqual(nameless(withText(draftOf(WORDS), 'fr', 'high', 'long')), ['fr']);
  });
});
