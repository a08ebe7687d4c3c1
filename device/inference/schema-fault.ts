/** Turns a schema's complaint into what a person needs: which field, what stands there, what should. */
import type { Violation } from './manifest-rules.ts';

/** The part of a validator's error that is read here. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** The value at a JSON pointer. */
const at = (root: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
      root,
    );

const listed = (params: object, name: string): string => [Reflect.get(params, name)].flat().join(', ');

/** @param value what was validated */
export function describeFault({ keyword, instancePath, params, message }: SchemaError, value: unknown): Violation {
  const field = instancePath.slice(1) || 'manifest';
  const got = at(value, instancePath);
  switch (keyword) {
    case 'required': {
      const names = listed(params, 'requiredProperties');
      return { field, got: `an object without ${names}`, expected: 'one with what models/BUNDLE.md requires' };
    }
    case 'boolean':
    case 'additionalProperties':
      return { field, got: 'a field that this format does not have', expected: 'the fields of models/BUNDLE.md alone' };
    case 'const':
      return { field, got, expected: listed(params, 'allowedValue') };
    case 'enum':
      return { field, got, expected: `one of ${listed(params, 'allowedValues')}` };
    default:
      return { field, got, expected: `a value that ${message}` };
  }
}
