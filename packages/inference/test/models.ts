import { type DataType, type Dimension, graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';

/** logits = x · [[1, 2, 3], [4, 5, 6]] + [0.5, -0.5, 0], x [n, 2]. */
export function linearModel(): Uint8Array {
  const graph = graphOf({
    name: 'linear',
    inputs: [tensorValue('x', 'FLOAT', ['n', 2])],
    outputs: [tensorValue('logits', 'FLOAT', ['n', 3])],
    nodes: [node('Gemm', ['x', 'w', 'b'], ['logits'])],
    initializers: [
      tensor('w', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
      tensor('b', [3], Float32Array.of(0.5, -0.5, 0)),
    ],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}

/** y = x, for a tensor of any type. */
export function identityModel(type: DataType, dims: readonly Dimension[] = ['n']): Uint8Array {
  return operatorModel('Identity', type, dims);
}

/** y = operator(x). */
export function operatorModel(operator: string, type: DataType, dims: readonly Dimension[] = ['n']): Uint8Array {
  const graph = graphOf({
    name: operator,
    inputs: [tensorValue('x', type, dims)],
    outputs: [tensorValue('y', type, dims)],
    nodes: [node(operator, ['x'], ['y'])],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}

/** Numbers from -1 to 1 that repeat only after a long time. */
export function sawtooth(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 7919) % 2003) / 1001 - 1);
}

/** y = softmax of a small convolutional network: x [n, 3, 24, 24], y [n, 10]. */
export function convolutionModel(): Uint8Array {
  const graph = graphOf({
    name: 'convolution',
    inputs: [tensorValue('x', 'FLOAT', ['n', 3, 24, 24])],
    outputs: [tensorValue('y', 'FLOAT', ['n', 10])],
    nodes: [
      node('Conv', ['x', 'k'], ['c'], { attributes: { pads: [1n, 1n, 1n, 1n] } }),
      node('Relu', ['c'], ['r']),
      node('GlobalAveragePool', ['r'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('MatMul', ['f', 'w'], ['l']),
      node('Softmax', ['l'], ['y']),
    ],
    initializers: [tensor('k', [16, 3, 3, 3], sawtooth(16 * 27)), tensor('w', [16, 10], sawtooth(160))],
  });
  return writeModel(modelOf({ graph, opsets: { '': 17 } }));
}
