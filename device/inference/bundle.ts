/** A bundle: a model, what its manifest says of it, and the files it stands for, all checked before anything is run. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import { canonicalJson } from './canonical-json.ts';
import { Manifest, type ModelFile } from './manifest.ts';
import { type Violation, violations } from './manifest-rules.ts';
import { bundleInvalid, confine, readMember } from './members.ts';
import { describeFault } from './schema-fault.ts';

export const ROLES = ['encoder', 'decoder'] as const;
export type Role = (typeof ROLES)[number];
export type Provider = 'cpu' | 'webgpu' | 'cuda' | 'tensorrt';

/** Longest manifest read, bytes: 256 kinds of 64 dimensions take about half. */
const MAX_MANIFEST_BYTES = 16 * 2 ** 20;

/** Checked before all else: a manifest of another format is not judged by the rules of this one. */
const FORMAT = Manifest.properties.format.const;

const validator = Compile(Manifest);

/** A bundle whose manifest holds and whose files are those it lists. Made by `openBundle`. */
export class Bundle {
  readonly folder: string;
  readonly manifest: Manifest;
  /** SHA-256 in hex of what makes two encodings comparable; an index bears it. `models/BUNDLE.md` says of what. */
  readonly encoderDigest: string;

  constructor(folder: string, manifest: Manifest) {
    this.folder = folder;
    this.manifest = manifest;
    this.encoderDigest = encoderDigest(manifest);
  }

  /** `clothing@1.0.0` */
  get name(): string {
    return `${this.manifest.id}@${this.manifest.version}`;
  }

  /** The file of a role that a provider gets: the first that lists it; undefined where none does. */
  fileFor(role: Role, provider: Provider): { path: string; file: ModelFile } | undefined {
    const file = this.manifest.files.find(one => one.role === role && one.runtimes?.includes(provider));
    return file && { path: join(this.folder, file.path), file };
  }
}

/** The digest that `models/BUNDLE.md` specifies: the encoder's description, its files, n, and the conditions. */
export function encoderDigest({ encoder, files, latentDim, conditions }: Manifest): string {
  const digests = files.filter(file => file.role === 'encoder').map(file => file.sha256);
  const described = { encoder, files: digests.sort(), latentDim, conditions: conditions ?? null };
  return createHash('sha256').update(canonicalJson(described)).digest('hex');
}

const shown = (got: unknown): string => {
  const text = typeof got === 'string' ? got : (JSON.stringify(got) ?? 'nothing');
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};

const refuse = (path: string, { field, got, expected }: Violation): never => {
  throw bundleInvalid(path, `${field}: got ${shown(got)}, expected ${expected}.`);
};

async function writtenIn(folder: string): Promise<unknown> {
  const shownPath = join(folder, 'manifest.json');
  const file = await open(await confine(folder, 'manifest.json'));
  try {
    const { size } = await file.stat();
    if (size > MAX_MANIFEST_BYTES) {
      throw bundleInvalid(shownPath, `it holds ${size} bytes, expected at most ${MAX_MANIFEST_BYTES}.`);
    }
    const written = await file.readFile('utf8');
    try {
      return JSON.parse(written);
    } catch (cause) {
      throw bundleInvalid(shownPath, `it is not JSON: ${(cause as Error).message}.`, cause);
    }
  } finally {
    await file.close();
  }
}

/** Checks a manifest by the schema and then by the rules between its fields. @param path named in the message. */
export function checkManifest(value: unknown, path: string): Manifest {
  const format = typeof value === 'object' && value !== null ? Reflect.get(value, 'format') : undefined;
  if (format !== FORMAT) refuse(path, { field: 'format', got: format ?? 'none', expected: FORMAT });
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    if (first === undefined) throw bundleInvalid(path, 'it does not follow models/BUNDLE.md.');
    return refuse(path, describeFault(first, value));
  }
  for (const violation of violations(value)) refuse(path, violation);
  return value;
}

/** What a bundle says of itself, its members unread. @throws LookdialError `bundle-invalid` */
export async function readManifest(folder: string): Promise<Manifest> {
  return checkManifest(await writtenIn(folder), join(folder, 'manifest.json'));
}

/**
 * Opens a bundle: the manifest by its schema and rules, every member by its place, length and digest.
 * That the nets are what the manifest says is checked where they are loaded: see `startInference`.
 * @throws LookdialError `bundle-invalid`: one sentence naming file and field, what was got and what was expected.
 */
export async function openBundle(folder: string): Promise<Bundle> {
  const root = resolve(folder);
  const manifest = await readManifest(root);
  for (const file of manifest.files) await readMember(root, file);
  return new Bundle(root, manifest);
}
