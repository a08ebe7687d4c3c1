import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify, { type RouteOptions } from 'fastify';
import { eventRoutes } from '../../device/api/events.ts';
import { InventoryNews } from '../../device/api/inventory-news.ts';
import { itemWriteRoutes } from '../../device/api/item-write.ts';
import type { Api, Services } from '../../device/api/services.ts';
import { stockRoutes } from '../../device/api/stock.ts';
import { EventHub } from '../../device/events.ts';

test('every call that changes the inventory names the scope it needs, and no other does', async () => {
  const app = Fastify() as unknown as Api;
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', route => void routes.push(route));
  const events = new EventHub();
  const services = { events, config: { eventListeners: 1 } } as unknown as Services;
  const news = new InventoryNews(events);
  stockRoutes(app, services, news);
  itemWriteRoutes(app, services, news);
  eventRoutes(app, services);
  const scopes = routes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, url, config }) => `${method} ${url} ${config?.access ?? 'anyone'}`);
  assert.deepEqual(scopes.sort(), [
    'GET /api/v1/events anyone',
    'PATCH /api/v1/items/:sku/stock inventory',
    'POST /api/v1/stock::batch inventory',
    'PUT /api/v1/items/:sku inventory',
  ]);
});
