/**
 * Checks what a request holds. Bodies are taken as they are: nothing coerced, nothing dropped, no default put in.
 * Only the parts of an address, which are text by nature, are read as numbers.
 */
import { Ajv, type ErrorObject, type Options } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';
import { type ErrorCode, LookdialError } from '../errors.ts';

const options: Options = {
  strict: false,
  strictNumbers: true,
  verbose: true,
  allErrors: false,
  useDefaults: false,
  removeAdditional: false,
};

/** The daemon's validator compiler; `shared` are the schemas that others refer to by `$id`. */
export function validatorCompiler(shared: readonly object[]): FastifySchemaCompiler<object> {
  const body = new Ajv({ ...options, coerceTypes: false }).addSchema([...shared]);
  const address = new Ajv({ ...options, coerceTypes: true }).addSchema([...shared]);
  return ({ schema, httpPart }) => {
    const check = (httpPart === 'body' ? body : address).compile(schema);
    return value => (check(value) ? { value } : { error: validationError(check.errors ?? [], httpPart ?? 'body') });
  };
}

const PARTS: Record<string, string> = {
  body: 'the body',
  querystring: 'the query',
  params: 'the address',
  headers: 'the headers',
};

/** `/filter/categories/2` is `filter.categories[2]`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(part => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');

const within = (parent: string, name: string): string => (parent === '' ? name : `${parent}.${name}`);

/** A value as a message may repeat it: short, and never a whole body. */
export const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') return 'an object';
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
};

const TYPES: Record<string, string> = {
  number: 'a finite number',
  integer: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** "must …": what the bound is, in words. */
const bound = (error: ErrorObject): string => {
  const { limit, type, allowedValues } = error.params as { limit?: number; type?: string; allowedValues?: unknown[] };
  const schema = error.parentSchema as { minimum?: number; maximum?: number } | undefined;
  switch (error.keyword) {
    case 'type':
      return `must be ${TYPES[String(type)] ?? type}`;
    case 'minimum':
    case 'maximum':
      return schema?.minimum !== undefined && schema.maximum !== undefined
        ? `must lie within [${schema.minimum}, ${schema.maximum}]`
        : `must be ${error.keyword === 'minimum' ? 'at least' : 'at most'} ${limit}`;
    case 'minItems':
      return `must hold at least ${limit}`;
    case 'maxItems':
      return `may hold at most ${limit}`;
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `may have at most ${limit} characters`;
    case 'uniqueItems':
      return 'must not hold the same twice';
    case 'enum':
      return `must be one of ${allowedValues?.join(', ')}`;
    default:
      return error.message ?? 'is not what this call takes';
  }
};

/** One sentence about the first thing that is wrong, naming the field, what was got, and the bound. */
function validationError(errors: readonly ErrorObject[], part: string): LookdialError {
  const [error] = errors;
  if (error === undefined) return new LookdialError('invalid-request', `${PARTS[part]} is not what this call takes.`);
  const place = fieldOf(error.instancePath);
  const named = (detail: string, field: string): LookdialError => {
    const code: ErrorCode = /^(dials|z)\b/.test(field) ? 'invalid-point' : 'invalid-request';
    return new LookdialError(code, detail, field === '' ? {} : { field });
  };
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty } = error.params as { additionalProperty: string };
    const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
    const takes = known.length === 0 ? 'none' : known.join(', ');
    const field = within(place, additionalProperty);
    const where = place === '' ? (PARTS[part] ?? part) : place;
    return new LookdialError(
      'invalid-request',
      `${shown(field)} is not a field that ${where} takes; it takes ${takes}.`,
      {
        field: field.slice(0, 200),
      },
    );
  }
  if (error.keyword === 'required') {
    const { missingProperty } = error.params as { missingProperty: string };
    const field = within(place, missingProperty);
    return named(`${field} is missing.`, field);
  }
  const subject = place === '' ? (PARTS[part] ?? part) : place;
  return named(`${subject} is ${shown(error.data)}, and ${bound(error)}.`, place);
}
