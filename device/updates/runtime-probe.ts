/** A process that says which ONNX Runtime is installed, as one line of JSON. Its first argument names the binding. */
import { loadRuntime, OrtSession } from '../inference/ort-session.ts';

/** None is that new. */
const BEYOND = 64;

const varint = (value: number): number[] => (value > 127 ? [(value % 128) + 128, ...varint(value >>> 7)] : [value]);
const number = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, value: readonly number[]): number[] => [
  ...varint(field * 8 + 2),
  ...varint(value.length),
  ...value,
];
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)]);

/** The smallest model there is, y = x, of an operator set. Field numbers are those of onnx.proto. */
function identity(opset: number): Uint8Array {
  const shape = bytes(2, bytes(1, number(1, 1)));
  const type = bytes(2, bytes(1, [...number(1, 1), ...shape]));
  const node = [...text(1, 'x'), ...text(2, 'y'), ...text(4, 'Identity')];
  const graph = [
    ...bytes(1, node),
    ...text(2, 'identity'),
    ...bytes(11, [...text(1, 'x'), ...type]),
    ...bytes(12, [...text(1, 'y'), ...type]),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ''), ...number(2, opset)])]);
}

async function takes(opset: number, ortModule: string): Promise<boolean> {
  try {
    const session = await OrtSession.create(identity(opset), { provider: 'cpu', threads: 1, ortModule });
    await session.release();
    return true;
  } catch {
    return false;
  }
}

const ortModule = process.argv[2] ?? 'onnxruntime-node';
const { versions } = loadRuntime(ortModule).env;
let opset = 0;
for (let one = 7; one < BEYOND && (await takes(one, ortModule)); one += 1) opset = one;
console.log(JSON.stringify({ version: versions.node ?? versions.common, opset }));
