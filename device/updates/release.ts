/**
 * What is released: the one signed target of an update repository, `bundle.json`. `models/RELEASE.md` explains each field to
 * the person who publishes one.
 */
import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { LookdialError } from '../errors.ts';
import { Manifest, MemberPath, Sha256 } from '../inference/manifest.ts';
import type { Violation } from '../inference/manifest-rules.ts';
import { describeFault } from '../inference/schema-fault.ts';

const strict = { additionalProperties: false };

/** The target's name in the repository. */
export const RELEASE_TARGET = 'bundle.json';
/** Longest release document read, bytes: 256 members of long names take a fifth. */
export const MAX_RELEASE_BYTES = 2 ** 18;
/** Largest member, bytes. A decoder for the shop window takes a hundredth. */
const MAX_MEMBER_BYTES = 2 ** 31;

/** Three numbers: ONNX Runtime's own versions. */
const Version = Type.String({ pattern: '^(0|[1-9][0-9]{0,5})(\\.(0|[1-9][0-9]{0,5})){2}$' });

const Bytes = Type.Integer({ minimum: 1, maximum: MAX_MEMBER_BYTES });

/** A file of the release, kept by what it holds: `blobs/sha256/<sha256>`. */
const Blob = Type.Object({ sha256: Sha256, bytes: Bytes }, strict);

const Member = Type.Object({ path: MemberPath, sha256: Sha256, bytes: Bytes }, strict);

export const Release = Type.Object(
  {
    format: Type.Literal('lookdial-release/1'),
    /** Rises with each release of a repository, whatever the bundle's own version. */
    release: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** The bundle's own, as in its manifest. */
    id: Manifest.properties.id,
    version: Manifest.properties.version,
    latentDim: Manifest.properties.latentDim,
    encoderDigest: Sha256,
    /** Version of the index file that goes with it (models/INDEX.md). */
    indexVersion: Type.Integer({ minimum: 1, maximum: 1_000 }),
    runtime: Type.Object(
      {
        /** Newest ONNX operator set that its nets use. */
        opset: Type.Integer({ minimum: 1, maximum: 1_000 }),
        /** ONNX Runtime's versions that may run it: from the first, below the second. */
        from: Version,
        below: Version,
      },
      strict,
    ),
    /** Boxes it is for: one of these must be an id of the box's hardware. */
    hardware: Type.Array(Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 }), {
      minItems: 1,
      maxItems: 64,
    }),
    /** What must be free on the data disk beside the members themselves, bytes. */
    freeBytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    /** The boxes that take it: those whose place in [0, 100) by this salt is below `percent`. */
    rollout: Type.Object(
      {
        salt: Type.String({ minLength: 1, maxLength: 100 }),
        percent: Type.Number({ minimum: 0, maximum: 100 }),
      },
      strict,
    ),
    /** What it must keep to on the very box that tries it. */
    limits: Type.Object(
      {
        /** 95th centile of one decoding, milliseconds. */
        decodeP95Ms: Type.Number({ exclusiveMinimum: 0 }),
        /** The same of one encoding. */
        encodeP95Ms: Type.Number({ exclusiveMinimum: 0 }),
        /** Resident memory of the two inference processes together, bytes. */
        residentBytes: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
        /** Least share of the store's garments that are their own best match once encoded anew, 0..1. */
        selfRecall: Type.Number({ minimum: 0, maximum: 1 }),
      },
      strict,
    ),
    /** The bundle, whole: its `manifest.json` and all that it lists. */
    members: Type.Array(Member, { minItems: 1, maxItems: 256 }),
    /** A ready index of the chain's common catalogue. */
    index: Type.Optional(Blob),
  },
  strict,
);
export type Release = Static<typeof Release>;
export type ReleaseMember = Static<typeof Member>;

const validator = Compile(Release);

const numbers = (version: string): number[] => version.split('.').map(Number);

/** Orders ONNX Runtime's versions. @returns below 0, 0 or above 0 */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  const place = a.findIndex((value, at) => value !== b[at]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

function* violations({ members, runtime }: Release): Generator<Violation> {
  const paths = members.map(({ path }) => path);
  // A disk may hold `A` and `a` to be one.
  const folded = paths.map(path => path.toLowerCase());
  const twice = paths.find((_, at) => folded.indexOf(folded[at] ?? '') !== at);
  if (twice !== undefined) yield { field: 'members', got: `${twice} twice`, expected: 'every path once' };
  const inside = paths.find((_, at) => folded.some(other => other.startsWith(`${folded[at]}/`)));
  if (inside !== undefined)
    yield { field: 'members', got: `${inside} as a file and as a folder`, expected: 'one of the two' };
  if (!paths.includes('manifest.json')) {
    yield { field: 'members', got: 'no manifest.json', expected: 'the whole bundle' };
  }
  if (compareVersions(runtime.from, runtime.below) >= 0) {
    yield {
      field: 'runtime/below',
      got: runtime.below,
      expected: `a version above runtime/from, which is ${runtime.from}`,
    };
  }
}

function refuse(from: string, { field, got, expected }: Violation): never {
  const shown = (typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing')).slice(0, 120);
  const what = expected.replace('models/BUNDLE.md', 'models/RELEASE.md');
  throw new LookdialError('release-invalid', `${from}: ${field}: got ${shown}, expected ${what}.`);
}

/**
 * Reads a release document.
 * @param from where it is from, for messages
 * @throws LookdialError `release-invalid`: one sentence naming the field, what was got and what was expected
 */
export function parseRelease(bytes: Uint8Array, from: string): Release {
  if (bytes.length > MAX_RELEASE_BYTES) {
    refuse(from, { field: RELEASE_TARGET, got: `${bytes.length} bytes`, expected: `at most ${MAX_RELEASE_BYTES}` });
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LookdialError('release-invalid', `${from}: it is not JSON: ${(cause as Error).message}.`, { cause });
  }
  const format = typeof value === 'object' && value !== null ? Reflect.get(value, 'format') : undefined;
  const expected = Release.properties.format.const;
  if (format !== expected) refuse(from, { field: 'format', got: format ?? 'none', expected });
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    refuse(from, first === undefined ? { field: 'release', got: value, expected } : describeFault(first, value));
  }
  for (const violation of violations(value)) refuse(from, violation);
  return value;
}
