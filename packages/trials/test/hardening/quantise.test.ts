import type { TensorData } from '@holdfast/inference';
import { openSession } from '@holdfast/inference';
import {
  type Graph,
  graphOf,
  type Model,
  modelOf,
  node,
  type Tensor,
  tensor,
  tensorValue,
  valuesOf,
  writeModel,
} from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { evaluate, floats, numbersOf } from '@holdfast/testkit/float64/evaluate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Feeds, type QuantiseOptions, quantise } from '../../src/hardening/quantise.ts';
import { quantisationSensitivity } from '../../src/hardening/sensitivity.ts';
import { exactBits } from './exact-bits.ts';
import { modelOfCorpus, requireSound } from './ready.ts';

type Dims = readonly number[];
const count = (dims: Dims): number => dims.reduce((product, size) => product * size, 1);
const real = (name: string, dims: Dims, values: ArrayLike<number>): Tensor =>
  tensor(name, dims, Float32Array.from(values));

function network(
  nodes: Graph['nodes'],
  initializers: readonly Tensor[],
  { dims = [2] as Dims, opset = 18 } = {},
): Model {
  const graph = graphOf({
    name: 'network',
    nodes,
    inputs: [tensorValue('x', 'FLOAT', ['N', ...dims])],
    outputs: [{ ...tensorValue('y', 'FLOAT', []), type: { kind: 'tensor', elementType: 'FLOAT' } }],
    initializers,
  });
  return modelOf({ graph, opsets: { '': opset } });
}

function fed(dims: Dims, values: ArrayLike<number>): Feeds {
  return { x: { type: 'FLOAT', dims: [values.length / count(dims), ...dims], data: Float32Array.from(values) } };
}

function noise(length: number, seed: string): Float32Array {
  const random = randomOf(seed);
  return Float32Array.from({ length }, () => random.normal());
}

async function run(model: Model, feeds: Feeds): Promise<Float32Array> {
  const session = await openSession(writeModel(model), { threads: 1 });
  const { y } = await session.run(feeds);
  await session.release();
  return y?.data as Float32Array;
}

/** What the model gives by the specification, in float64. */
function specified(model: Model, feeds: Feeds): number[] {
  const { dims, data } = feeds['x'] as TensorData;
  const given = evaluate(model, new Map([['x', floats(dims, Float64Array.from(data as Float32Array))]]));
  return [...numbersOf(given.get('y') ?? floats([0], new Float64Array(0)))];
}

