/** Starts footprint.ts on a store. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Footprint {
  readonly residentMegabytes: number;
  /** Of a whole answer with shares and typicality, through the search thread, milliseconds. */
  readonly answer: { readonly p50: number; readonly p99: number };
  readonly posting: number;
  /** Turns of the event loop while searches were under way, and while nothing was. */
  readonly turns: { readonly p999: number; readonly max: number; readonly idleP999: number; readonly idleMax: number };
}

export function footprintOf(index: Uint8Array, latentDim: number, queries: number): Footprint {
  const folder = mkdtempSync(join(tmpdir(), 'lookdial-bench-'));
  try {
    const path = join(folder, 'encodings.index');
    writeFileSync(path, index);
    const script = join(import.meta.dirname, 'footprint.ts');
    const told = execFileSync(process.execPath, [script, path, String(latentDim), String(queries)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(told) as Footprint;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
