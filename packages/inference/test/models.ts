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
