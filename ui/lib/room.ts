/**
 * Room for who makes the same over and over: arrays that are used again. A new one of some hundred kilobytes is asked of the
 * system, emptied page by page and collected, which was more than a third of the time that a garment takes to be made ready.
 */
export class Room {
  readonly #arrays = new Map<string, Float32Array>();

  /**
   * The array of this name, with what it held when it was used last: whoever had it must be done with it.
   * @param name of none that is needed at the same time
   */
  floats(name: string, length: number): Float32Array {
    const kept = this.#arrays.get(name);
    if (kept !== undefined && kept.length >= length) return kept.length === length ? kept : kept.subarray(0, length);
    const made = new Float32Array(length);
    this.#arrays.set(name, made);
    return made;
  }

  /** The same with zeros in it. */
  zeros(name: string, length: number): Float32Array {
    return this.floats(name, length).fill(0);
  }

  copy(name: string, values: Float32Array): Float32Array {
    const copied = this.floats(name, values.length);
    copied.set(values);
    return copied;
  }
}
