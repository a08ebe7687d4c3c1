/** The operator sets that an ONNX file says it uses: `ModelProto.opset_import` of onnx.proto, read without loading what the file holds. */
import { type FileHandle, open } from 'node:fs/promises';
import { LookdialError } from '../../device/errors.ts';

/** Field numbers of onnx.proto. */
const OPSET_IMPORT = 8;
const DOMAIN = 1;
const VERSION = 2;
const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
/** The domain of ONNX's own operators has two names. */
const OWN_DOMAINS: readonly string[] = ['', 'ai.onnx'];
const MAX_VARINT_BYTES = 10;
/** Longest `OperatorSetIdProto` read, bytes: a domain's name and a number. */
const MAX_IMPORT_BYTES = 1_000;

interface Source {
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

class Malformed extends Error {}

async function varint(source: Source, at: number): Promise<{ value: number; end: number }> {
  const bytes = await source.read(at, MAX_VARINT_BYTES);
  let value = 0;
  for (const [place, byte] of bytes.entries()) {
    value += (byte & 127) * 2 ** (7 * place);
    if (byte < 128) return { value, end: at + place + 1 };
  }
  throw new Malformed(`a number that does not end at byte ${at}`);
}

async function* fields(source: Source): AsyncGenerator<Field> {
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

async function contentOf(source: Source, wire: number, start: number): Promise<Omit<Field, 'number'> | undefined> {
  if (wire === WIRE.fixed64) return { value: 0, start, end: start + 8 };
  if (wire === WIRE.fixed32) return { value: 0, start, end: start + 4 };
  if (wire !== WIRE.varint && wire !== WIRE.bytes) return undefined;
  const { value, end } = await varint(source, start);
  return wire === WIRE.varint ? { value, start, end } : { value, start: end, end: end + value };
}

const inMemory = (bytes: Uint8Array): Source => ({
  length: bytes.length,
  read: async (at, count) => bytes.subarray(at, at + count),
});

async function inFile(file: FileHandle): Promise<Source> {
  const { size } = await file.stat();
  return {
    length: size,
    async read(at, count) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, at);
      return buffer.subarray(0, bytesRead);
    },
  };
}

/**
 * The version of ONNX's own operator set that a file imports; operators of other domains come with a runtime, not with an opset.
 * @throws LookdialError `bundle-invalid` where the file is not an ONNX model that says so
 */
export async function opsetOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    const source = await inFile(file);
    let newest = 0;
    for await (const { number, start, end } of fields(source)) {
      if (number !== OPSET_IMPORT) continue;
      if (end - start > MAX_IMPORT_BYTES) throw new Malformed(`an opset_import of ${end - start} bytes`);
      const bytes = await source.read(start, end - start);
      let domain = '';
      let version = 0;
      for await (const inner of fields(inMemory(bytes))) {
        if (inner.number === DOMAIN) domain = Buffer.from(bytes.subarray(inner.start, inner.end)).toString('utf8');
        if (inner.number === VERSION) version = inner.value;
      }
      if (OWN_DOMAINS.includes(domain)) newest = Math.max(newest, version);
    }
    if (newest > 0) return newest;
    throw new Malformed('no version of ONNX’s own operators');
  } catch (cause) {
    if (!(cause instanceof Malformed)) throw cause;
    throw new LookdialError(
      'bundle-invalid',
      `${path}: it is not read as an ONNX model: it has ${cause.message}. Export it again (docs/your-own-model.md).`,
      { cause },
    );
  } finally {
    await file.close();
  }
}
