import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { opsetOf } from '../../../scripts/bundle/opset.ts';
import { temporaryFolder } from '../../support/bundle.ts';
import { OnnxGraph } from '../../support/onnx.ts';

const MODELS = resolve(import.meta.dirname, '../../../models');
const folder = temporaryFolder('opset');

let written = 0;
const file = (...bytes: (number | Uint8Array)[]): string => {
  const path = join(folder, `${++written}.onnx`);
  writeFileSync(path, Buffer.concat(bytes.map(one => (typeof one === 'number' ? Buffer.of(one) : one))));
  return path;
};

/** `OperatorSetIdProto {domain: 1, version: 2}` in field 8 of the model. */
function opset(domain: string, ...version: number[]): Buffer {
  const name = Buffer.from(domain);
  const inner = Buffer.concat([Buffer.of(0x0a, name.length), name, Buffer.of(0x10, ...version)]);
  return Buffer.concat([Buffer.of(0x42, inner.length), inner]);
}
const IR_VERSION = Buffer.of(0x08, 8);
/** A graph of 300 bytes that are no messages: what is in it is passed over. */
const GRAPH = Buffer.concat([Buffer.of(0x3a, 0xac, 0x02), Buffer.alloc(300, 0xff)]);

test('the operator set is read from what the file imports, wherever that stands', async () => {
  assert.equal(await opsetOf(file(IR_VERSION, GRAPH, opset('', 13))), 13);
  assert.equal(await opsetOf(file(opset('', 13), IR_VERSION, GRAPH)), 13);
  assert.equal(await opsetOf(file(opset('ai.onnx', 0x96, 0x01))), 150, 'a version of two bytes');
  assert.equal(await opsetOf(file(new OnnxGraph().input('x', [1, 2]).encode())), 17);
});

test('operators of other domains are no operator set of ONNX', async () => {
  const mixed = file(opset('com.microsoft', 99), opset('', 12), opset('ai.onnx.ml', 98), GRAPH);
  assert.equal(await opsetOf(mixed), 12);
  await assert.rejects(opsetOf(file(opset('com.microsoft', 1))), /it has no version of ONNX’s own operators/);
});

test('the nets that ship say what they were exported for', async () => {
  for (const bundle of ['atelier', 'clothing']) {
    for (const net of ['encoder', 'decoder']) {
      for (const precision of ['float32', 'int8']) {
        assert.equal(
          await opsetOf(join(MODELS, bundle, `${net}.${precision}.onnx`)),
          17,
          `${bundle} ${net} ${precision}`,
        );
      }
    }
  }
});

test('what is no ONNX file is refused, and named', async () => {
  for (const [bytes, words] of [
    [[], /no version/],
    [[Buffer.from('not a model at all')], /1\d*\.onnx|\.onnx/],
    [[0x42, 0x7f, 1], /no field at byte 0/],
    [[0x42, Buffer.alloc(11, 0xff)], /a number that does not end/],
    [[0x43], /no field at byte 0/],
    [[0x42, 0xe9, 0x07, Buffer.alloc(1_001)], /an opset_import of 1001 bytes/],
  ] as const) {
    const path = file(...bytes);
    await assert.rejects(opsetOf(path), (error: Error) => error.message.startsWith(path) && words.test(error.message));
  }
});