const operators = ({ graph }: Model): string => graph.nodes.map(({ opType }) => opType).join(' ');
function constant(model: Model, name: string): Tensor {
  const found = model.graph.initializers.get(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}
/** The scale and zero point of the node that gives a value, or reads it. */
function affineOf(model: Model, opType: string, value: string): { scale: number[]; zero: number[] } {
  const found = model.graph.nodes.find(
    (each) => each.opType === opType && [each.inputs[0], each.outputs[0]].includes(value),
  );
  const [, scale = '', zero = ''] = found?.inputs ?? [];
  const stored = model.graph.initializers.get(zero);
  const zeros =
    stored === undefined ? [] : stored.dataType === 'INT8' ? valuesOf(stored, 'INT8') : valuesOf(stored, 'UINT8');
  return { scale: [...valuesOf(constant(model, scale), 'FLOAT')], zero: [...zeros] };
}

describe('one Gemm', () => {
  // x in [−1, 3]; outputs of weights (1.1, −2) and (0.5, 0.26) with biases 0.3 and −4
  const gemm = node('Gemm', ['x', 'w', 'b'], ['y'], { name: 'gemm', attributes: { transB: 1n } });
  const model = network([gemm], [real('w', [2, 2], [1.1, -2, 0.5, 0.26]), real('b', [2], [0.3, -4])]);
  const samples = [fed([2], [-1, 0, 3, 0.5])];

  it('has the scales and whole numbers that arithmetic gives', async () => {
    const { model: found, layers } = await quantise(model, samples);
    expect(operators(found)).toBe('QuantizeLinear DequantizeLinear DequantizeLinear DequantizeLinear Gemm');
    // 4 / 255, and round(1 / (4 / 255)) = round(63.75)
    const x = affineOf(found, 'QuantizeLinear', 'x');
    expect([x.scale[0], x.zero]).toEqual([Math.fround(4 / 255), [64]]);
    // 2 / 127 and 0.5 / 127: 1.1 is 69.85 of them, and 0.26 is 66.04 of the others
    expect([...valuesOf(constant(found, 'w'), 'INT8')]).toEqual([70, -127, 127, 66]);
    expect(affineOf(found, 'DequantizeLinear', 'w').scale).toEqual([Math.fround(2 / 127), Math.fround(0.5 / 127)]);
    // 0.3 / (4/255 · 2/127) = 1214.4; −4 / (4/255 · 0.5/127) = −64770
    expect([...valuesOf(constant(found, 'b'), 'INT32')]).toEqual([1214, -64770]);
    expect(layers).toEqual([
      {
        layer: 'gemm',
        operator: 'Gemm',
        kind: 'integer',
        weights: 4,
        input: { low: expect.closeTo(-1.00392, 5) as number, high: expect.closeTo(2.99608, 5) as number },
      },
    ]);
    await requireSound(found, model);
  });

  it('with activations of int8 has them around 0', async () => {
    const { model: found } = await quantise(model, samples, { activations: 'int8' });
    expect(affineOf(found, 'QuantizeLinear', 'x')).toEqual({ scale: [Math.fround(3 / 127)], zero: [0] });
  });

  it('with one scale for all weights, of seven bits', async () => {
    const { model: found } = await quantise(model, samples, { weights: 'per-tensor', weightBits: 7 });
    expect(affineOf(found, 'DequantizeLinear', 'w').scale).toEqual([Math.fround(2 / 63)]);
    // 34.65, 15.75 and 8.19
    expect([...valuesOf(constant(found, 'w'), 'INT8')]).toEqual([35, -63, 16, 8]);
    await requireSound(found, model);
  });

  it('has alpha and beta within its constants', async () => {
    const scaled = node('Gemm', ['x', 'w', 'b'], ['y'], {
      name: 'gemm',
      attributes: { transB: 1n, alpha: -2, beta: 0.25 },
    });
    const { model: found } = await quantise({ ...model, graph: { ...model.graph, nodes: [scaled] } }, samples);
    expect([...valuesOf(constant(found, 'w'), 'INT8')]).toEqual([-70, 127, -127, -66]);
    expect(affineOf(found, 'DequantizeLinear', 'w').scale).toEqual([Math.fround(4 / 127), Math.fround(1 / 127)]);
    // 0.075 / (4/255 · 4/127) = 151.8; −1 / (4/255 · 1/127) = −8096.25
    expect([...valuesOf(constant(found, 'b'), 'INT32')]).toEqual([152, -8096]);
    expect([...(found.graph.nodes.at(-1)?.attributes.keys() ?? [])]).toEqual(['transB']);
  });

  it('without any weight left for an output keeps its bias', async () => {
    const empty = network([gemm], [real('w', [2, 2], [1, -2, 0, 0]), real('b', [2], [0.3, -4])]);
    const { model: found } = await quantise(empty, samples);
    const y = await run(found, fed([2], [1, 1]));
    expect(y[1]).toBeCloseTo(-4, 5);
  });

  it('with a bias that is no number for each output is right, if not faster', async () => {
    const wide = network([gemm], [real('w', [2, 2], [1, -2, 0.5, 0.25]), real('b', [1, 1], [0.5])]);
    const { model: found } = await quantise(wide, samples);
    expect(constant(found, 'b').dataType).toBe('FLOAT');
    const y = await run(found, fed([2], [1, 1]));
    expect(y[0]).toBeCloseTo(-0.5, 1);
    expect(y[1]).toBeCloseTo(1.25, 1);
  });
});

/** A layer with random numbers, and how far rounding may bring each of its outputs at most. */
const layerCase = fc.record({
  operator: fc.constantFrom('MatMul' as const, 'Gemm' as const, 'Conv' as const),
  inputs: fc.integer({ min: 1, max: 6 }),
  outputs: fc.integer({ min: 1, max: 5 }),
  spread: fc.integer({ min: -6, max: 6 }),
  activations: fc.constantFrom('uint8' as const, 'int8' as const),
  weights: fc.constantFrom('per-channel' as const, 'per-tensor' as const),
  seed: fc.integer(),
});

it('what a layer gives differs by what rounding its numbers explains, and ONNX Runtime gives what is specified', async () => {
  await fc.assert(
    fc.asyncProperty(layerCase, async ({ operator, inputs, outputs, spread, seed, ...options }) => {
      const scale = 10 ** spread;
      const w = noise(inputs * outputs, `w${seed}`).map((value) => value * scale);
      const b = noise(outputs, `b${seed}`).map((value) => value * scale);
      const rows = 7;
      const x = noise(rows * inputs, `x${seed}`);
      // weight of input i for output o, as each operator stores it
      const at = (o: number, i: number): number => (operator === 'MatMul' ? i * outputs + o : o * inputs + i);
      const shape = { MatMul: [inputs, outputs], Gemm: [outputs, inputs], Conv: [outputs, inputs, 1] }[operator];
      const dims = operator === 'Conv' ? [inputs, 1] : [inputs];
      const given = operator === 'MatMul' ? ['x', 'w'] : ['x', 'w', 'b'];
      const attributes = operator === 'Gemm' ? { transB: 1n } : {};
      const only = network(
        [node(operator, given, ['y'], { attributes })],
        [real('w', shape, w), real('b', [outputs], b)],
        { dims },
      );
      const { model: found } = await quantise(only, [fed(dims, x)], { ...options, weightBits: exactBits });
      const y = await run(found, fed(dims, x));
      const wanted = specified(only, fed(dims, x));
      const [low, high] = [Math.min(0, ...x), Math.max(0, ...x)];
      const stepX = options.activations === 'int8' ? Math.max(-low, high) / 127 : (high - low) / 255;
      const largest = Math.max(...w.map(Math.abs));
      const bounds = wanted.map((_, index) => {
        const [row, o] = [Math.floor(index / outputs), index % outputs];
        const own = Array.from({ length: inputs }, (_each, i) => Math.abs(w[at(o, i)] ?? 0));
        const stepW = (options.weights === 'per-tensor' ? largest : Math.max(...own)) / (2 ** (exactBits - 1) - 1);
        const products = own.reduce(
          (sum, weight, i) =>
            sum + (weight * stepX + Math.abs(x[row * inputs + i] ?? 0) * stepW) / 2 + (stepX * stepW) / 4,
          0,
        );
        return products + (stepX * stepW) / 2;
      });
      // the convolution rounds what it gives as well
      const range = Math.max(...wanted.map(Math.abs)) + Math.max(...bounds);
      const rounding = operator === 'Conv' ? (2 * range) / 127 : 0;
      for (const [index, value] of wanted.entries()) {
        expect(Math.abs((y[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(1.02 * (bounds[index] ?? 0) + rounding);
      }
      const exact = specified(found, fed(dims, x));
      const step = operator === 'Conv' ? (2.1 * range) / 255 : 1e-5 * range;
      for (const [index, value] of exact.entries())
        expect(Math.abs((y[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(step);
    }),
    { numRuns: 60, seed: 5 },
  );
});

describe('weights', () => {
  const x = noise(12, 'shared');
  const w = real('w', [2, 2], [1, -2, 0.5, 0.25]);

  it('used twice are stored once; where something else reads them too, they stay real there', async () => {
    const twice = [node('MatMul', ['x', 'w'], ['h']), node('MatMul', ['h', 'w'], ['y'])];
    const { model: found } = await quantise(network(twice, [w]), [fed([2], x)]);
    expect([...found.graph.initializers.values()].filter(({ dims }) => dims.length === 2)).toHaveLength(1);
    expect(constant(found, 'w').dataType).toBe('INT8');
    const read = [node('MatMul', ['x', 'w'], ['h']), node('Add', ['h', 'w'], ['y'])];
    const { model: both } = await quantise(network(read, [w]), [fed([2], [1, 1, 0, 0])]);
    expect(constant(both, 'w').dataType).toBe('FLOAT');
    const y = await run(await soundly(both), fed([2], [0, 0, 0, 0]));
    expect([...y]).toEqual([1, -2, 0.5, 0.25]);
  });

  it('that are computed, and inputs that are constants, stay as they are', async () => {
    const nodes = [
      node('Mul', ['w', 'w'], ['w2'], { name: 'squared' }),
      node('MatMul', ['w', 'w'], ['constant'], { name: 'of-constants' }),
      node('MatMul', ['x', 'w2'], ['a'], { name: 'computed' }),
      node('MatMul', ['a', 'constant'], ['b'], { name: 'between' }),
      node('MatMul', ['b', 'w'], ['y'], { name: 'plain' }),
    ];
    const { layers, left } = await quantise(network(nodes, [w]), [fed([2], x)]);
    expect(layers.map(({ layer }) => layer)).toEqual(['plain']);
    expect(left.map(({ layer, why }) => [layer, why])).toEqual([
      ['computed', 'its weights are computed'],
      ['between', 'its weights are computed'],
      ['of-constants', 'its input is a constant'],
    ]);
  });

  it('of Constant nodes become initializers', async () => {
    const value = { type: 'TENSOR', value: w } as const;
    const nodes = [node('Constant', [], ['c'], { attributes: { value } }), node('MatMul', ['x', 'c'], ['y'])];
    const { model: found } = await quantise(network(nodes, []), [fed([2], x)]);
    expect(operators(found)).toBe('QuantizeLinear DequantizeLinear DequantizeLinear MatMul');
  });

  it('of recurrent layers and of ConvTranspose are stored in int8 and used as real numbers', async () => {
    const gru = await quantise(modelOfCorpus('digits-gru.export-18'), [fed([1, 8, 8], noise(640, 'gru'))]);
    expect(gru.layers.map(({ operator, kind }) => [operator, kind])).toEqual([
      ['Gemm', 'integer'],
      ['GRU', 'stored'],
    ]);
    const up = network([node('ConvTranspose', ['x', 'k'], ['y'])], [real('k', [1, 2, 2], [1, -0.5, 4, 2])], {
      dims: [1, 2],
    });
    const { model: found } = await quantise(up, [fed([1, 2], [1, 1])]);
    // channels of [1, −0.5] and [4, 2]: each with a scale of its own
    expect([...valuesOf(constant(found, 'k'), 'INT8')]).toEqual([127, -64, 127, 64]);
    expect(affineOf(found, 'DequantizeLinear', 'k').scale).toEqual([Math.fround(1 / 127), Math.fround(4 / 127)]);
    await requireSound(found, up);
  });
});

async function soundly(model: Model): Promise<Model> {
  await (await openSession(writeModel(model))).release();
  return model;
}

describe('what lies between layers', () => {
  it('has the range of what it passes on: MaxPool, Flatten', async () => {
    const nodes = [
      node('Conv', ['x', 'k'], ['c']),
      node('Relu', ['c'], ['r']),
      node('MaxPool', ['r'], ['p'], { attributes: { kernel_shape: [2n], strides: [2n] } }),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'v'], ['y']),
    ];
    const model = network(nodes, [real('k', [2, 1, 1], [1, -1]), real('v', [4, 1], [1, 2, 3, 4])], { dims: [1, 4] });
    const { model: found } = await quantise(model, [fed([1, 4], [-1, 2, 3, 0])]);
    expect(operators(found)).toBe(
      'QuantizeLinear DequantizeLinear DequantizeLinear Conv Relu QuantizeLinear DequantizeLinear MaxPool ' +
        'QuantizeLinear DequantizeLinear Flatten QuantizeLinear DequantizeLinear DequantizeLinear Gemm',
    );
    for (const value of ['r', 'p', 'f']) {
      expect(affineOf(found, 'DequantizeLinear', value)).toEqual({ scale: [Math.fround(3 / 255)], zero: [0] });
    }
    await requireSound(found, model);
  });

  it('is not given a range of its own where it has a smaller one', async () => {
    const nodes = [
      node('Conv', ['x', 'k'], ['c']),
      node('MaxPool', ['c'], ['p'], { attributes: { kernel_shape: [2n], strides: [2n] } }),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'v'], ['y']),
    ];
    const model = network(nodes, [real('k', [2, 1, 1], [1, -0.5]), real('v', [4, 1], [1, 2, 3, 4])], { dims: [1, 4] });
    const { model: found } = await quantise(model, [fed([1, 4], [-1, 2, 3, 0])]);
    // what is pooled lies in [0, 3], what it is pooled from in [−1.5, 3]
    for (const value of ['c', 'p', 'f']) {
      expect(affineOf(found, 'DequantizeLinear', value)).toEqual({ scale: [Math.fround(4.5 / 255)], zero: [85] });
    }
  });

  it('is batch normalisation no more: it is a part of the convolution', async () => {
    const nodes = [
      node('Conv', ['x', 'k', 'b'], ['c']),
      node('BatchNormalization', ['c', 'g', 'o', 'm', 'v'], ['y'], { attributes: { epsilon: 0.25 } }),
    ];
    const numbers = [
      real('g', [2], [2, -1]),
      real('o', [2], [0.5, 0]),
      real('m', [2], [1, 0]),
      real('v', [2], [0.75, 3.75]),
    ];
    const model = network(nodes, [real('k', [2, 1, 1], [1, 4]), real('b', [2], [0.25, 1]), ...numbers], {
      dims: [1, 3],
    });
    const x = fed([1, 3], [-1, 0, 1]);
    const { model: found } = await quantise(model, [x]);
    expect(operators(found)).toBe(
      'QuantizeLinear DequantizeLinear DequantizeLinear DequantizeLinear Conv QuantizeLinear DequantizeLinear',
    );
    // γ / √(σ² + ε) is 2 and −1/2: w′ = 2 and −2, b′ = 2 (0.25 − 1) + 0.5 = −1 and −0.5
    const y = await run(found, x);
    for (const [index, value] of [-3, -1, 1, 1.5, -0.5, -2.5].entries()) expect(y[index]).toBeCloseTo(value, 1);
    await requireSound(found, model);
  });

  it('may be read by a graph within a node', async () => {
    const branch = (name: string, from: string) =>
      graphOf({
        name,
        nodes: [node('Identity', [from], [`${name}-out`])],
        inputs: [],
        outputs: [{ name: `${name}-out` }],
      });
    const nodes = [
      node('Conv', ['x', 'k'], ['c']),
      node('If', ['always'], ['y'], {
        attributes: {
          then_branch: { type: 'GRAPH', value: branch('then', 'c') },
          else_branch: { type: 'GRAPH', value: branch('else', 'x') },
        },
      }),
    ];
    const always: Tensor = {
      name: 'always',
      dataType: 'BOOL',
      dims: [],
      content: { kind: 'raw', bytes: Uint8Array.of(1) },
    };
    const model = network(nodes, [real('k', [1, 1, 1], [2]), always], { dims: [1, 2] });
    const { model: found } = await quantise(model, [fed([1, 2], [1, -1])]);
    const y = await run(found, fed([1, 2], [1, -1]));
    expect(y[0]).toBeCloseTo(2, 1);
    expect(y[1]).toBeCloseTo(-2, 1);
  });
});

describe('layers that cost most', () => {
  // the second layer has one weight, of what is always 0, that is 1000 times the others: with one scale for all these are gone
  const nodes = [
    node('MatMul', ['x', 'a'], ['h'], { name: 'even' }),
    node('MatMul', ['h', 'b'], ['y'], { name: 'uneven' }),
  ];
  const even = real('a', [2, 3], [1, 0.5, 0, -0.5, 1, 0]);
  const model = network(nodes, [even, real('b', [3, 2], [1, 0.5, 0.25, 1, 1000, 0])]);
  const samples = [fed([2], noise(64, 'costs'))];
  const options: QuantiseOptions = { weights: 'per-tensor' };

  it('are found, the dearest first', async () => {
    const costs = await quantisationSensitivity(model, samples, options);
    expect(costs.map(({ layer }) => layer)).toEqual(['uneven', 'even']);
    expect(costs[0]?.error).toBeCloseTo(1, 5);
    expect(costs[1]?.error).toBeLessThan(0.02);
    expect(costs[0]?.changed).toBeGreaterThan(0);
  });

  it('can stay as they are, by their name or that of their weights', async () => {
    for (const exclude of [['uneven'], ['b']]) {
      const { model: found, left } = await quantise(model, samples, { ...options, exclude });
      expect(left).toEqual([{ layer: 'uneven', operator: 'MatMul', why: 'excluded' }]);
      expect(constant(found, 'b')).toBe(model.graph.initializers.get('b'));
    }
  });
});

describe('refused is', () => {
  const w = real('w', [2, 2], [1, 2, 3, 4]);
  const plain = network([node('MatMul', ['x', 'w'], ['y'])], [w]);
  const samples = [fed([2], [1, 2])];

  it('a model that is quantised already', async () => {
    const { model } = await quantise(plain, samples);
    await expect(quantise(model, samples)).rejects.toMatchObject({
      code: 'HF_TRIALS_COMPRESSION',
      message: 'the model is quantised already',
    });
  });

  it('a model of float16, or without layers', async () => {
    const half: Tensor = {
      name: 'w',
      dataType: 'FLOAT16',
      dims: [2, 2],
      content: { kind: 'raw', bytes: new Uint8Array(8) },
    };
    const nodes = [
      node('Cast', ['x'], ['h'], { attributes: { to: 10n } }),
      node('MatMul', ['h', 'w'], ['z'], { name: 'half' }),
    ];
    const model = network([...nodes, node('Cast', ['z'], ['y'], { attributes: { to: 1n } })], [half]);
    await expect(quantise(model, samples)).rejects.toMatchObject({
      code: 'HF_TRIALS_COMPRESSION',
      where: '`half`: its weights are FLOAT16',
    });
    await expect(quantise(network([node('Relu', ['x'], ['y'])], []), samples)).rejects.toMatchObject({
      code: 'HF_TRIALS_COMPRESSION',
    });
  });

  it('a calibration without samples, or with numbers that are none', async () => {
    await expect(quantise(plain, [])).rejects.toMatchObject({ code: 'HF_TRIALS_DATA' });
    await expect(quantise(plain, [fed([2], [1, Number.NaN])])).rejects.toThrow(
      'the value `x` is NaN for one of the samples',
    );
    await expect(quantise(plain, [{}])).rejects.toMatchObject({ code: 'HF_TRIALS_DATA' });
  });

  it.each([50, 101, Number.NaN])('a percentile of %s', async (percentile) => {
    await expect(quantise(plain, samples, { calibration: 'percentile', percentile })).rejects.toMatchObject({
      code: 'HF_TRIALS_OPTIONS',
    });
  });
});
