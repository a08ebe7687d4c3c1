import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { money } from '../../../ui/lib/money.ts';
import { dialWords, inWindowOrder, namesOf, sizesLeft, tagWords } from '../../../ui/lib/say.ts';
import { DEFAULT_MM_PER_PX, mmPerPx, targetPx } from '../../../ui/lib/screen.ts';
import { inWords } from '../../../ui/lib/words.ts';
import { de } from '../../../ui/locales/de.ts';
import { en } from '../../../ui/locales/en.ts';

const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

describe('a price', () => {
  it('is written as the language writes money, whole numbers without decimals', () => {
    assert.equal(money(49.9, 'EUR', 'en-GB'), '€49.90');
    assert.equal(plain(money(49.9, 'EUR', 'de-DE')), '49,90 €');
    assert.equal(money(49, 'EUR', 'en-GB'), '€49');
    assert.equal(money(4900, 'JPY', 'en-GB'), 'JP¥4,900');
  });

  it('is nothing where it is not known, and a bare number where no currency is', () => {
    assert.equal(money(null, 'EUR', 'en-GB'), '');
    assert.equal(money(12.5, null, 'de-DE'), '12,50');
  });

  it('keeps a currency that is no ISO code as it is written', () => {
    assert.equal(money(12, 'points', 'en-GB'), '12 points');
  });
});

describe('what is said of a garment', () => {
  const match = {
    sku: 'A1',
    title: 'Linen dress',
    category: 'Dress',
    colour: null,
    price: 89,
    currency: null,
    sizes: [
      { name: 'S', quantity: 2 },
      { name: 'M', quantity: 0 },
      { name: 'One size', quantity: 1 },
    ],
    location: null,
    image: '/x',
    logLikelihood: -1,
    mahalanobisSquared: 3,
    share: 0.624,
    nearness: 'very-one',
  } as const;

  it('names the sizes left, or that there are none, or nothing where it is not known', () => {
    assert.equal(sizesLeft(match.sizes, en), 'S · one size');
    assert.equal(sizesLeft([{ name: 'S', quantity: 0 }], de), 'Ausverkauft');
    assert.equal(sizesLeft(null, en), '');
    assert.equal(sizesLeft([], en), 'Sold out');
  });

  it('joins three neighbouring sizes and more, and never over a gap', () => {
    const sizes = (...left: number[]) => ['XS', 'S', 'M', 'L', 'XL'].map((name, at) => ({ name, quantity: left[at]! }));
    assert.equal(sizesLeft(sizes(1, 2, 3, 4, 5), en), 'XS–XL');
    assert.equal(sizesLeft(sizes(1, 1, 0, 1, 1), en), 'XS · S · L · XL');
    assert.equal(sizesLeft(sizes(1, 0, 1, 1, 1), en), 'XS · M–XL');
  });

  it('takes the store’s currency where the garment names none, and says everything aloud', () => {
    const ranked = { match: { ...match, sizes: [...match.sizes] }, rank: 0 };
    assert.equal(
      tagWords(ranked, 'EUR', en).spoken,
      'Linen dress, €89, the very one, S · one size, 62 in 100 that this is the one you mean',
    );
    const unpriced = tagWords({ ...ranked, match: { ...ranked.match, title: 'Dress', price: null } }, 'EUR', de);
    assert.deepEqual([unpriced.title, unpriced.price], ['Kleider', '']);
  });

  it('gives a dial the words it has, and invents none', () => {
    const own = { name: 'length', low: 'shorter', high: 'longer' };
    const dial = { own, words: {} };
    const said = { range: 5, matters: false, locked: false };
    const words = dialWords(dial, 2, { ...said, value: 3 }, de);
    assert.deepEqual([words.name, words.low, words.high, words.place], ['Länge', 'kürzer', 'länger', 'viel länger']);
    const unnamed = dialWords({ own: { name: null, low: null, high: null }, words: {} }, 7, { ...said, value: 0 }, en);
    assert.deepEqual([unnamed.name, unnamed.place], ['Dial 7', 'in the middle']);
    const held = dialWords(dial, 2, { ...said, value: 5, matters: true, locked: true }, en);
    assert.equal(held.place, 'all the way longer, matters to you, held still');
    assert.deepEqual([held.matters, held.stays], ['This matters to me', 'Stays as it is']);
    assert.deepEqual([words.matters, words.stays], ['Ist das wichtig?', 'Darf sich ändern']);
  });
});

describe('a dial that staff have named', () => {
  const own = { name: 'length', low: 'shorter', high: 'longer' };
  const none = { name: null, low: null, high: null };
  const words = { de: { name: 'Saum', low: 'hoch', high: null } };

  it('is called so in that language, as a whole', () => {
    assert.deepEqual(namesOf({ own, words }, de), { name: 'Saum', low: 'hoch', high: null });
  });

  it('is called in another what it is called without them', () => {
    assert.deepEqual(namesOf({ own, words }, en), { name: 'Length', low: 'shorter', high: 'longer' });
  });

  it('is called as they wrote it where nobody else has a name for it', () => {
    assert.deepEqual(namesOf({ own: none, words }, en), { name: 'Saum', low: 'hoch', high: null });
    assert.deepEqual(namesOf({ own: none, words: {} }, en), none);
  });

  it('stands among those that have a name', () => {
    const dial = { index: 0, ...none, own: none, words: {}, activity: 1, kl: 1, density: [], kinds: null };
    const dials = [dial, { ...dial, index: 1, words }, { ...dial, index: 2, own }];
    assert.deepEqual(
      inWindowOrder(dials).map(({ index }) => index),
      [1, 2, 0],
    );
  });
});

describe('a word from a bundle or a catalogue', () => {
  it('is translated where it is known, however it is written, and else left alone', () => {
    assert.equal(inWords(' T-Shirt', de.words), 'T-Shirts');
    assert.equal(inWords('Pants', de.words), 'Hosen');
    assert.equal(inWords('Dirndl', en.words), 'Dirndl');
    assert.equal(inWords('constructor', en.words), 'constructor');
  });
});

describe('the size of what one touches', () => {
  it('is 20 mm: 81 px on an upright 21.5" screen', () => {
    assert.equal(targetPx(DEFAULT_MM_PER_PX), 81);
    assert.equal(targetPx(mmPerPx('?mmPerPx=0.5')), 40);
  });

  it('is that of the usual screen where the address says nonsense', () => {
    for (const search of ['', '?mmPerPx=', '?mmPerPx=-1', '?mmPerPx=9', '?mmPerPx=wide', '?mmPerPx=NaN']) {
      assert.equal(mmPerPx(search), DEFAULT_MM_PER_PX, search);
    }
  });
});
