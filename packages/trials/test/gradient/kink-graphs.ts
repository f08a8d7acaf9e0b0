import { type Node, type NodeOptions, node, type Tensor, tensor } from '@holdfast/onnx';
import { integersOf } from './gradient-case.ts';

/** The cases of corpus/record_kinks.py in operators of ONNX, by the same names: inputs as there, the output `y`. */
export interface KinkGraph {
  readonly nodes: readonly Node[];
  readonly constants?: readonly Tensor[];
  readonly opset?: number;
}

type Attributes = NonNullable<NodeOptions['attributes']>;

/** One operator of x. */
const ofX = (opType: string, attributes: Attributes = {}, opset = 18): KinkGraph => ({
  nodes: [node(opType, ['x'], ['y'], { attributes })],
  opset,
});

/** One operator of several inputs. */
const of = (opType: string, inputs: readonly string[], attributes: Attributes = {}, opset = 18): KinkGraph => ({
  nodes: [node(opType, inputs, ['y'], { attributes })],
  opset,
});

/** One operator of x along an axis that is an input. */
const along = (opType: string, axes: readonly number[], keepdims: bigint): KinkGraph => ({
  nodes: [node(opType, ['x', 'axes'], ['y'], { attributes: { keepdims } })],
  constants: [integersOf('axes', axes)],
});

const real = (name: string, value: number): Tensor => tensor(name, [], Float32Array.of(value));
const between = (low: number, high: number): KinkGraph => ({
  nodes: [node('Clip', ['x', 'low', 'high'], ['y'])],
  constants: [real('low', low), real('high', high)],
});

const ofOneVariable: Readonly<Record<string, KinkGraph>> = {
  Relu: ofX('Relu'),
  Abs: ofX('Abs'),
  LeakyRelu: ofX('LeakyRelu', { alpha: 0.25 }),
  Elu: ofX('Elu', { alpha: 1.5 }),
  'Elu, far out': ofX('Elu', { alpha: 1.5 }),
  Celu: ofX('Celu', { alpha: 0.5 }),
  'Celu, far out': ofX('Celu', { alpha: 0.5 }),
  Selu: ofX('Selu'),
  ThresholdedRelu: ofX('ThresholdedRelu', { alpha: 0.5 }),
  'Shrink, soft': ofX('Shrink', { lambd: 0.5, bias: 0.5 }),
  'Shrink, hard': ofX('Shrink', { lambd: 0.5 }),
  HardTanh: between(-1, 1),
  Relu6: between(0, 6),
  HardSigmoid: ofX('HardSigmoid', { alpha: 1 / 6, beta: 0.5 }),
  HardSwish: ofX('HardSwish'),
  Softsign: ofX('Softsign'),
  'Softplus, far out': ofX('Softplus'),
  'Sigmoid, far out': ofX('Sigmoid'),
  'Tanh, far out': ofX('Tanh'),
  'Gelu, far out': ofX('Gelu', {}, 20),
  'Gelu by tanh, far out': ofX('Gelu', { approximate: 'tanh' }, 20),
  'Swish, far out': ofX('Swish', {}, 24),
  'Mish, far out': ofX('Mish'),
  'Erf, far out': ofX('Erf'),
  Sign: ofX('Sign'),
  Round: ofX('Round'),
  Floor: ofX('Floor'),
  Ceil: ofX('Ceil'),
  PRelu: of('PRelu', ['x', 'slope']),
};

const power = (exponent: number): KinkGraph => ({ ...of('Pow', ['a', 'c']), constants: [real('c', exponent)] });
const chosen = (opType: string): KinkGraph => ({
  nodes: [
    node('Greater', ['x', 'zero'], ['c']),
    node(opType, ['x'], ['taken']),
    node('Where', ['c', 'taken', 'x'], ['y']),
  ],
  constants: [real('zero', 0)],
});

const atPoles: Readonly<Record<string, KinkGraph>> = {
  'Sqrt at 0': ofX('Sqrt'),
  'Sqrt at 0, of no weight': ofX('Sqrt'),
  'Log at 0': ofX('Log'),
  'Log at 0, of no weight': ofX('Log'),
  'Reciprocal at 0': ofX('Reciprocal'),
  'Exp, overflowing': ofX('Exp'),
  'Exp, overflowing, of no weight': ofX('Exp'),
  'Asin at its ends': ofX('Asin'),
  'Acos at its ends': ofX('Acos'),
  'Acosh at its end': ofX('Acosh'),
  'Atanh at its ends': ofX('Atanh'),
  'Div by 0': of('Div', ['a', 'b']),
  'Mul of 0 and infinity': of('Mul', ['a', 'b']),
  'Mul by infinity, of no weight': of('Mul', ['a', 'b']),
  'Pow, base 0': of('Pow', ['a', 'b']),
  'Pow, exponent 0': of('Pow', ['a', 'b']),
  'Pow, base negative': of('Pow', ['a', 'b']),
  'Pow of 0 by a number': power(0.5),
  'Square of 0 by Pow': power(2),
  'Where, infinite slope not taken': chosen('Log'),
  'Where, root not taken': chosen('Sqrt'),
  'Where, infinity not taken': {
    nodes: [node('Greater', ['a', 'zero'], ['c']), node('Where', ['c', 'a', 'b'], ['y'])],
    constants: [real('zero', 0)],
  },
  'Where, masked before a Softmax': {
    nodes: [
      node('Greater', ['x', 'zero'], ['c']),
      node('Where', ['c', 'x', 'hidden'], ['masked']),
      node('Softmax', ['masked'], ['y'], { attributes: { axis: -1n } }),
    ],
    constants: [real('zero', 0), real('hidden', Number.NEGATIVE_INFINITY)],
  },
  'Where, guarded root': {
    nodes: [
      node('Greater', ['x', 'zero'], ['c']),
      node('Where', ['c', 'x', 'one'], ['safe']),
      node('Sqrt', ['safe'], ['root']),
      node('Where', ['c', 'root', 'zero'], ['y']),
    ],
    constants: [real('zero', 0), real('one', 1)],
  },
};

