import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, type Model, modelOf, type Node, node, type Tensor, tensor, tensorValue } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { erf } from '../../src/float64/error-function.ts';
import { evaluate, floats, integers, type Value } from '../../src/float64/evaluate.ts';
import { operators } from '../../src/float64/operators.ts';

function modelWith(nodes: readonly Node[], initializers: readonly Tensor[] = [], opset = 17): Model {
  const inputs = [tensorValue('x', 'FLOAT', ['n', 2])];
  const last = nodes.at(-1)!.outputs[0]!;
  const graph = graphOf({ name: 'g', inputs, outputs: [tensorValue(last, 'FLOAT', [])], nodes, initializers });
  return modelOf({ graph, opsets: { '': opset } });
}

const x = (...numbers: number[]): ReadonlyMap<string, Value> =>
  new Map([['x', floats([numbers.length / 2, 2], Float64Array.from(numbers))]]);

const listed = (value: Value | undefined): unknown[] => Array.from(value?.data as ArrayLike<number | bigint>);

describe('evaluate', () => {
  it('gives every named value of the graph, the inputs and initializers too', () => {
    const weights = tensor('w', [2, 1], Float32Array.of(0.5, -2));
    const nodes = [node('MatMul', ['x', 'w'], ['h']), node('Relu', ['h'], ['y'])];
    const values = evaluate(modelWith(nodes, [weights]), x(4, 0.5, 1, 3));
    expect([...values.keys()].sort()).toEqual(['h', 'w', 'x', 'y']);
    expect(listed(values.get('h'))).toEqual([1, -5.5]);
    expect(values.get('y')).toEqual(floats([2, 1], Float64Array.of(1, 0)));
  });

  it('never rounds FLOAT to its precision', () => {
    const nodes = [node('Exp', ['x'], ['e']), node('Cast', ['e'], ['y'], { attributes: { to: 1n } })];
    expect(listed(evaluate(modelWith(nodes), x(1, 1e-9)).get('y'))).toEqual([Math.E, 1 + 1e-9]);
  });

  it('computes integers exactly, and wraps them as C does', () => {
    const big = tensor('b', [2], BigInt64Array.of(2n ** 62n + 1n, 2n ** 63n - 1n));
    const values = evaluate(
      modelWith([node('Add', ['b', 'b'], ['s']), node('Equal', ['b', 's'], ['y'])], [big]),
      x(0, 0),
    );
    expect(listed(values.get('s'))).toEqual([-(2n ** 63n) + 2n, -2n]);
    expect(values.get('y')).toEqual({ type: 'BOOL', dims: [2], data: Uint8Array.of(0, 0) });
  });

  it('takes the default of an input from the initializers, and a feed before it', () => {
    const model = modelWith([node('Neg', ['x'], ['y'])], [tensor('x', [1, 2], Float32Array.of(3, 4))]);
    expect(listed(evaluate(model, new Map()).get('y'))).toEqual([-3, -4]);
    expect(listed(evaluate(model, x(1, 2)).get('y'))).toEqual([-1, -2]);
  });

  it('widens half precision, brain floats and four-bit integers', () => {
    const raw = (name: string, dataType: Tensor['dataType'], dims: number[], ...bytes: number[]): Tensor => {
      return { name, dataType, dims, content: { kind: 'raw', bytes: Uint8Array.from(bytes) } };
    };
    const constants = [
      raw('half', 'FLOAT16', [4], 0x00, 0x3c, 0x01, 0x00, 0xff, 0xfb, 0x00, 0xfc), // 1, 2⁻²⁴, −65504, −∞: IEEE 754 binary16
      raw('brain', 'BFLOAT16', [2], 0x80, 0x3f, 0x49, 0xc0), // 1, −3.140625: the upper halves of 0x3f800000 and 0xc0490000
      raw('nibbles', 'INT4', [3], 0xf1, 0x08), // 1, −1, −8: the lower half first
    ];
    const values = evaluate(modelWith([node('Neg', ['x'], ['y'])], constants), x(1, 2));
    expect(listed(values.get('half'))).toEqual([1, 2 ** -24, -65504, Number.NEGATIVE_INFINITY]);
    expect(listed(values.get('brain'))).toEqual([1, -3.140625]);
    expect(listed(values.get('nibbles'))).toEqual([1, -1, -8]);
  });

  it('names the node and the operator that it does not know, or whose inputs do not fit', () => {
    const unknown = node('NonMaxSuppression', ['x'], ['y'], { name: 'boxes' });
    expect(() => evaluate(modelWith([unknown]), x(1, 2))).toThrow(/node `boxes` \(NonMaxSuppression\).*not supported/);
    const foreign = node('Relu', ['x'], ['y'], { domain: 'com.example' });
    expect(() => evaluate(modelWith([foreign]), x(1, 2))).toThrow(/com\.example\.Relu is not supported/);
    const wrong = node('Reshape', ['x', 's'], ['y']);
    const shape = tensor('s', [1], BigInt64Array.of(5n));
    expect(() => evaluate(modelWith([wrong], [shape]), x(1, 2))).toThrow(
      /node `y` \(Reshape\) of FLOAT\[1,2\], INT64\[1\]/,
    );
    expect(() => evaluate(modelWith([node('Neg', ['x'], ['y'])]), new Map())).toThrow('no value for the input `x`');
    const random = node('Dropout', ['x', '', 't'], ['y']);
    const training = tensor('t', [], Uint8Array.of(1));
    expect(() => evaluate(modelWith([random], [training]), x(1, 2))).toThrow(/at random is not supported/);
  });

  it('refuses an index outside its axis', () => {
    const gather = node('Gather', ['x', 'i'], ['y'], { attributes: { axis: 1n } });
    const model = modelWith([gather], [tensor('i', [1], BigInt64Array.of(2n))]);
    expect(() => evaluate(model, x(1, 2))).toThrow(/index 2 of 2/);
    expect(evaluate(modelWith([node('Shape', ['x'], ['y'])]), x(1, 2)).get('y')).toEqual(integers([2], [1, 2]));
  });
});

