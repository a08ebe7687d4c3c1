/** Work in slices, a generator that stops after each: at once, or beside a store that is being served. */
import { setImmediate as nextTurn } from 'node:timers/promises';

export function atOnce<T>(slices: Generator<void, T>): T {
  let slice = slices.next();
  while (!slice.done) slice = slices.next();
  return slice.value;
}

/** Whoever else waits is let in after each slice. */
export async function inTurns<T>(slices: Generator<void, T>): Promise<T> {
  let slice = slices.next();
  while (!slice.done) {
    await nextTurn();
    slice = slices.next();
  }
  return slice.value;
}
