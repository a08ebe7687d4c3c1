/** The kiosk's page and its files, as they were built. */

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { LookdialError } from '../errors.ts';
import type { Api } from './services.ts';

/** Files under assets/ bear their content's hash in their name; everything else is asked for anew each time. */
const cacheControl = (path: string, root: string): string =>
  relative(root, path).startsWith(`assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache';

/** @param root the folder of the built page; where it is missing, `/` says how to build it */
export async function serveKiosk(app: Api, root: string): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, async () => {
      throw new LookdialError('not-found', 'The kiosk’s page has not been built. Build it with: npm run build.');
    });
    return;
  }
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.header('cache-control', cacheControl(path, root));
    },
  });
}
