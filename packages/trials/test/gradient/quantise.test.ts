import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import {
  graphOf,
  type Model,
  modelOf,
  type Node,
  node,
  type Tensor,
  tensor,
  tensorValue,
  writeModel,
} from '@holdfast/onnx';
import { evaluate, floats, numbersOf } from '@holdfast/testkit/float64/evaluate';
import { describe, expect, it } from 'vitest';
import { gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { probeFacts } from '../../src/gradient/probe-facts.ts';

interface Recorded {
  readonly type: 'UINT8' | 'INT8';
  readonly scale: number | readonly number[];
  readonly zero: number | readonly number[];
  readonly axis: number | null;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dy: readonly number[];
  readonly dx: readonly number[];
}

const dims = [2, 3, 8];
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'quantisation.json'), 'utf8')) as {
  readonly cases: readonly Recorded[];
};

const single = (data: ArrayLike<number>, shape: readonly number[] = dims) =>
  ({ type: 'FLOAT', dims: shape, data: Float32Array.from(data) }) as const;

function modelWith(nodes: readonly Node[], constants: readonly Tensor[], shape: readonly (number | string)[]): Model {
  const inputs = [tensorValue('x', 'FLOAT', ['n', ...shape.slice(1)])];
  const graph = graphOf({ name: 'quantised', nodes, inputs, outputs: [{ name: 'y' }], initializers: constants });
  return modelOf({ graph, opsets: { '': 18 } });
}

async function gradient(model: Model, x: ReturnType<typeof single>, dy: readonly number[], dyDims = x.dims) {
  const half = single(x.data.subarray(0, x.data.length / 2), [1, ...x.dims.slice(1)]);
  const facts = await probeFacts(model, [{ x }, { x: half }]);
  const full = gradientModel(model, { facts, output: 'y', loss: 'seed', withRespectTo: ['x'] });
  const session = await openSession(writeModel(full), { threads: 1 });
  const found = await session.run({ x, [ports.seed]: single(dy, dyDims) });
  await session.release();
  return {
    y: Array.from(found['y']!.data as Float32Array),
    dx: Array.from(found[gradientPort('x')]!.data as Float32Array),
  };
}

function closeTo(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  for (const [index, value] of wanted.entries()) expect(found[index], `entry ${index}`).toBeCloseTo(value, 6);
}

describe('quantisation lets gradients pass straight through, but where it clipped: as PyTorch', () => {
  it.each(recorded.cases)('$type, scale $scale', async ({ type, scale, zero, axis, ...of }) => {
    const shape = typeof scale === 'number' ? [] : [scale.length];
    const list = [scale].flat();
    const zeros = [zero].flat();
    const constants = [
      tensor('s', shape, Float32Array.from(list)),
      tensor('z', shape, type === 'INT8' ? Int8Array.from(zeros) : Uint8Array.from(zeros)),
    ];
    const attributes = axis === null ? {} : { axis: BigInt(axis) };
    const nodes = [
      node('QuantizeLinear', ['x', 's', 'z'], ['q'], { attributes }),
      node('DequantizeLinear', ['q', 's', 'z'], ['y'], { attributes }),
    ];
    const found = await gradient(modelWith(nodes, constants, dims), single(of.x), of.dy);
    closeTo(found.y, of.y);
    closeTo(found.dx, of.dx);
    expect(of.dx.filter((value) => value === 0).length).toBeGreaterThan(4);
  });

  it('also through what moves whole numbers about, and without a zero point', async () => {
    const constants = [tensor('s', [], Float32Array.of(0.5)), tensor('shape', [2], BigInt64Array.of(-1n, 6n))];
    const nodes = [
      node('QuantizeLinear', ['x', 's'], ['q']),
      node('Transpose', ['q'], ['t'], { attributes: { perm: [0n, 2n, 1n] } }),
      node('Reshape', ['t', 'shape'], ['r']),
      node('DequantizeLinear', ['r', 's'], ['y']),
    ];
    // UINT8 from 0 to 127.5: what is negative is clipped.
    const x = single([1, -2, 3, 4, 5, 200, -1, 8, 9, 10, 11, 12], [2, 2, 3]);
    const dy = Array.from({ length: 12 }, (_, index) => index + 1);
    const { dx } = await gradient(modelWith(nodes, constants, x.dims), x, dy, [2, 6]);
    closeTo(dx, [1, 0, 5, 2, 4, 0, 0, 9, 11, 8, 10, 12]);
  });

  it('by the range of what is quantised: nothing is clipped', async () => {
    const nodes = [
      node('DynamicQuantizeLinear', ['x'], ['q', 's', 'z']),
      node('DequantizeLinear', ['q', 's', 'z'], ['y']),
    ];
    const { y, dx } = await gradient(
      modelWith(nodes, [], [2, 3]),
      single([0, 2, -3, -2.5, 1.34, 0.5], [2, 3]),
      [1, 2, 3, 4, 5, 6],
    );
    closeTo(dx, [1, 2, 3, 4, 5, 6]);
    // The example of the specification: scale 0.0196…, zero point 153.
    closeTo(
      y,
      [153, 255, 0, 26, 221, 179].map((level) => (level - 153) * 0.019607844),
    );
  });

  it('the oracle computes the example of the specification, but for what lies halfway in exact numbers', () => {
    const nodes = [node('DynamicQuantizeLinear', ['x'], ['y', 's', 'z'])];
    const found = evaluate(
      modelWith(nodes, [], [5]),
      new Map([['x', floats([5], Float64Array.of(0, 2, -3, 1.34, 0.5))]]),
    );
    expect(Array.from(numbersOf(found.get('y')!))).toEqual([153, 255, 0, 221, 179]);
    expect(numbersOf(found.get('s')!)[0]).toBeCloseTo(0.0196078438, 8);
    expect(numbersOf(found.get('z')!)[0]).toBe(153);
  });
});

