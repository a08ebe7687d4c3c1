/** The fields of a protobuf message, as ONNX files are: read one after another, without loading what they hold. */

const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const MAX_VARINT_BYTES = 10;

export interface ByteSource {
  readonly length: number;
  /** Fewer bytes only where it ends. */
  read(at: number, count: number): Promise<Uint8Array>;
}

/** One field: its number, and its value or where its bytes are. */
interface Field {
  readonly number: number;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** It is no message; why not, as a clause. */
export class Malformed extends Error {
  constructor(what: string) {
    super(`it has ${what}`);
  }
}

async function varint(source: ByteSource, at: number): Promise<{ value: number; end: number }> {
  const bytes = await source.read(at, MAX_VARINT_BYTES);
  let value = 0;
  for (const [place, byte] of bytes.entries()) {
    value += (byte & 127) * 2 ** (7 * place);
    if (byte < 128) return { value, end: at + place + 1 };
  }
  throw new Malformed(`a number that does not end at byte ${at}`);
}

/** @throws Malformed */
export async function* fieldsOf(source: ByteSource): AsyncGenerator<Field> {
  for (let at = 0; at < source.length; ) {
    const { value: key, end: start } = await varint(source, at);
    const wire = key % 8;
    const number = Math.floor(key / 8);
    const field = await contentOf(source, wire, start);
    if (number === 0 || field === undefined || field.end > source.length) throw new Malformed(`no field at byte ${at}`);
    yield { number, ...field };
    at = field.end;
  }
}

async function contentOf(source: ByteSource, wire: number, start: number): Promise<Omit<Field, 'number'> | undefined> {
  if (wire === WIRE.fixed64) return { value: 0, start, end: start + 8 };
  if (wire === WIRE.fixed32) return { value: 0, start, end: start + 4 };
  if (wire !== WIRE.varint && wire !== WIRE.bytes) return undefined;
  const { value, end } = await varint(source, start);
  return wire === WIRE.varint ? { value, start, end } : { value, start: end, end: end + value };
}

export const inMemory = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: async (at, count) => bytes.subarray(at, at + count),
});
