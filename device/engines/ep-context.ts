/**
 * The ONNX file that an engine is wrapped in: one `EPContext` node that holds the engine's bytes, between the inputs and the outputs
 * of the net that the engine was built from, which are copied byte for byte. Field numbers are those of onnx.proto; what TensorRT's
 * provider looks at is in its `onnx_ctx_model_helper.cc`: the operator, `embed_mode` and `ep_cache_context`.
 */

/** Bytes, or so many that come later. */
type Part = Uint8Array | number;

const INPUT = 11;
const OUTPUT = 12;
const INITIALIZER = 5;
/** AttributeProto.AttributeType */
const INT = 2;
const STRING = 3;
/** Operators of both domains are asked for by versions that ONNX Runtime has had since 1.17, which first took such a file. */
const IR_VERSION = 8;
const ONNX_OPERATORS = 17;

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}

const lengthOf = (parts: readonly Part[]): number =>
  parts.reduce<number>((sum, part) => sum + (typeof part === 'number' ? part : part.length), 0);

const integer = (field: number, value: number): Part[] => [varint(field * 8), varint(value)];

const message = (field: number, ...parts: readonly Part[]): Part[] => [
  varint(field * 8 + 2),
  varint(lengthOf(parts)),
  ...parts,
];

const text = (field: number, value: string): Part[] => message(field, Buffer.from(value));

const integerAttribute = (name: string, value: number): Part[] =>
  message(5, ...text(1, name), ...integer(3, value), ...integer(20, INT));

const stringAttribute = (name: string, ...value: readonly Part[]): Part[] =>
  message(5, ...text(1, name), ...message(4, ...value), ...integer(20, STRING));

interface Field {
  readonly number: number;
  /** Of a field that has a length; nothing of a number. */
  readonly bytes: Uint8Array;
}

/** The fields of a protobuf message. @throws RangeError where it is none */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined || factor > 2 ** 63) throw new RangeError('it is no protobuf message');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = read();
    const kind = key % 8;
    const length = kind === 2 ? read() : kind === 1 ? 8 : kind === 5 ? 4 : 0;
    if (kind === 0) read();
    if ((kind > 2 && kind !== 5) || at + length > bytes.length) throw new RangeError('it is no protobuf message');
    yield { number: Math.floor(key / 8), bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

const nameIn = (bytes: Uint8Array, field: number): string =>
  Buffer.from([...fieldsOf(bytes)].find(({ number }) => number === field)?.bytes ?? []).toString('utf8');

/**
 * What stands before and behind an engine's bytes in the file that wraps it.
 * @param net the ONNX file that the engine was built from @param engineBytes how many there are
 * @throws RangeError where the net is no ONNX file
 */
export function wrapEngine(net: Uint8Array, engineBytes: number): { head: Uint8Array; tail: Uint8Array } {
  const graph = [...fieldsOf(net)].find(({ number }) => number === 7)?.bytes;
  if (graph === undefined) throw new RangeError('it holds no graph');
  const fields = [...fieldsOf(graph)];
  const constants = new Set(fields.filter(one => one.number === INITIALIZER).map(({ bytes }) => nameIn(bytes, 8)));
  const named = (field: number) =>
    fields
      .filter(({ number }) => number === field)
      .map(({ bytes }) => ({ name: nameIn(bytes, 1), bytes }))
      // Old files list their constants among the inputs.
      .filter(({ name }) => !constants.has(name));
  const [inputs, outputs] = [named(INPUT), named(OUTPUT)];
  const node = message(
    1,
    ...inputs.flatMap(({ name }) => text(1, name)),
    ...outputs.flatMap(({ name }) => text(2, name)),
    ...text(3, 'engine'),
    ...text(4, 'EPContext'),
    ...integerAttribute('main_context', 1),
    ...integerAttribute('embed_mode', 1),
    ...stringAttribute('source', Buffer.from('TensorrtExecutionProvider')),
    ...stringAttribute('ep_cache_context', engineBytes),
    ...text(7, 'com.microsoft'),
  );
  const operators = (domain: string, version: number) => message(8, ...text(1, domain), ...integer(2, version));
  const file = [
    ...integer(1, IR_VERSION),
    ...text(2, 'lookdial'),
    ...message(
      7,
      ...node,
      ...text(2, 'engine'),
      ...inputs.flatMap(({ bytes }) => message(INPUT, bytes)),
      ...outputs.flatMap(({ bytes }) => message(OUTPUT, bytes)),
    ),
    ...operators('', ONNX_OPERATORS),
    ...operators('com.microsoft', 1),
  ];
  const hole = file.indexOf(engineBytes);
  const bytes = (parts: readonly Part[]): Uint8Array => Buffer.concat(parts.filter(part => typeof part !== 'number'));
  return { head: bytes(file.slice(0, hole)), tail: bytes(file.slice(hole + 1)) };
}
