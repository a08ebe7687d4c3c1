/**
 * The answer of `dial`: the picture's pixels and the matches in one body, so that a drag costs one round trip and the pixels
 * no decoding. Little-endian; docs/api.md has the table.
 */
export const FRAME_MAGIC = 'LDL1';
const HEADER_BYTES = 16;

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** width * height * 4 bytes, straight alpha, not sharpened. */
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

/** One frame. */
export function writeFrame(picture: Pixels, json: string): Buffer {
  const { width, height, rgba } = picture;
  const pixels = width * height * 4;
  const jsonBytes = Buffer.byteLength(json);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + pixels + jsonBytes);
  frame.write(FRAME_MAGIC, 0, 'latin1');
  frame.writeUInt16LE(width, 4);
  frame.writeUInt16LE(height, 6);
  frame.writeUInt32LE(jsonBytes, 8);
  frame.writeUInt32LE(0, 12);
  frame.set(rgba.subarray(0, pixels), HEADER_BYTES);
  frame.write(json, HEADER_BYTES + pixels);
  return frame;
}
