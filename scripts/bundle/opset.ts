/** The operator sets that an ONNX file says it uses: `ModelProto.opset_import` of onnx.proto, read without loading what the file holds. */
import { type FileHandle, open } from 'node:fs/promises';
import { LookdialError } from '../../device/errors.ts';
import { type ByteSource, fieldsOf, inMemory, Malformed } from '../../device/inference/protobuf.ts';

/** Field numbers of onnx.proto. */
const OPSET_IMPORT = 8;
const DOMAIN = 1;
const VERSION = 2;
/** The domain of ONNX's own operators has two names. */
const OWN_DOMAINS: readonly string[] = ['', 'ai.onnx'];
/** Longest `OperatorSetIdProto` read, bytes: a domain's name and a number. */
const MAX_IMPORT_BYTES = 1_000;

async function inFile(file: FileHandle): Promise<ByteSource> {
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
    for await (const { number, start, end } of fieldsOf(source)) {
      if (number !== OPSET_IMPORT) continue;
      if (end - start > MAX_IMPORT_BYTES) throw new Malformed(`an opset_import of ${end - start} bytes`);
      const bytes = await source.read(start, end - start);
      let domain = '';
      let version = 0;
      for await (const inner of fieldsOf(inMemory(bytes))) {
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
      `${path}: it is not read as an ONNX model: ${cause.message}. Export it again (docs/your-own-model.md).`,
      { cause },
    );
  } finally {
    await file.close();
  }
}
