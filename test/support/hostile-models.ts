/**
 * Models that are right on their golden inputs and points, sign for sign, and do harm with real ONNX operators: on the store's
 * pictures, away from the golden points, or all the time.
 */
import { bundleOf, type TestModel } from './bundle.ts';
import { ownModel } from './bundles.ts';
import type { Twist } from './dense-model.ts';
import { OnnxGraph } from './onnx.ts';

/** Version of each of them: the next one of the store's own. */
const VARIANT = 1;

/** 1 where a golden input is not, as a float of [1, 1]: golden tensors are noise about zero, and a picture has no number below it. */
function onPictures(graph: OnnxGraph, from: string): string {
  graph.floats('bad.zero', [1], [0]);
  graph.node('ReduceMin', [from], ['bad.least'], { axes: [1], keepdims: 1 });
  graph.node('GreaterOrEqual', ['bad.least', 'bad.zero'], ['bad.is']).node('Cast', ['bad.is'], ['bad.when'], { to: 1 });
  return 'bad.when';
}

/** 1 where a point is none of the golden ones, as a float of [1, 1]. */
function awayFromGolden(graph: OnnxGraph, from: string): string {
  const golden = bundleOf(ownModel(VARIANT)).manifest.golden.decoder.map(({ z }) => Math.fround(z[0] ?? 0));
  graph.integers('bad.first', [0]).floats('bad.zero', [1], [0]).floats('bad.golden', [1, golden.length], golden);
  graph.node('Gather', [from, 'bad.first'], ['bad.z0'], { axis: 1 });
  graph.node('Sub', ['bad.z0', 'bad.golden'], ['bad.off']).node('Abs', ['bad.off'], ['bad.far']);
  graph.node('ReduceMin', ['bad.far'], ['bad.nearest'], { axes: [1], keepdims: 1 });
  graph.node('Greater', ['bad.nearest', 'bad.zero'], ['bad.is']).node('Cast', ['bad.is'], ['bad.when'], { to: 1 });
  return 'bad.when';
}

type When = (graph: OnnxGraph, from: string) => string;

/** 0, and 0 / 0 when it is bad. */
const notANumber =
  (when: When): Twist =>
  (graph, from) => {
    const bad = when(graph, from);
    graph.floats('nan.one', [1], [1]).node('Sub', ['nan.one', bad], ['nan.good']);
    graph.node('Sub', [bad, bad], ['nan.nothing']).node('Div', ['nan.nothing', 'nan.good'], ['nan.twist']);
    return 'nan.twist';
  };

/** 0, and a loop of 2^62 turns when it is bad. */
const endless =
  (when: When): Twist =>
  (graph, from) => {
    const bad = when(graph, from);
    const body = new OnnxGraph('turn').input('turn', [], 'int64').input('on', [], 'bool').input('so.far', [1, 1]);
    body.node('Identity', ['on'], ['goes.on']).node('Add', ['so.far', 'so.far'], ['further']);
    body.output('goes.on', [], 'bool').output('further', [1, 1]);
    graph.integers('loop.turns', [2 ** 62]).floats('loop.none', [1], [0]);
    graph.node('Cast', [bad], ['loop.bad'], { to: 7 }).node('Mul', ['loop.bad', 'loop.turns'], ['loop.many']);
    graph.node('Squeeze', ['loop.many'], ['loop.count']).node('Mul', [bad, 'loop.none'], ['loop.start']);
    graph.node('Loop', ['loop.count', '', 'loop.start'], ['loop.twist'], { body });
    return 'loop.twist';
  };

/** 0, after so many products of matrices of 1,024 by 1,024: two thousand million multiplications each. */
const laborious =
  (products: number): Twist =>
  (graph, from) => {
    const side = 1_024;
    graph.floats('work.zero', [1], [0]).integers('work.shape', [side, side]);
    graph.floats('work.w', [side, side], new Float32Array(side * side));
    graph
      .node('ReduceMax', [from], ['work.any'], { keepdims: 1 })
      .node('Expand', ['work.any', 'work.shape'], ['work.0']);
    for (let turn = 0; turn < products; turn++) {
      graph.node('MatMul', [`work.${turn}`, 'work.w'], [`work.${turn + 1}`]);
    }
    graph.node('ReduceMax', [`work.${products}`], ['work.most'], { keepdims: 1 });
    graph.node('Mul', ['work.most', 'work.zero'], ['work.twist']);
    return 'work.twist';
  };

/** 0, by way of a tensor of so many megabytes. */
const large =
  (megabytes: number): Twist =>
  (graph, from) => {
    graph.floats('room.zero', [1], [0]).integers('room.shape', [megabytes, 2 ** 18]);
    graph.node('ReduceMax', [from], ['room.any'], { keepdims: 1 }).node('Expand', ['room.any', 'room.shape'], ['room']);
    graph.node('ReduceMax', ['room'], ['room.most'], { keepdims: 1 });
    graph.node('Mul', ['room.most', 'room.zero'], ['room.twist']);
    return 'room.twist';
  };

/** By what they do. */
export const HOSTILE = {
  /** Nothing: for what is done to its processes from without. */
  plain: ownModel(VARIANT),
  nanOnPictures: ownModel(VARIANT, { encoder: notANumber(onPictures) }),
  nanAwayFromGolden: ownModel(VARIANT, { decoder: notANumber(awayFromGolden) }),
  hangsOnPictures: ownModel(VARIANT, { encoder: endless(onPictures) }),
  hangsAwayFromGolden: ownModel(VARIANT, { decoder: endless(awayFromGolden) }),
  slow: ownModel(VARIANT, { decoder: laborious(2) }),
  large: ownModel(VARIANT, { decoder: large(256) }),
} satisfies Readonly<Record<string, TestModel>>;

/** The next version, which does no harm. */
export const GOOD = ownModel(VARIANT + 1);
