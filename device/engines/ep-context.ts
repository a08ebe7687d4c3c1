/**
 * The ONNX file that an engine is wrapped in: one `EPContext` node that holds the engine's bytes, between the inputs and the outputs
 * of the net that the engine was built from, which are copied byte for byte. Field numbers are those of onnx.proto; what TensorRT's
 * provider looks at is in its `onnx_ctx_model_helper.cc`: the operator, `embed_mode` and `ep_cache_context`.
 */
import { fieldsOf, inMemory, Malformed } from '../inference/protobuf.ts';

/** Bytes, or so many that come later. */
type Part = Uint8Array | number;

const GRAPH = 7;
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
  readonly bytes: Uint8Array;
}

const fieldsIn = (message: Uint8Array): Promise<Field[]> =>
  Array.fromAsync(fieldsOf(inMemory(message)), ({ number, start, end }) => ({
    number,
    bytes: message.subarray(start, end),
  }));

/** Those of a number, by the name that each has in a field of its own. */
async function namedBy(fields: readonly Field[], number: number, nameField: number): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const { bytes } of fields.filter(one => one.number === number)) {
    const name = (await fieldsIn(bytes)).find(one => one.number === nameField)?.bytes ?? new Uint8Array();
    found.set(Buffer.from(name).toString('utf8'), bytes);
  }
  return found;
}

/**
 * What stands before and behind an engine's bytes in the file that wraps it.
 * @param net the ONNX file that the engine was built from @param engineBytes how many there are
 * @throws Malformed where the net is no ONNX file
 */
export async function wrapEngine(
  net: Uint8Array,
  engineBytes: number,
): Promise<{ head: Uint8Array; tail: Uint8Array }> {
  const graph = (await fieldsIn(net)).find(({ number }) => number === GRAPH)?.bytes;
  if (graph === undefined) throw new Malformed('no graph');
  const fields = await fieldsIn(graph);
  const [inputs, outputs] = [await namedBy(fields, INPUT, 1), await namedBy(fields, OUTPUT, 1)];
  // Old files list their constants among the inputs.
  for (const constant of (await namedBy(fields, INITIALIZER, 8)).keys()) inputs.delete(constant);
  const node = message(
    1,
    ...[...inputs.keys()].flatMap(name => text(1, name)),
    ...[...outputs.keys()].flatMap(name => text(2, name)),
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
      GRAPH,
      ...node,
      ...text(2, 'engine'),
      ...[...inputs.values()].flatMap(bytes => message(INPUT, bytes)),
      ...[...outputs.values()].flatMap(bytes => message(OUTPUT, bytes)),
    ),
    ...operators('', ONNX_OPERATORS),
    ...operators('com.microsoft', 1),
  ];
  const hole = file.indexOf(engineBytes);
  const bytes = (parts: readonly Part[]): Uint8Array => Buffer.concat(parts.filter(part => typeof part !== 'number'));
  return { head: bytes(file.slice(0, hole)), tail: bytes(file.slice(hole + 1)) };
}