const betweenVariables: Readonly<Record<string, KinkGraph>> = {
  'Max of equals': of('Max', ['a', 'b']),
  'Min of equals': of('Min', ['a', 'b']),
  'Max of three equals': of('Max', ['a', 'b', 'c']),
  'Min of three equals': of('Min', ['a', 'b', 'c']),
  'Max of equal infinities': of('Max', ['a', 'b']),
  'Max of equals, broadcast': of('Max', ['a', 'b']),
  'Clip at its bounds': of('Clip', ['x', 'low', 'high']),
  'Clip at its bounds, which are numbers': between(-1, 1),
  'Clip with one bound, which is a number': { ...of('Clip', ['x', 'low']), constants: [real('low', -1)] },
  'Clip with one bound': of('Clip', ['x', 'low']),
  'Clip with bounds that cross': of('Clip', ['x', 'low', 'high']),
  'Clip with bounds that are one': of('Clip', ['x', 'low', 'high']),
  'Clip with the upper bound': of('Clip', ['x', '', 'high']),
  "Mod at a multiple, of the dividend's sign": of('Mod', ['a', 'b'], { fmod: 1n }),
};

const largest = (isLargest: bigint): KinkGraph => ({
  nodes: [node('TopK', ['x', 'k'], ['y', 'places'], { attributes: { axis: 1n, largest: isLargest } })],
  constants: [integersOf('k', [2])],
});

const alongAxes: Readonly<Record<string, KinkGraph>> = {
  'ReduceMax of equals': along('ReduceMax', [1], 1n),
  'ReduceMin of equals': along('ReduceMin', [1], 1n),
  'ReduceMax of equals everywhere': along('ReduceMax', [0, 1], 1n),
  'TopK of equals': largest(1n),
  'TopK, least of equals': largest(0n),
  'ReduceProd with one 0': along('ReduceProd', [1], 0n),
  'ReduceProd with two 0': along('ReduceProd', [1], 0n),
  'ReduceL2 at 0': along('ReduceL2', [1], 0n),
  'ReduceL1 at 0': along('ReduceL1', [1], 0n),
  'LpNormalization at 0': ofX('LpNormalization', { axis: 1n }),
  'LpNormalization at 0, by sums': ofX('LpNormalization', { axis: 1n, p: 1n }),
  'ReduceLogSumExp of infinities': along('ReduceLogSumExp', [1], 0n),
  'ReduceLogSumExp of nothing': along('ReduceLogSumExp', [1], 0n),
  'Softmax, far out': ofX('Softmax', { axis: 1n }),
  'LogSoftmax, far out': ofX('LogSoftmax', { axis: 1n }),
  'CumSum with an infinity': { ...of('CumSum', ['x', 'axis']), constants: [integersOf('axis', [0], [])] },
};

const pool = (opType: string, size: number, stride: number, more: Attributes = {}): KinkGraph =>
  ofX(opType, { kernel_shape: [size, size].map(BigInt), strides: [stride, stride].map(BigInt), ...more });
const padded = { pads: [1n, 1n, 1n, 1n] };

const inWindows: Readonly<Record<string, KinkGraph>> = {
  'MaxPool of equals': pool('MaxPool', 2, 2),
  'MaxPool of equals, overlapping': pool('MaxPool', 3, 1),
  'MaxPool of equals, padded': pool('MaxPool', 3, 2, padded),
  'MaxPool of equals, ceil mode': pool('MaxPool', 2, 2, { ceil_mode: 1n }),
  'MaxPool of equals, padded, ceil mode': pool('MaxPool', 3, 2, { ...padded, ceil_mode: 1n }),
  'MaxPool of equals, dilated': pool('MaxPool', 2, 1, { dilations: [2n, 2n] }),
  'MaxPool of lowest infinities': pool('MaxPool', 2, 2),
  'MaxPool of equals in a line': ofX('MaxPool', { kernel_shape: [3n], strides: [1n] }),
  'GlobalMaxPool of equals': ofX('GlobalMaxPool'),
  'AveragePool, ceil mode': pool('AveragePool', 2, 2, { ceil_mode: 1n }),
  'LpPool at 0': pool('LpPool', 2, 2),
};

const withoutVariation: Readonly<Record<string, KinkGraph>> = {
  'LayerNormalization of a constant row': of('LayerNormalization', ['x', 's', 'b']),
  'RMSNormalization of zeros': of('RMSNormalization', ['x', 's'], {}, 23),
  'InstanceNormalization of a constant plane': of('InstanceNormalization', ['x', 's', 'b']),
  'GroupNormalization of a constant group': of('GroupNormalization', ['x', 's', 'b'], { num_groups: 2n }, 21),
  'BatchNormalization of a constant channel': {
    nodes: [
      node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y', 'mean', 'variance'], {
        attributes: { training_mode: 1n },
      }),
    ],
    constants: ['m', 'v'].map((name) => tensor(name, [2], new Float32Array(2))),
  },
  'LRN of zeros': ofX('LRN', { size: 3n, alpha: 0.5, beta: 0.75, bias: 1 }),
};

export const kinkGraphs: Readonly<Record<string, KinkGraph>> = {
  ...ofOneVariable,
  ...atPoles,
  ...betweenVariables,
  ...alongAxes,
  ...inWindows,
  ...withoutVariation,
};
