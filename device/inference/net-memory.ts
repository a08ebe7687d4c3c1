/** Watches how the process of a net grows: a binding or a driver that leaks takes the box's memory a little with every picture. */
import { residentBytes } from './resident.ts';

export interface NetMemory {
  /** So much it may grow beyond what it held once it had loaded, bytes. */
  readonly mayGrow: number;
  /** How often it is looked, milliseconds. */
  readonly everyMs: number;
}

/**
 * @param grown told each time that the process holds too much, with by how much it has grown, bytes
 * @returns what ends the watch
 */
export function watchMemory(pid: number, { mayGrow, everyMs }: NetMemory, grown: (bytes: number) => void): () => void {
  let first: number | undefined;
  let ended = false;
  const look = async (): Promise<void> => {
    const held = await residentBytes([pid]);
    // A process that has gone holds nothing.
    if (ended || held === 0) return;
    first ??= held;
    if (held - first > mayGrow) grown(held - first);
  };
  void look();
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => {
    ended = true;
    clearInterval(timer);
  };
}
