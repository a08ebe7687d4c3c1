/** Lays a store out in a memory that threads share. */
import type { Gaussians } from '../score-tables.ts';
import { Arena, STATE, type StoreLayout } from './layout.ts';
import { DOMAIN, isInDomain, type ScanParts } from './parts.ts';

export const PAGE = 65_536;
/** All that a 32-bit address reaches. */
export const MOST_PAGES = 65_536;

export interface LayOutOptions {
  readonly threads: number;
  readonly tailCapacity: number;
  /** tau of the typicality. */
  readonly tolerance: number;
}

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Finds places for all that does not lie in the memory yet, lets the memory grow to hold it, and copies it there. */
export function layOut(
  memory: WebAssembly.Memory,
  store: Gaussians,
  parts: ScanParts,
  { threads, tailCapacity, tolerance }: LayOutOptions,
): StoreLayout {
  const { latentDim, count } = store;
  const there = memory.buffer;
  const arena = new Arena(there.byteLength);
  const copies: (() => void)[] = [];
  const put = (part: ArrayBufferView): number => {
    if (part.buffer === there) return part.byteOffset;
    const at = arena.take(part.byteLength);
    copies.push(() => new Uint8Array(memory.buffer, at, part.byteLength).set(bytesOf(part)));
    return at;
  };
  const layout: StoreLayout = {
    count,
    latentDim,
    regionSize: parts.regionSize,
    active: parts.dimensions.length,
    inDomain: isInDomain(store.mu, store.sigma) && tolerance <= DOMAIN.tolerance,
    tolerance,
    mu: put(store.mu),
    sigma: put(store.sigma),
    rows: put(parts.rows),
    codes: put(parts.codes),
    cells: put(parts.cells),
    boxes: put(parts.boxes),
    fine: put(parts.fine),
    dimensions: put(parts.dimensions),
    tailCapacity,
    tailMu: arena.take(4 * latentDim * tailCapacity),
    tailSigma: arena.take(4 * latentDim * tailCapacity),
    tailOrder: arena.take(8 * tailCapacity),
    alive: arena.take(count + tailCapacity),
    state: arena.take(4 * STATE.length),
    work: Array.from({ length: threads }, () => arena.thread(parts, tailCapacity)),
  };
  const missing = Math.ceil(arena.end / PAGE) - there.byteLength / PAGE;
  if (missing > 0) memory.grow(missing);
  for (const copy of copies) copy();
  return layout;
}
