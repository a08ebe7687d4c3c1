/** Manifests that are changed, and what is said of one that is refused. */
import assert from 'node:assert/strict';
import { LookdialError } from '../../device/errors.ts';
import type { Manifest } from '../../device/inference/manifest.ts';

/** A deep copy with one change. */
export const changed = (manifest: Manifest, change: (copy: Manifest) => void): unknown => {
  const copy = structuredClone(manifest);
  change(copy);
  return copy;
};

export const refused = (...parts: (string | RegExp)[]) => {
  return (error: unknown) => {
    assert.ok(error instanceof LookdialError, String(error));
    assert.equal(error.code, 'bundle-invalid');
    for (const part of parts) {
      if (typeof part === 'string') assert.ok(error.message.includes(part), `${error.message} lacks ${part}`);
      else assert.match(error.message, part);
    }
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
};
