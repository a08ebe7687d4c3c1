/** What this box is, for releases to be held against: its hardware, its ONNX Runtime, and what the program reads. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { INDEX_VERSION } from '../matching/index-format.ts';

export interface Box {
  /** Id of the bundle that came with the program: releases of the same id are its next versions. */
  readonly line: string;
  /** Every id that a release may name for it: `linux-arm64`, and `jetson` with it on NVIDIA's boards. */
  readonly hardware: readonly string[];
  /** Of the ONNX Runtime binding that is installed; undefined where it cannot be loaded. */
  readonly runtime: Runtime | undefined;
  /** Version of the index file that the program reads. */
  readonly indexVersion: number;
  /** Most dimensions of a latent space. */
  readonly mostLatentDim: number;
}

export interface Runtime {
  /** Three numbers. */
  readonly version: string;
  /** Newest ONNX operator set that it takes. */
  readonly opset: number;
}

const PROBE = join(import.meta.dirname, 'runtime-probe.ts');
/** A binding that is not there by then hangs, milliseconds. */
const PROBE_MS = 60_000;
/** As the manifest's schema has it. */
const MOST_LATENT_DIM = 64;
/** Where a board says what it is (device tree, Linux). */
const MODEL_FILE = '/proc/device-tree/model';
const RELEASE_FILE = '/etc/nv_tegra_release';

/** Ids of the hardware. @param root of the file system, for tests */
export async function hardwareIds(root = '/'): Promise<string[]> {
  const ids = [`${process.platform}-${process.arch}`];
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '');
  const [model, release] = await Promise.all([read(MODEL_FILE), read(RELEASE_FILE)]);
  if (/jetson/i.test(model) || release !== '') ids.push('jetson');
  return ids;
}

/**
 * What the ONNX Runtime binding really is: asked in a process of its own, since a broken one may take its process with it.
 * @param ortModule npm name or path of it
 * @returns undefined where it cannot be loaded
 */
export async function probeRuntime(ortModule = 'onnxruntime-node'): Promise<Runtime | undefined> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [PROBE, ortModule], {
      timeout: PROBE_MS,
      env: { ORT_DISABLE_TELEMETRY: '1' },
    });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Runtime;
  } catch {
    return undefined;
  }
}

/** This box. @param line id of the bundle of its settings @param ortModule npm name or path of the ONNX Runtime binding */
export async function describeBox(line: string, ortModule?: string): Promise<Box> {
  const [hardware, runtime] = await Promise.all([hardwareIds(), probeRuntime(ortModule)]);
  return { line, hardware, runtime, indexVersion: INDEX_VERSION, mostLatentDim: MOST_LATENT_DIM };
}