describe('arithmetic of whole numbers has no gradient, and says so instead of giving zeros', () => {
  const constants = [
    tensor('s', [], Float32Array.of(0.1)),
    tensor('z', [], Uint8Array.of(128)),
    tensor(
      'w',
      [4, 3],
      Uint8Array.from({ length: 12 }, (_, index) => 120 + index),
    ),
    tensor('k', [2, 1, 1, 1], Uint8Array.of(130, 120)),
  ];
  const quantised = node('QuantizeLinear', ['x', 's', 'z'], ['q']);
  const back = node('DequantizeLinear', ['p', 's', 'z'], ['y']);
  const scaled = [node('Cast', ['p'], ['f'], { attributes: { to: 1n } }), node('Mul', ['f', 's'], ['y'])];
  it.each([
    [
      'QLinearMatMul',
      [2, 4],
      [quantised, node('QLinearMatMul', ['q', 's', 'z', 'w', 's', 'z', 's', 'z'], ['p']), back],
    ],
    ['MatMulInteger', [2, 4], [quantised, node('MatMulInteger', ['q', 'w', 'z', 'z'], ['p']), ...scaled]],
    [
      'QLinearConv',
      [2, 1, 2, 2],
      [quantised, node('QLinearConv', ['q', 's', 'z', 'k', 's', 'z', 's', 'z'], ['p']), back],
    ],
    ['ConvInteger', [2, 1, 2, 2], [quantised, node('ConvInteger', ['q', 'k', 'z', 'z'], ['p']), ...scaled]],
  ] as const)('%s', async (operator, shape, nodes) => {
    const model = modelWith(nodes, constants, shape);
    const x = single(
      Array.from({ length: shape.reduce<number>((product, size) => product * size, 1) }, (_, index) => index / 10),
      shape,
    );
    const refused = gradient(model, x, []);
    await expect(refused).rejects.toMatchObject({ code: 'HF_TRIALS_OPERATOR', where: 'node `p`' });
    await expect(refused).rejects.toThrow(`no gradient through \`${operator}\`: it computes with whole numbers`);
  });

  it('nor has a scale that depends on the input', async () => {
    const nodes = [
      node('ReduceMax', ['x'], ['m'], { attributes: { keepdims: 0n } }),
      node('QuantizeLinear', ['x', 'm', 'z'], ['q']),
      node('DequantizeLinear', ['q', 'm', 'z'], ['y']),
    ];
    const refused = gradient(modelWith(nodes, constants, [2, 3]), single([1, 2, 3, 4, 5, 6], [2, 3]), []);
    await expect(refused).rejects.toThrow('its scale depends on what is differentiated by');
  });
});
