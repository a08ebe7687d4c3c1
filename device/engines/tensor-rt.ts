/** Which graphics processor, driver and TensorRT a box has, as far as an engine depends on them; and why it has none. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An engine that was built under one of these is none under another. */
export interface TensorRt {
  /** `NVIDIA Jetson Orin Nano Developer Kit (tegra234)`, or of a PC every GPU with its compute capability: `NVIDIA L4, 8.9`. */
  readonly hardware: string;
  /** L4T and kernel module of a Jetson, the driver's version of a PC. */
  readonly driver: string;
  /** `10.3.0` */
  readonly version: string;
  /** The program that builds engines. */
  readonly trtexec: string;
}

export interface WhereToLook {
  /** Folder that sysfs is mounted at. */
  readonly sysfs: string;
  /** The program that builds engines; empty: it is looked for. */
  readonly trtexec: string;
  readonly etc?: string;
}

/** Where NVIDIA's packages put it, beside the folders that programs are looked for in. */
const USUAL = ['trtexec', '/usr/src/tensorrt/bin/trtexec'];
/** A driver that hangs is asked for no longer than this, milliseconds. */
const ASK_MS = 20_000;

/** What a program writes; undefined where there is no such program, or none that ends. One that cannot be ended is left alone. */
function ask(program: string, ...args: readonly string[]): Promise<string | undefined> {
  return new Promise(resolve => {
    const late = setTimeout(resolve, ASK_MS + 1_000, undefined);
    execFile(program, args, { timeout: ASK_MS, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      clearTimeout(late);
      resolve(error === null ? stdout + stderr : undefined);
    });
  });
}

const text = async (path: string): Promise<string | undefined> =>
  (await readFile(path, 'utf8').catch(() => undefined))?.replaceAll('\0', ' ').trim();

/** The release of NVIDIA's Linux for Tegra: `R36.4.3` */
async function releaseOf(etc: string): Promise<string | undefined> {
  const [, major, minor] = /R(\d+) .*?REVISION: ([\d.]+)/.exec((await text(join(etc, 'nv_tegra_release'))) ?? '') ?? [];
  return major && `R${major}.${minor}`;
}

type Processor = Pick<TensorRt, 'hardware' | 'driver'>;

async function processorOf({ sysfs, etc = '/etc' }: WhereToLook): Promise<Processor | string> {
  const [compatible = '', model = '', module] = await Promise.all([
    text(join(sysfs, 'firmware/devicetree/base/compatible')),
    text(join(sysfs, 'firmware/devicetree/base/model')),
    text(join(sysfs, 'module/nvidia/version')),
  ]);
  const [, tegra] = /nvidia,(tegra\d+)/.exec(compatible) ?? [];
  if (tegra !== undefined) {
    const driver = [await releaseOf(etc), module].filter(one => one !== undefined).join(', ');
    if (driver === '') return `neither ${etc}/nv_tegra_release nor the kernel says which driver this Jetson has`;
    return { hardware: `${model} (${tegra})`, driver };
  }
  // Nothing is started on a box without an NVIDIA driver.
  if (module === undefined) return 'it has no NVIDIA graphics processor with its driver loaded';
  const told = await ask('nvidia-smi', '--query-gpu=name,compute_cap', '--format=csv,noheader');
  const gpus = told?.split('\n').filter(line => line.trim() !== '');
  if (gpus === undefined || gpus.length === 0) return 'nvidia-smi does not say which graphics processor it has';
  return { hardware: gpus.sort().join('; '), driver: module };
}

/** `8601` is 8.6.1, `100300` is 10.3.0 (NvInferVersion.h). */
function versionOf(number: number): string {
  const [major, rest] = number < 10_000 ? [1_000, number % 1_000] : [10_000, number % 10_000];
  return [Math.floor(number / major), Math.floor(rest / 100), rest % 100].join('.');
}

/** What there is, or else why engines cannot be built here, as a clause. Programs are started only where an NVIDIA driver is. */
export async function findTensorRt(where: WhereToLook): Promise<TensorRt | string> {
  const processor = await processorOf(where);
  if (typeof processor === 'string') return processor;
  for (const trtexec of where.trtexec === '' ? USUAL : [where.trtexec]) {
    // It says its version before its help.
    const [, number] = /\[TensorRT v(\d+)\]/.exec((await ask(trtexec, '--help')) ?? '') ?? [];
    if (number !== undefined) return { ...processor, version: versionOf(Number(number)), trtexec };
  }
  const looked = where.trtexec === '' ? `there is no ${USUAL.join(' and no ')}` : `${where.trtexec} is none`;
  return `${looked} that says which TensorRT it is of`;
}
