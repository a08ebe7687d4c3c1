/** Reads the point a request asks about: z itself, or settings of the dials. Bounds here depend on the model, so no schema has them. */
import type { Edition } from '../edition/edition.ts';
import { LookdialError } from '../errors.ts';
import { MAX_Z, type PointRequest } from './match-schemas.ts';

const refuse = (field: string, detail: string): never => {
  throw new LookdialError('invalid-point', detail, { field });
};

function checkNumbers(name: 'dials' | 'z', values: readonly number[], count: number, bound: number): void {
  if (values.length !== count) refuse(name, `${name} has ${values.length} numbers, and must have ${count}.`);
  const wrong = values.findIndex(value => !(Math.abs(value) <= bound));
  if (wrong < 0) return;
  refuse(`${name}[${wrong}]`, `${name}[${wrong}] is ${values[wrong]}, and must lie within [${-bound}, ${bound}].`);
}

/**
 * The point as z, n numbers.
 * @throws LookdialError `invalid-point` naming the field and the bound: neither or both of `dials` and `z`, a wrong length, a dial
 *   outside [-a, a] (it is not clamped), or a z beyond 1e4
 */
export function readPoint(edition: Edition, { dials, z }: Pick<PointRequest, 'dials' | 'z'>): Float64Array {
  const { latentDim, range } = edition.bundle.manifest;
  if (z !== undefined) {
    if (dials !== undefined) refuse('z', 'Both dials and z are given, and exactly one of them must be.');
    checkNumbers('z', z, latentDim, MAX_Z);
    return Float64Array.from(z);
  }
  if (dials === undefined) return refuse('dials', 'Neither dials nor z is given, and exactly one of them must be.');
  checkNumbers('dials', dials, latentDim, range);
  return edition.dials.toZ(dials);
}

/**
 * The kind to draw or to read, for a conditional model; undefined where the manifest's default is meant.
 * @throws LookdialError `invalid-request` for a kind the model does not know, or any kind where it knows none
 */
export function readCategory(edition: Edition, category: string | undefined, field: string): string | undefined {
  if (category === undefined) return undefined;
  const { conditions } = edition.bundle.manifest;
  if (conditions?.categories.includes(category)) return category;
  const known = conditions?.categories.join(', ');
  throw new LookdialError(
    'invalid-request',
    known === undefined
      ? `${field} is given, and this model takes none: it draws every kind without being told which.`
      : `${field} is ${JSON.stringify(category)}, and must be one of ${known}.`,
    { field },
  );
}

/** @throws LookdialError `invalid-request` for a dimension the model has not. */
export function checkDimensions(edition: Edition, on: readonly number[] | undefined, name = 'on'): void {
  const last = edition.bundle.manifest.latentDim - 1;
  const wrong = on?.findIndex(dimension => dimension > last) ?? -1;
  if (wrong < 0) return;
  const field = `${name}[${wrong}]`;
  throw new LookdialError('invalid-request', `${field} is ${on?.[wrong]}, and must lie within [0, ${last}].`, {
    field,
  });
}

/** What the dials show at a point: within the range, for a point may lie beyond it. */
export const dialsOf = (edition: Edition, z: ArrayLike<number>): number[] =>
  Array.from(edition.dials.clamp(edition.dials.toDials(z)));
