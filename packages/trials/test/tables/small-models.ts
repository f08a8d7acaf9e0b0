import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';

/** σ(x·w + b), [N, 1]. */
export function logisticFile(weights: readonly number[], bias: number): Uint8Array {
  const size = weights.length;
  const graph = graphOf({
    name: 'logistic',
    nodes: [node('Gemm', ['x', 'w', 'b'], ['z']), node('Sigmoid', ['z'], ['y'])],
    inputs: [tensorValue('x', 'FLOAT', ['N', size])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 1])],
    initializers: [tensor('w', [size, 1], Float32Array.from(weights)), tensor('b', [1], Float32Array.of(bias))],
  });
  return writeModel(modelOf({ graph, opsets: { '': 18 } }));
}

/** tanh(x·W)·V: a number for each of three classes, or one value. */
export function perceptronFile(size: number, draw: () => number, outputs = 3): Uint8Array {
  const matrix = (name: string, rows: number, columns: number) =>
    tensor(name, [rows, columns], Float32Array.from({ length: rows * columns }, draw));
  const graph = graphOf({
    name: 'perceptron',
    nodes: [node('MatMul', ['x', 'w'], ['h']), node('Tanh', ['h'], ['t']), node('MatMul', ['t', 'v'], ['y'])],
    inputs: [tensorValue('x', 'FLOAT', ['N', size])],
    outputs: [tensorValue('y', 'FLOAT', ['N', outputs])],
    initializers: [matrix('w', size, 6), matrix('v', 6, outputs)],
  });
  return writeModel(modelOf({ graph, opsets: { '': 18 } }));
}
