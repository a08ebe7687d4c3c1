/** The bytes of a file that is written to here and there: they grow, and what was never written is zero. */
export class FileBytes {
  #room: Buffer;
  #length: number;

  constructor(before: Uint8Array = Buffer.alloc(0)) {
    this.#room = Buffer.from(before);
    this.#length = before.length;
  }

  get length(): number {
    return this.#length;
  }

  /** A view; it holds until the next change. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  resize(length: number): void {
    if (length > this.#room.length) {
      const room = Buffer.alloc(Math.max(length, 2 * this.#room.length));
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    // What was cut off and grows again is zero.
    if (length > this.#length) this.#room.fill(0, this.#length, length);
    this.#length = length;
  }

  write(offset: number, bytes: Uint8Array): void {
    if (offset + bytes.length > this.#length) this.resize(offset + bytes.length);
    this.#room.set(bytes, offset);
  }
}
