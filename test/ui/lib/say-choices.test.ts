import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterOf, NO_FILTERS, roomsChosen, toggled, without } from '../../../ui/lib/filters.ts';
import { bandWords, filterWords } from '../../../ui/lib/say-choices.ts';
import { de } from '../../../ui/locales/de.ts';
import { en } from '../../../ui/locales/en.ts';

const some = { sizes: ['M', 'L'], colours: [], price: { min: 50, max: 79.99 } };

describe('filters', () => {
  it('are as the API takes them, and nothing where nothing is wanted', () => {
    assert.deepEqual(filterOf(undefined, NO_FILTERS), {});
    assert.deepEqual(filterOf('Dress', some), {
      categories: ['Dress'],
      sizes: ['M', 'L'],
      priceMin: 50,
      priceMax: 79.99,
    });
    assert.deepEqual(roomsChosen(some), ['sizes', 'price']);
    assert.deepEqual(roomsChosen(without(some, 'price')), ['sizes']);
    assert.deepEqual(toggled(['M', 'L'], 'M'), ['L']);
    assert.deepEqual(toggled(['L'], 'M'), ['L', 'M']);
  });

  it('are said in words, the price by its round numbers', () => {
    assert.equal(bandWords({ max: 49.99 }, 'EUR', en), 'under €50');
    assert.equal(bandWords({ min: 50, max: 79.99 }, 'EUR', de), '50\u00a0€ bis 80\u00a0€');
    assert.equal(bandWords({ min: 120 }, 'EUR', de), 'ab 120\u00a0€');
    const words = filterWords({ kind: 'Dress', kinds: 3, filters: some }, 'EUR', en);
    assert.deepEqual(
      words.map(({ name, words: said, chosen }) => [name, said, chosen]),
      [
        ['kind', 'Dresses', true],
        ['sizes', 'M, L', true],
        ['colours', 'any colour', false],
        ['price', '€50 to €80', true],
      ],
    );
  });

  it('do not ask for the kind where there is one alone', () => {
    const words = filterWords({ kind: undefined, kinds: 1, filters: NO_FILTERS }, null, en);
    assert.deepEqual(
      words.map(({ name }) => name),
      ['sizes', 'colours', 'price'],
    );
  });
});
