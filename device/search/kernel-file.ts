/**
 * Finds the search's kernel, compiled; compiles it where it is not there or its source has changed. `npm run build` does so
 * ahead of time, so that a box needs no compiler.
 */
import { hash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LookdialError } from '../errors.ts';

const SOURCE = resolve(import.meta.dirname, '../matching/scan/assembly');
const BUILT = join(SOURCE, 'built');

/** WebAssembly's 128-bit vectors, threads and shared memory, which every engine since 2022 has; nothing of the runtime library. */
export const COMPILER_OPTIONS: readonly string[] = [
  '-O3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd,threads',
];

/** The names and contents of a folder's sources. */
async function readSources(folder: string): Promise<{ names: string[]; digest: string }> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.ts')).sort();
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')));
  return { names, digest: hash('sha256', JSON.stringify([COMPILER_OPTIONS, names, texts])).slice(0, 16) };
}

/**
 * Compiles AssemblyScript.
 * @param folder of the sources, with `index.ts`
 * @throws LookdialError `internal` with the compiler's words
 */
export async function compileKernel(folder: string = SOURCE): Promise<Uint8Array> {
  const asc = await import('assemblyscript/asc').catch((cause: unknown) => {
    throw new LookdialError(
      'internal',
      'The search’s kernel is not built, and the compiler is not installed. Run npm run build where npm ci installed everything, and copy device/matching/scan/assembly/built here.',
      { cause },
    );
  });
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [join(folder, 'index.ts'), '--outFile', 'kernel.wasm', '--baseDir', folder, ...COMPILER_OPTIONS],
    {
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name === 'kernel.wasm' && typeof contents !== 'string') binary = contents;
      },
    },
  );
  if (error !== null || binary === undefined) {
    throw new LookdialError('internal', `The search’s kernel in ${folder} does not compile: ${stderr.toString()}`);
  }
  return binary;
}

/**
 * The kernel's bytes, out of the folder `built` beside its sources where its name there bears the sources' digest. One that is
 * damaged is built again.
 * @throws LookdialError `internal` where it is neither built nor can be
 */
export async function kernelBytes(folder: string = SOURCE, built: string = BUILT): Promise<Uint8Array> {
  const { digest } = await readSources(folder);
  const own = `kernel-${digest}.wasm`;
  const path = join(built, own);
  const found = await readFile(path).catch(() => undefined);
  if (found !== undefined && WebAssembly.validate(found)) return found;
  const bytes = await compileKernel(folder);
  await mkdir(built, { recursive: true });
  const old = (await readdir(built)).filter(name => /^kernel-[0-9a-f]{16}\.wasm$/.test(name) && name !== own);
  // Written aside, flushed and renamed: two processes that build at once leave a whole file, and so does a power cut.
  const aside = `${path}.${process.pid}`;
  const file = await open(aside, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(aside, path);
  await Promise.all(old.map(name => rm(join(built, name), { force: true })));
  return bytes;
}

let loaded: Promise<WebAssembly.Module> | undefined;

/** The kernel, loaded once for the process; after a failure it is tried again. */
export function loadKernel(): Promise<WebAssembly.Module> {
  loaded ??= kernelBytes()
    .then(bytes => new WebAssembly.Module(new Uint8Array(bytes)))
    .catch(error => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}
