/** The API's description, made from the routes themselves: `GET /api/v1/openapi.json`. */
import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { ERRORS } from '../errors.ts';
import { failures } from './route-schemas.ts';
import type { Api } from './services.ts';

export interface ApiInfo {
  readonly version: string;
}

/** Fastify adds a HEAD to each GET, with the same answers. */
const READS = ['GET', 'HEAD'];
const FULL = ERRORS['disk-full'].status;

/** Whoever writes may find the disk full: each call that changes something says so, without being told to. */
function sayDiskFull({ config, method, schema }: RouteOptions): void {
  if (config?.access === undefined || READS.includes(String(method)) || schema?.response === undefined) return;
  const answers = schema.response as Record<number, unknown>;
  answers[FULL] ??= failures('disk-full')[FULL];
}

/** Must be registered before the routes it describes. */
export async function describeApi(app: Api, { version }: ApiInfo): Promise<void> {
  app.addHook('onRoute', sayDiskFull);
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lookdial',
        version,
        description:
          'The local network API of one box: dial a point, see the garment it means and the garments in this store that are nearest to it.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          key: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A key that pairing gave. The word beside it is the scope that it must have; `admin` may do what `inventory` may.',
          },
          staff: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token of a staff session: at the screen, after the PIN.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (schema, _base, _fragment, place) => String(schema.$id ?? `schema-${place}`) },
  });
  app.get(
    '/api/v1/openapi.json',
    {
      schema: {
        operationId: 'openapi',
        summary: 'This document',
        response: { 200: Type.Object({}, { additionalProperties: true }), ...failures() },
      },
    },
    async () => app.swagger(),
  );
}
