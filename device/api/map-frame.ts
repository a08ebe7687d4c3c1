/** The binary answer of `GET` and `POST /api/v1/map`: its layout is in docs/api.md. Little-endian. */

const MAGIC = 'LDM1';
/** Bytes before the JSON. */
const HEAD = 16;

export interface MapFrame {
  /** The description, JSON. */
  readonly json: string;
  readonly skus: readonly string[];
  /** x and y of each garment. */
  readonly xy: Uint16Array;
  readonly place: Uint8Array;
  /** Of each garment: 1 where it passes the filter. */
  readonly passes: Uint8Array;
}

/** One bit a garment, the first in the lowest bit of the first byte. */
function bitsOf(flags: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(flags.length / 8));
  flags.forEach((flag, at) => {
    if (flag !== 0) bits[at >> 3] = bits[at >> 3]! | (1 << (at & 7));
  });
  return bits;
}

export function writeMapFrame({ json, skus, xy, place, passes }: MapFrame): Buffer {
  const text = Buffer.from(json);
  const names = Buffer.from(skus.join('\n'));
  const bits = bitsOf(passes);
  const frame = Buffer.alloc(HEAD + text.length + 5 * skus.length + bits.length + names.length);
  frame.write(MAGIC, 'latin1');
  frame.writeUInt32LE(text.length, 4);
  frame.writeUInt32LE(skus.length, 8);
  let at = HEAD + text.copy(frame, HEAD);
  for (const value of xy) at = frame.writeUInt16LE(value, at);
  frame.set(place, at);
  frame.set(bits, at + skus.length);
  frame.set(names, at + skus.length + bits.length);
  return frame;
}
