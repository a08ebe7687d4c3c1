/** `GET /api/v1/audit`: the book of changes. */
import type { Line } from '../access/audit.ts';
import { type Audit, AuditQuery } from './access-schemas.ts';
import { failures, named } from './route-schemas.ts';
import type { Api, Services } from './services.ts';

const DEFAULT_LIMIT = 50;

const view = ({ whoId, whoName, at, ...line }: Line): Audit['lines'][number] => ({
  ...line,
  at: new Date(at).toISOString(),
  keyId: whoId,
  keyName: whoName,
});

export function auditRoutes(app: Api, { access }: Services): void {
  app.get(
    '/api/v1/audit',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'audit',
        summary: 'Who changed what, the latest first',
        querystring: AuditQuery,
        response: { 200: named('Audit'), ...failures() },
      },
    },
    async request => {
      const { limit = DEFAULT_LIMIT, cursor } = request.query;
      const found = access.audit.page(limit + 1, cursor);
      const lines = found.slice(0, limit).map(view);
      const last = lines.at(-1);
      return found.length > limit && last !== undefined ? { lines, nextCursor: last.id } : { lines };
    },
  );
}
