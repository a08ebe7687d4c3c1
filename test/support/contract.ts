/** Holds answers to the daemon's own OpenAPI document: status, type and body must be what it says. */
import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Api } from '../../device/api/services.ts';

interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { content?: Record<string, unknown> }>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: Record<string, object> };
}

const DOCUMENT = 'https://lookdial.test/openapi.json';
const JSON_TYPES = /^application\/(problem\+)?json$/;

/** A part of a JSON pointer, as part of a URI. */
const part = (text: string): string => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'));

export class Contract {
  readonly document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.#ajv.addFormat('binary', true);
    this.#ajv.addSchema({ $id: DOCUMENT, ...document });
  }

  static async of(app: Api): Promise<Contract> {
    const answer = await app.inject({ url: '/api/v1/openapi.json' });
    assert.equal(answer.statusCode, 200, answer.body);
    const contract = new Contract(answer.json());
    contract.check({ url: '/api/v1/openapi.json' }, answer);
    return contract;
  }

  /** The path as the document spells it, e.g. `/api/v1/items/{sku}`; undefined where it has none. */
  pathOf(url: string): string | undefined {
    const parts = (url.split('?')[0] ?? '').split('/');
    const fits = (pattern: string): boolean => {
      const wanted = pattern.split('/');
      return (
        wanted.length === parts.length && wanted.every((one, place) => one.startsWith('{') || one === parts[place])
      );
    };
    return Object.keys(this.document.paths).find(fits);
  }

  /** @throws AssertionError where the document does not describe the answer to this request */
  check({ url, path = url, method = 'GET' }: InjectOptions, answer: LightMyRequestResponse): void {
    const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
    const known = this.pathOf(String(path));
    const verb = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
    const operation = known === undefined ? undefined : this.document.paths[known]?.[verb];
    if (known === undefined || operation === undefined) {
      assert.ok(
        answer.statusCode >= 400,
        `${method} ${path} is not in the document, and answered ${answer.statusCode}`,
      );
      this.#checkBody('#/components/schemas/Problem', answer.json());
      assert.equal(type, 'application/problem+json');
      return;
    }
    const where = `${operation.operationId} answered ${answer.statusCode} ${type}`;
    const described = operation.responses[String(answer.statusCode)];
    assert.ok(described !== undefined, `${where}, a status the document does not know: ${answer.body.slice(0, 300)}`);
    if (answer.rawPayload.length === 0) return;
    assert.ok(described.content?.[type] !== undefined, `${where}, a type the document does not know`);
    if (!JSON_TYPES.test(type)) return;
    const pointer = ['paths', known, verb, 'responses', String(answer.statusCode), 'content', type, 'schema'];
    this.#checkBody(`#/${pointer.map(part).join('/')}`, answer.json());
  }

  #checkBody(pointer: string, body: unknown): void {
    const check = this.#ajv.getSchema(`${DOCUMENT}${pointer}`);
    assert.ok(check !== undefined, `the document has nothing at ${pointer}`);
    if (check(body)) return;
    assert.fail(`${pointer}: ${this.#ajv.errorsText(check.errors)}; got ${JSON.stringify(body).slice(0, 300)}`);
  }
}
