/** The native libraries of the ONNX Runtime binding, and what each of them needs and does not find. */
import { globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { runProgram } from './run-program.ts';

const PROJECT = resolve(import.meta.dirname, '../..');
const LIMIT_MS = 10_000;

/** The package's folder; undefined where the binding is none that Node finds. */
function packageOf(ortModule: string): string | undefined {
  try {
    const main = createRequire(join(PROJECT, 'package.json')).resolve(ortModule);
    return dirname(dirname(main));
  } catch {
    return undefined;
  }
}

/** A line for each library that lacks something, or one that says that none does. */
export async function lackingLibraries(ortModule: string): Promise<string[]> {
  const folder = packageOf(ortModule);
  const paths = folder === undefined ? [] : globSync(`bin/**/linux/${process.arch}/*.{so*,node}`, { cwd: folder });
  if (folder === undefined || paths.length === 0) return [];
  const told = await Promise.all(
    paths.sort().map(async path => {
      const { text } = await runProgram('ldd', [join(folder, path)], { limitMs: LIMIT_MS });
      const lacks = [...(text ?? '').matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
      return lacks.length === 0
        ? []
        : [`${basename(path)} needs ${lacks.join(', ')}, and does not find ${lacks.length === 1 ? 'it' : 'them'}`];
    }),
  );
  const providers = paths.map(path => basename(path)).filter(name => name.startsWith('libonnxruntime_providers_'));
  const beside = providers.length === 0 ? 'no library of a provider' : providers.join(', ');
  return [`beside it: ${beside}`, ...told.flat()];
}
