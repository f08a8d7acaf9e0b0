import { describe, expect, it } from 'vitest';
import {
  graphOf,
  modelOf,
  node,
  OnnxError,
  readModel,
  tensor,
  tensorValue,
  valuesOf,
  writeModel,
} from '../src/index.ts';
import { vector, vectorJson } from './vectors.ts';
import { logisticRegression, perceptron } from './written-models.ts';

interface Written {
  readonly models: Readonly<Record<string, { file: string; inputs: number[][]; outputs: number[][] }>>;
}
// onnx.checker accepted these files, and ONNX Runtime gave these outputs (versions in the file).
const { models } = vectorJson('valid/onnx-written.json') as Written;

/** Row times matrix plus bias, in double precision; `at(i, j)` is the element in row i and column j. */
function affine(
  row: readonly number[],
  columns: number,
  at: (i: number, j: number) => number,
  bias: readonly number[],
): number[] {
  return Array.from({ length: columns }, (_, j) => row.reduce((sum, value, i) => sum + value * at(i, j), bias[j]!));
}

describe('what is written runs elsewhere as it was meant', () => {
  it('logistic regression: sigmoid(x · w + b)', () => {
    const { inputs, outputs } = models['logistic']!;
    for (const [index, [a, b, c]] of (inputs as [number, number, number][]).entries()) {
      const byHand = 1 / (1 + Math.exp(-(0.5 * a - 1.25 * b + 2 * c + 0.125)));
      expect(outputs[index]![0]).toBeCloseTo(byHand, 6);
    }
  });

  it('a perceptron: softmax(0.5 · relu(x · w1ᵀ + b1) · w2 + b2)', () => {
    const { inputs, outputs } = models['perceptron']!;
    for (const [index, row] of inputs.entries()) {
      const hidden = affine(row, 4, (i, j) => ((j * 3 + i) % 5) / 4 - 0.5, [0.1, -0.2, 0.3, 0]).map((value) =>
        Math.max(0, value),
      );
      const logits = affine(hidden, 2, (i, j) => 0.5 * (((i * 2 + j) % 3) / 2 - 0.25), [0.05, -0.05]);
      const exponents = logits.map((value) => Math.exp(value - Math.max(...logits)));
      const sum = exponents.reduce((a, b) => a + b);
      for (const [at, exponent] of exponents.entries()) expect(outputs[index]![at]).toBeCloseTo(exponent / sum, 5);
    }
  });

  it.each([
    ['logistic', logisticRegression],
    ['perceptron', perceptron],
  ])('%s: the bytes are the ones that were run', (name, model) => {
    expect(Buffer.compare(writeModel(model()), vector(`valid/${models[name]!.file}`))).toBe(0);
  });
});

describe('writeModel', () => {
  const parts = {
    name: 'g',
    inputs: [tensorValue('x', 'FLOAT', ['N', 2])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 2])],
    nodes: [node('Add', ['x', 'w'], ['y'])],
    initializers: [tensor('w', [2], Float32Array.of(1, 2))],
  };

  it('refuses what cannot be read again', () => {
    const write =
      (change: Partial<typeof parts>, opsets: Record<string, number> = { '': 17 }) =>
      () =>
        writeModel(modelOf({ graph: graphOf({ ...parts, ...change }), opsets }));
    expect(write({})).not.toThrow();
    expect(write({ nodes: [] })).toThrow(expect.objectContaining({ code: 'HF_ONNX_UNRESOLVED' }));
    expect(write({ initializers: [tensor('w', [3], Float32Array.of(1, 2))] })).toThrow(
      expect.objectContaining({ code: 'HF_ONNX_TENSOR_SIZE' }),
    );
    expect(write({}, { '': 99 })).toThrow(expect.objectContaining({ code: 'HF_ONNX_VERSION' }));
    expect(write({ nodes: [node('Add', ['x', 'w'], ['y'], { attributes: { big: 2n ** 70n } })] })).toThrow(
      expect.objectContaining({ code: 'HF_ONNX_TYPE' }),
    );
    const escaping = {
      ...tensor('w', [2], Float32Array.of(1, 2)),
      content: { kind: 'external', data: { location: '../w' } },
    } as const;
    expect(write({ initializers: [escaping as never] })).toThrow(
      expect.objectContaining({ code: 'HF_ONNX_EXTERNAL_PATH' }),
    );
  });

  it('writes the bytes of a typed array as they stand', () => {
    const bytes = writeModel(modelOf({ graph: graphOf(parts), opsets: { '': 17 } }));
    // 1.0 and 2.0 in IEEE 754 single precision, little-endian
    expect(Buffer.from(bytes).includes(Buffer.from('0000803f00000040', 'hex'))).toBe(true);
  });

  it('takes a view of a larger array', () => {
    const all = Float32Array.of(9, 1, 2, 9);
    const model = modelOf({
      graph: graphOf({ ...parts, initializers: [tensor('w', [2], all.subarray(1, 3))] }),
      opsets: { '': 17 },
    });
    expect(valuesOf(readModel(writeModel(model)).graph.initializers.get('w')!, 'FLOAT')).toEqual(Float32Array.of(1, 2));
  });

  it('carries an exit code and what to do in its errors', () => {
    try {
      writeModel(modelOf({ graph: graphOf({ ...parts, nodes: [] }), opsets: { '': 17 } }));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OnnxError);
      expect(error).toMatchObject({ exit: 1, where: 'graph `g`', message: 'nothing produces the output `y`' });
      expect((error as OnnxError).fix).not.toBe('');
    }
  });
});
