// A small convolutional network with weights out of nothing.
import { graphOf, type Model, modelOf, node, type Tensor, tensor, tensorValue } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';

/** He et al., arXiv:1502.01852: normal, with variance 2 / fan-in. */
function weights(name: string, dims: readonly number[], fanIn: number, random: Random): Tensor {
  const values = random.fillNormal(new Float32Array(dims.reduce((product, size) => product * size, 1)));
  return tensor(
    name,
    [...dims],
    values.map((value) => value * Math.sqrt(2 / fanIn)),
  );
}

const zeros = (name: string, length: number): Tensor => tensor(name, [length], new Float32Array(length));

/** Two convolutions, two pools, two layers: digits of 14 × 14 pixels to ten logits. */
export function network(random: Random): Model {
  const graph = graphOf({
    name: 'digits',
    inputs: [tensorValue('image', 'FLOAT', ['rows', 1, 14, 14])],
    outputs: [tensorValue('logits', 'FLOAT', ['rows', 10])],
    nodes: [
      node('Conv', ['image', 'w1', 'b1'], ['c1'], { attributes: { kernel_shape: [3n, 3n], pads: [1n, 1n, 1n, 1n] } }),
      node('Relu', ['c1'], ['r1']),
      node('MaxPool', ['r1'], ['p1'], { attributes: { kernel_shape: [2n, 2n], strides: [2n, 2n] } }),
      node('Conv', ['p1', 'w2', 'b2'], ['c2'], { attributes: { kernel_shape: [3n, 3n] } }),
      node('Relu', ['c2'], ['r2']),
      node('Flatten', ['r2'], ['f']),
      node('Gemm', ['f', 'w3', 'b3'], ['g']),
      node('Relu', ['g'], ['r3']),
      node('Gemm', ['r3', 'w4', 'b4'], ['logits']),
    ],
    initializers: [
      ...[weights('w1', [12, 1, 3, 3], 9, random), zeros('b1', 12)],
      ...[weights('w2', [24, 12, 3, 3], 108, random), zeros('b2', 24)],
      ...[weights('w3', [600, 64], 600, random), zeros('b3', 64)],
      ...[weights('w4', [64, 10], 64, random), zeros('b4', 10)],
    ],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}
