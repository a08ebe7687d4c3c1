/** Writes small ONNX models, so that tests make the nets they need. Field numbers are those of onnx.proto. */

type Attribute = number | string | readonly number[] | OnnxGraph;

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
const DOUBLE = 11;
const ELEMENT_TYPES = { float32: FLOAT, int64: INT64, bool: BOOL, float64: DOUBLE } as const;

/** A protobuf message being written. */
class Message {
  readonly #parts: Buffer[] = [];

  varint(field: number, value: number): this {
    this.#parts.push(varint(field * 8), varint(value));
    return this;
  }

  float(field: number, value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    this.#parts.push(varint(field * 8 + 5), bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array | string): this {
    const bytes = Buffer.from(value);
    this.#parts.push(varint(field * 8 + 2), varint(bytes.length), bytes);
    return this;
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.encode());
  }

  encode(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Non-negative only. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

function attribute(name: string, value: Attribute): Message {
  const message = new Message().bytes(1, name);
  if (typeof value === 'string') return message.bytes(4, value).varint(20, 3);
  if (typeof value === 'number') return message.varint(3, value).varint(20, 2);
  if (value instanceof OnnxGraph) return message.bytes(6, value.encodeGraph()).varint(20, 5);
  for (const one of value) message.varint(8, one);
  return message.varint(20, 7);
}

/** A float attribute, which a number alone cannot say. */
export interface FloatAttribute {
  readonly float: number;
}

function valueInfo(name: string, shape: readonly (number | string)[], elements: keyof typeof ELEMENT_TYPES): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const one = typeof size === 'number' ? new Message().varint(1, size) : new Message().bytes(2, size);
    dimensions.message(1, one);
  }
  const tensor = new Message().varint(1, ELEMENT_TYPES[elements]).message(2, dimensions);
  return new Message().bytes(1, name).message(2, new Message().message(1, tensor));
}

/** A graph of ONNX operators, built node by node. */
export class OnnxGraph {
  readonly #graph = new Message();

  constructor(name = 'graph') {
    this.#graph.bytes(2, name);
  }

  input(name: string, shape: readonly (number | string)[], elements: keyof typeof ELEMENT_TYPES = 'float32'): this {
    this.#graph.message(11, valueInfo(name, shape, elements));
    return this;
  }

  output(name: string, shape: readonly (number | string)[], elements: keyof typeof ELEMENT_TYPES = 'float32'): this {
    this.#graph.message(12, valueInfo(name, shape, elements));
    return this;
  }

  /** A constant float32 tensor. */
  floats(name: string, shape: readonly number[], values: ArrayLike<number>): this {
    const raw = Buffer.alloc(4 * values.length);
    for (let i = 0; i < values.length; i += 1) raw.writeFloatLE(values[i] ?? 0, 4 * i);
    return this.#constant(name, shape, FLOAT, raw);
  }

  /** A constant int64 vector, e.g. a shape. */
  integers(name: string, values: readonly number[]): this {
    const raw = Buffer.alloc(8 * values.length);
    for (const [i, value] of values.entries()) raw.writeBigInt64LE(BigInt(value), 8 * i);
    return this.#constant(name, [values.length], INT64, raw);
  }

  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute | FloatAttribute>> = {},
  ): this {
    const node = new Message();
    for (const input of inputs) node.bytes(1, input);
    for (const output of outputs) node.bytes(2, output);
    node.bytes(4, operator);
    for (const [name, value] of Object.entries(attributes)) {
      const isFloat = typeof value === 'object' && 'float' in value;
      node.message(
        5,
        isFloat ? new Message().bytes(1, name).float(2, value.float).varint(20, 1) : attribute(name, value),
      );
    }
    this.#graph.message(1, node);
    return this;
  }

  /** The graph alone, as the body of a loop. */
  encodeGraph(): Buffer {
    return this.#graph.encode();
  }

  /** The model file: IR version 8, operator set 17. */
  encode(): Buffer {
    const operators = new Message().bytes(1, '').varint(2, 17);
    return new Message().varint(1, 8).message(7, this.#graph).message(8, operators).encode();
  }

  #constant(name: string, shape: readonly number[], type: number, raw: Buffer): this {
    const tensor = new Message();
    for (const size of shape) tensor.varint(1, size);
    this.#graph.message(5, tensor.varint(2, type).bytes(8, name).bytes(9, raw));
    return this;
  }
}
