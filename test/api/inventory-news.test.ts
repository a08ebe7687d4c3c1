import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InventoryNews, MOST_NAMED } from '../../device/api/inventory-news.ts';
import type { BoxEvent } from '../../device/events.ts';

test('the first change is told at once, and those that follow close behind it together', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told: BoxEvent['data'][] = [];
  const news = new InventoryNews({ publish: ({ data }) => told.push(data) });
  news.tell([]);
  assert.equal(told.length, 0);
  news.tell(['a']);
  news.tell(['b', 'c']);
  news.tell(['b']);
  assert.deepEqual(told, [{ skus: ['a'], more: false }]);
  t.mock.timers.tick(100);
  assert.deepEqual(told[1], { skus: ['b', 'c'], more: false });
  t.mock.timers.tick(100);
  assert.equal(told.length, 2);
  news.tell(Array.from({ length: MOST_NAMED + 1 }, (_, place) => `s${place}`));
  const last = told[2] as { skus: string[]; more: boolean };
  assert.deepEqual([last.skus.length, last.more], [MOST_NAMED, true]);
  news.tell(['x']);
  news.close();
  t.mock.timers.tick(1_000);
  assert.equal(told.length, 3);
});
