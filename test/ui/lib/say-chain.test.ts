import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChainMatch } from '../../../device/api/chain-schemas.ts';
import { chainCard } from '../../../ui/lib/say.ts';
import { en } from '../../../ui/locales/en.ts';

const matchOf = (name: string, storeCount: number): ChainMatch => ({
  sku: 'WC-020',
  title: 'Wrap dress',
  category: 'Dress',
  colour: null,
  price: 89.9,
  currency: 'EUR',
  image: null,
  logLikelihood: -1,
  mahalanobisSquared: 1,
  storeCount,
  stores: [{ id: 'one', name, sizes: [{ name: 'M', quantity: 3 }] }],
});

test('a card of the chain says the shop with the most, and how many others have it', () => {
  const card = chainCard(matchOf('Köln', 8), 'EUR', en);
  assert.equal(card.shop, 'Köln +7');
  assert.ok(card.spoken.includes(`Köln +7 ${card.there}`), card.spoken);
  assert.equal(chainCard(matchOf('Köln', 1), 'EUR', en).shop, 'Köln');
});

test('behind a name in Arabic letters the plus stays before its number', () => {
  assert.equal(chainCard(matchOf('الرياض', 8), 'EUR', en).shop, 'الرياض \u200e+7');
});
