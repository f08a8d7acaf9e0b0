import { graphOf, modelOf, type Node, node, tensor, tensorValue } from '@holdfast/onnx';
import { evaluate, numbersOf } from '@holdfast/testkit/float64/evaluate';
import { expect, it } from 'vitest';
import { upgraded } from '../../src/gradient/upgrade.ts';
import { reals } from './gradient-case.ts';

const x = reals(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, index) => Math.sin(3 * index)),
);

const constants = [
  tensor('factors', [3], Float32Array.of(1, 2, 1.5)),
  tensor('image', [1, 1, 3, 4], Float64Array.from(numbersOf(x).subarray(0, 12))),
  tensor('rois', [1, 4], Float64Array.of(0, 0.5, 0.5, 2.5)),
  tensor('images', [1], BigInt64Array.of(0n)),
];

/** What the oracle makes of x, before and behind the upgrade: it reads every operator set by itself. */
function both(nodes: readonly Node[], opset: number, dims: readonly number[] = x.dims) {
  const input = { ...x, dims };
  const graph = graphOf({
    name: 'old',
    nodes,
    inputs: [tensorValue('x', 'DOUBLE', [...dims])],
    outputs: [{ name: 'y' }],
    initializers: constants,
  });
  const old = modelOf({ graph, opsets: { '': opset } });
  const ranks = new Map([...evaluate(old, new Map([['x', input]]))].map(([name, value]) => [name, value.dims.length]));
  const model = upgraded(old, (name) => ranks.get(name));
  const [before, behind] = [old, model].map((each) => evaluate(each, new Map([['x', input]])).get('y')!);
  return { model, before: before!, behind: behind! };
}

const ints = (...values: number[]) => values.map(BigInt);
const forms: readonly (readonly [string, number, readonly Node[]])[] = [
  ['Softmax over all behind its axis', 11, [node('Softmax', ['x'], ['y'], { attributes: { axis: 1n } })]],
  ['Softmax along the last axis', 11, [node('Softmax', ['x'], ['y'], { attributes: { axis: 2n } })]],
  ['Softmax without an axis', 12, [node('Softmax', ['x'], ['y'])]],
  ['LogSoftmax', 11, [node('LogSoftmax', ['x'], ['y'], { attributes: { axis: 1n } })]],
  ['ReduceSum', 11, [node('ReduceSum', ['x'], ['y'], { attributes: { axes: ints(0, 2), keepdims: 0n } })]],
  ['ReduceSum over all', 11, [node('ReduceSum', ['x'], ['y'])]],
  ['ReduceMean', 13, [node('ReduceMean', ['x'], ['y'], { attributes: { axes: ints(-1) } })]],
  ['ReduceL2', 17, [node('ReduceL2', ['x'], ['y'], { attributes: { axes: ints(1), keepdims: 0n } })]],
  [
    'Unsqueeze and Squeeze',
    11,
    [
      node('Unsqueeze', ['x'], ['u'], { attributes: { axes: ints(0, 2) } }),
      node('Squeeze', ['u'], ['y'], { attributes: { axes: ints(2) } }),
    ],
  ],
  ['Split by sizes', 11, [node('Split', ['x'], ['y', 'z'], { attributes: { axis: 2n, split: ints(1, 3) } })]],
  ['Split evenly', 13, [node('Split', ['x'], ['y', 'z'], { attributes: { axis: 2n } })]],
  ['Dropout', 11, [node('Dropout', ['x'], ['y'], { attributes: { ratio: 0.25 } })]],
  ['Upsample', 9, [node('Upsample', ['x', 'factors'], ['y'], { attributes: { mode: 'linear' } })]],
  ['Upsample by its attribute', 7, [node('Upsample', ['x'], ['y'], { attributes: { scales: [1, 2, 1.5] } })]],
  [
    'RoiAlign by whole pixels',
    10,
    [node('RoiAlign', ['image', 'rois', 'images'], ['y'], { attributes: { sampling_ratio: 2n } })],
  ],
];

it.each(forms)('%s of operator set %i is the same in 18', (_, opset, nodes) => {
  const { model, before, behind } = both(nodes, opset);
  expect(model.opsets.get('')).toBe(18);
  expect(behind.dims).toEqual(before.dims);
  const [wanted, found] = [numbersOf(before), numbersOf(behind)];
  for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 12);
});

it('a newer model stays as it is', () => {
  const { model } = both([node('Identity', ['x'], ['y'])], 21);
  expect(model.opsets.get('')).toBe(21);
  expect(model.graph.nodes.map(({ opType }) => opType)).toEqual(['Identity']);
});