describe('where operators meet kinks, ties and infinities', () => {
  const of = (op: string, ...numbers: number[]): unknown[] =>
    listed(evaluate(modelWith([node(op, ['x'], ['y'])]), x(...numbers)).get('y'));

  it('keeps NaN and saturates', () => {
    expect(of('Relu', Number.NaN, -1)).toEqual([Number.NaN, 0]);
    expect(of('Sigmoid', -1000, 1000)).toEqual([0, 1]);
    expect(of('Softplus', -1000, 1000)).toEqual([0, 1000]);
    expect(of('LogSoftmax', 0, 1e4)).toEqual([-1e4, 0]);
    expect(of('Mish', 1000, 0)).toEqual([1000, 0]);
    expect(of('ReduceMax', Number.NaN, 1)).toEqual([Number.NaN]);
  });

  it('says the first of equal elements', () => {
    expect(
      listed(evaluate(modelWith([node('ArgMax', ['x'], ['y'], { attributes: { axis: 1n } })]), x(3, 3)).get('y')),
    ).toEqual([0n]);
    expect(of('Hardmax', 2, 2)).toEqual([1, 0]);
    const k = tensor('k', [1], BigInt64Array.of(2n));
    const top = evaluate(modelWith([node('TopK', ['x', 'k'], ['v', 'y'])], [k]), x(1, 1));
    expect(listed(top.get('y'))).toEqual([0n, 1n]);
  });
});

it('erf has the values of tables', () => {
  // Abramowitz and Stegun, table 7.1; beyond it erfc(3.5) = 7.4309837234141e-7 and erfc(5) = 1.5374597944280e-12
  const table: [number, number][] = [
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [1.5, 0.9661051465],
    [2, 0.995322265],
  ];
  for (const [at, value] of table) expect(erf(at)).toBeCloseTo(value, 10);
  expect(1 - erf(3.5)).toBeCloseTo(7.4309837234141e-7, 15);
  expect(1 - erf(5)).toBeCloseTo(1.537459794428e-12, 15);
  expect([erf(0), erf(30), erf(Number.NEGATIVE_INFINITY), erf(Number.NaN)]).toEqual([0, 1, -1, Number.NaN]);
});

it('knows every operator that ONNX tags differentiable', () => {
  const file = readFileSync(join(import.meta.dirname, 'differentiable.json'), 'utf8');
  const { operators: tagged } = JSON.parse(file) as { operators: string[] };
  expect(tagged.length).toBeGreaterThan(100);
  expect(tagged.filter((name) => !(name in operators))).toEqual([]);
});
