import { graphOf, type Model, modelOf, node, tensor, tensorValue } from '../src/index.ts';

/** Models that this package writes, for tools/peers/record-onnx.py to run and for the tests to write again. */

/** Logistic regression: sigmoid(x · w + b), d = 3. */
export function logisticRegression(): Model {
  const graph = graphOf({
    name: 'logistic',
    inputs: [tensorValue('x', 'FLOAT', ['N', 3])],
    outputs: [tensorValue('p', 'FLOAT', ['N', 1])],
    initializers: [tensor('w', [3, 1], Float32Array.of(0.5, -1.25, 2)), tensor('b', [1], Float32Array.of(0.125))],
    nodes: [
      node('MatMul', ['x', 'w'], ['product'], { name: 'multiply' }),
      node('Add', ['product', 'b'], ['logit']),
      node('Sigmoid', ['logit'], ['p']),
    ],
  });
  return modelOf({
    graph,
    opsets: { '': 17 },
    producerName: 'holdfast',
    producerVersion: '0.1.0',
    metadata: { task: 'test' },
  });
}

/** Two layers: relu(x · w1' + b1) · w2 · 0.5 + b2, then softmax over 2 classes; w1 is stored transposed. */
export function perceptron(): Model {
  const w1 = Float32Array.from({ length: 12 }, (_, index) => (index % 5) / 4 - 0.5);
  const w2 = Float32Array.from({ length: 8 }, (_, index) => (index % 3) / 2 - 0.25);
  const graph = graphOf({
    name: 'perceptron',
    inputs: [tensorValue('x', 'FLOAT', [null, 3])],
    outputs: [tensorValue('p', 'FLOAT', ['N', 2])],
    initializers: [
      tensor('w1', [4, 3], w1),
      tensor('b1', [4], Float32Array.of(0.1, -0.2, 0.3, 0)),
      tensor('w2', [4, 2], w2),
      tensor('b2', [2], Float32Array.of(0.05, -0.05)),
    ],
    nodes: [
      node('Gemm', ['x', 'w1', 'b1'], ['hidden'], { attributes: { transB: 1n } }),
      node('Relu', ['hidden'], ['active']),
      node('Gemm', ['active', 'w2', 'b2'], ['logits'], { attributes: { alpha: 0.5, beta: 1 } }),
      node('Softmax', ['logits'], ['p'], { attributes: { axis: -1n } }),
    ],
  });
  return modelOf({ graph, opsets: { '': 13 }, irVersion: 7 });
}
