import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { encodeQR } from 'qr';
import { linkTo, listTexts, MOST_BYTES, readLink } from '../../../ui/lib/kept-list.ts';
import { LANGUAGES, LOCALES } from '../../../ui/locales/index.ts';
import { type KeptGarment, MOST_KEPT } from '../../../ui/state/kept.ts';
import { readCode } from '../../support/read-code.ts';

const garment = (sku: string, over: Partial<KeptGarment> = {}): KeptGarment => ({
  sku,
  title: 'Linen dress',
  category: 'Dress',
  price: 89,
  currency: null,
  location: 'Rail 3, left',
  image: '/',
  ...over,
});
const shop = { name: 'Maison Kühn', currency: 'EUR' };
const bytes = (text: string): number => new TextEncoder().encode(text).length;

describe('the list in words', () => {
  it('names the shop, each garment, its size, its price and where it hangs', () => {
    const kept = [garment('A', { size: 'M' }), garment('B', { title: 'Dress', price: 49.9, location: null })];
    assert.deepEqual(listTexts(kept, shop, LOCALES.en), [
      'Kept at Maison Kühn\n\nLinen dress, size M\n€89 · Rail 3, left\n\nDresses\n€49.90',
    ]);
    assert.match(
      listTexts(kept, shop, LOCALES.de)[0]!,
      /^Gemerkt bei Maison Kühn\n\nLinen dress, Größe M\n89\s€ · Rail 3/,
    );
  });

  it('says nothing of what is not known', () => {
    const [text] = listTexts([garment('A', { price: null, location: null })], shop, LOCALES.en);
    assert.equal(text, 'Kept at Maison Kühn\n\nLinen dress');
    assert.deepEqual(listTexts([], shop, LOCALES.en), []);
  });

  it('is as many codes as it needs, each of them whole, none too fine to be read', () => {
    for (const language of LANGUAGES) {
      const title = 'Overdyed corduroy overshirt with horn buttons';
      const many = Array.from({ length: MOST_KEPT }, (_, at) =>
        garment(`${at}`, { title: `${title} ${at}`, size: 'XL' }),
      );
      const texts = listTexts(many, shop, LOCALES[language]);
      assert.ok(texts.length >= 2 && texts.length <= 3, `${language}: ${texts.length}`);
      for (const text of texts) assert.ok(bytes(text) <= MOST_BYTES, `${language}: ${bytes(text)} bytes`);
      for (const { title: one } of many) assert.equal(texts.filter(text => text.includes(`${one},`)).length, 1);
    }
  });

  it('cuts what a catalogue makes too long, and breaks no line by it', () => {
    const endless = garment('A', { title: `Dress\n${'very '.repeat(900)}long`, location: '衣'.repeat(500) });
    const [text] = listTexts([endless], shop, LOCALES.ja);
    assert.ok(bytes(text!) <= MOST_BYTES, `${bytes(text!)}`);
    assert.equal(text!.split('\n').length, 4);
  });

  it('comes out of the code as it went in, by another’s reader, in every language', () => {
    for (const language of LANGUAGES) {
      const texts = LOCALES[language];
      const kept = Array.from({ length: 8 }, (_, at) =>
        garment(`${at}`, { title: `${texts.garment} ${at} ‘é日ع’`, size: 'M' }),
      );
      for (const text of listTexts(kept, shop, texts)) {
        const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4, scale: 3 });
        const pixels = new Uint8ClampedArray(
          rows.flatMap(row => row.flatMap(dark => [...(dark ? [28, 26, 23] : [255, 255, 255]), 255])),
        );
        assert.equal(readCode(pixels, rows.length, rows.length), text, language);
      }
    }
  });
});

describe('the address that a phone opens', () => {
  it('tells no server what is kept', () => {
    const link = linkTo('http://192.168.1.20:8080', {
      language: 'de',
      garments: [garment('A/1'), garment('B', { size: 'M' })],
    });
    assert.equal(link, 'http://192.168.1.20:8080/kept.html#de&A%2F1&B,M');
    assert.equal(new URL(link).search, '');
    const below = linkTo('https://kiosk.example/box/', { language: 'ar', garments: [] });
    assert.equal(below, 'https://kiosk.example/box/kept.html#ar');
  });

  it('is read as it was written', () => {
    const plain = { noNullPrototype: true } as const;
    const word = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
    const kept = fc.array(fc.oneof(fc.record({ sku: word }, plain), fc.record({ sku: word, size: word }, plain)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(kept, garments => {
        const { hash } = new URL(linkTo('http://box/', { language: 'ja', garments }));
        assert.deepEqual(readLink(hash), { language: 'ja', garments });
      }),
    );
  });

  it('is no way to break the page: what cannot be read is left out', () => {
    assert.deepEqual(readLink(''), { language: '', garments: [] });
    assert.deepEqual(readLink('#en&%zz&&A&,M'), { language: 'en', garments: [{ sku: 'A' }] });
    assert.equal(readLink(`#en${'&A'.repeat(5_000)}`).garments.length, 50);
  });
});
