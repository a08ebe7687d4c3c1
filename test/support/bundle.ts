/** Writes bundles for tests: a manifest, nets, and golden data made by a reference that runs no ONNX. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Manifest, ModelFile } from '../../device/inference/manifest.ts';

/** Deterministic numbers in [-1, 1). */
export function noise(seed: number, length: number): Float32Array<ArrayBuffer> {
  let state = (seed * 2654435761 + 1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** What a net should answer, in its own tensors and in float64. */
export interface Reference {
  encode(input: Float32Array, category: number): { mu: number[]; scale: number[]; sigma: number[] };
  decode(z: ArrayLike<number>, category: number): { colour: number[]; alpha?: number[] };
}

/** A model as a trainer would hand it over. */
export interface TestModel {
  readonly described: Omit<Manifest, 'files' | 'golden'>;
  readonly encoder: Uint8Array;
  readonly decoder: Uint8Array;
  readonly reference: Reference;
}

const float32 = (values: ArrayLike<number>): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (let i = 0; i < values.length; i += 1) bytes.writeFloatLE(values[i] ?? 0, 4 * i);
  return bytes;
};

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const ALL_RUNTIMES = ['cpu', 'webgpu', 'cuda', 'tensorrt'] as const;
const GOLDEN_CASES = 3;

const temporaryFolders: string[] = [];
process.once('exit', () => {
  for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/** Bytes by path, and the manifest that lists them. */
export interface BundleParts {
  readonly manifest: Manifest;
  readonly members: ReadonlyMap<string, Uint8Array>;
}

/** A bundle in memory: golden cases from the model's own reference. */
export function bundleOf(model: TestModel): BundleParts {
  const { described, reference } = model;
  const members = new Map<string, Uint8Array>();
  const files: ModelFile[] = [];
  const add = (path: string, bytes: Uint8Array, more: Omit<ModelFile, 'path' | 'sha256' | 'bytes'>): string => {
    members.set(path, bytes);
    files.push({ path, sha256: digestOf(bytes), bytes: bytes.length, ...more });
    return path;
  };
  const runtimes = [...ALL_RUNTIMES];
  const encoderTolerance = { mu: 1e-3, logSigma: 1e-3 };
  add('encoder.onnx', model.encoder, { role: 'encoder', runtimes, precision: 'float32', tolerance: encoderTolerance });
  add('decoder.onnx', model.decoder, { role: 'decoder', runtimes, precision: 'float32', tolerance: { rms: 1e-3 } });
  const { input } = described.encoder;
  const length = input.width * input.height * (input.channels === 'grey' ? 1 : 3);
  const category = (i: number, net: 'encoder' | 'decoder') => {
    const place = described.conditions === undefined ? 0 : i % described.conditions.categories.length;
    const name = described.conditions?.categories[place];
    return {
      place,
      field: described[net].conditionInput === undefined || name === undefined ? {} : { category: name },
    };
  };
  const golden: Manifest['golden'] = { encoder: [], decoder: [] };
  for (let i = 0; i < GOLDEN_CASES; i += 1) {
    const tensor = noise(100 + i, length);
    const forEncoder = category(i, 'encoder');
    const { mu, sigma } = reference.encode(tensor, forEncoder.place);
    const path = add(`golden/encoder-${i}.f32`, float32(tensor), { role: 'golden' });
    golden.encoder.push({ input: path, ...forEncoder.field, mu, sigma });
    const z = [...noise(200 + i, described.latentDim)].map(value => 2 * value);
    const forDecoder = category(i, 'decoder');
    const { colour, alpha } = reference.decode(z, forDecoder.place);
    const role = { role: 'golden' } as const;
    const colourPath = add(`golden/decoder-${i}-colour.f32`, float32(colour), role);
    const alphaPath = alpha && add(`golden/decoder-${i}-alpha.f32`, float32(alpha), role);
    golden.decoder.push({ z, ...forDecoder.field, colour: colourPath, ...(alphaPath && { alpha: alphaPath }) });
  }
  return { manifest: { ...described, files, golden }, members };
}

/** A new folder that is gone when the test's process is. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  temporaryFolders.push(folder);
  return folder;
}

/** Writes a bundle into `folder`, or into a new temporary one. @returns the folder */
export function writeBundle(parts: BundleParts, folder = temporaryFolder('bundle')): string {
  for (const [path, bytes] of parts.members) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(parts.manifest, undefined, 1));
  return folder;
}

/** The bundle with one member's bytes changed, and its digest and length made true again. */
export function withMember(parts: BundleParts, path: string, bytes: Uint8Array): BundleParts {
  const members = new Map(parts.members).set(path, bytes);
  const files = parts.manifest.files.map(file =>
    file.path === path ? { ...file, sha256: digestOf(bytes), bytes: bytes.length } : file,
  );
  return { manifest: { ...parts.manifest, files }, members };
}
