/** `DELETE /api/v1/items/{sku}`: takes a garment out of the store, with its stock, its picture and its encoding. */
import { ItemParams } from './items.ts';
import { failures } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

export function itemDeleteRoute(app: Api, { live }: Services): void {
  app.delete(
    '/api/v1/items/:sku',
    {
      config: { access: 'inventory' },
      schema: {
        operationId: 'deleteItem',
        summary: 'Take a garment out of the store, for good',
        params: ItemParams,
        response: {
          204: { type: 'null', description: 'It is gone, and on the disk it is gone too.' },
          ...failures('origin-not-allowed', 'item-not-found', 'indexing-under-way', 'write-failed', 'not-ready'),
        },
      },
    },
    async (request, reply) => {
      await live.current().remove(request.params.sku);
      return reply.code(204).send(null);
    },
  );
}
