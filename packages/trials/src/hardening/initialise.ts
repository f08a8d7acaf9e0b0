import type { Model, Node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { type WeightUse, weightUses } from './weights.ts';

/**
 * Weights to begin with, out of nothing, by the operator that uses them: He's normal distribution where rectified linear
 * units follow (arXiv:1502.01852, equation 12), Glorot's uniform one elsewhere (Glorot & Bengio 2010, equation 16), 0 for
 * biases, 1 for scales, 0.25 for slopes of PRelu, small normal numbers for embeddings.
 * @param random the same seed gives the same weights, whatever else the model has
 */
export function initialWeights(model: Model, random: Random): Map<string, Float32Array> {
  return new Map(weightUses(model).map((use) => [use.name, initial(model, use, random.fork(`weight ${use.name}`))]));
}

/** Running statistics of BatchNormalization to begin with. */
export function initialStatistics({ graph }: Model): Map<string, Float32Array> {
  const nodes = graph.nodes.filter(({ opType }) => opType === 'BatchNormalization');
  const filled = (name: string | undefined, value: number): [string, Float32Array][] => {
    const count = graph.initializers.get(name ?? '')?.dims[0];
    return name === undefined || count === undefined ? [] : [[name, new Float32Array(count).fill(value)]];
  };
  return new Map(nodes.flatMap(({ inputs }) => [...filled(inputs[3], 0), ...filled(inputs[4], 1)]));
}

function initial(model: Model, use: WeightUse, random: Random): Float32Array {
  const dims = model.graph.initializers.get(use.name)?.dims ?? [];
  const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
  const fans = fansOf(use, dims);
  if (fans === undefined) return filledOf(use, dims, values, random);
  if (isRectified(model, use.node)) {
    const deviation = Math.sqrt(2 / fans.in);
    return random.fillNormal(values).map((value) => deviation * value);
  }
  const limit = Math.sqrt(6 / (fans.in + fans.out));
  return random.fillUniform(values).map((value) => limit * (2 * value - 1));
}

/** How many numbers flow into and out of one number of the other side; undefined for what is no matrix. */
function fansOf({ node, place }: WeightUse, dims: readonly number[]): { in: number; out: number } | undefined {
  const [first = 1, second = 1, ...rest] = dims;
  const area = rest.reduce((product, size) => product * size, 1);
  switch (node.opType) {
    case 'Conv':
      return place === 1 ? { in: second * area, out: (first * area) / groupsOf(node) } : undefined;
    case 'ConvTranspose':
      return place === 1 ? { in: (first * area) / groupsOf(node), out: second * area } : undefined;
    case 'Gemm': {
      if (place === 2 || dims.length < 2) return undefined;
      const isTurned = node.attributes.get(place === 1 ? 'transB' : 'transA');
      const turned = isTurned?.type === 'INT' && isTurned.value !== 0n;
      return turned === (place === 1) ? { in: second, out: first } : { in: first, out: second };
    }
    case 'MatMul': {
      const [rows = 1, columns = 1] = dims.slice(-2);
      return dims.length < 2 ? undefined : place === 1 ? { in: rows, out: columns } : { in: columns, out: rows };
    }
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return place === 3 ? undefined : { in: dims[2] ?? 1, out: (dims[1] ?? 1) / gates(node.opType) };
    default:
      return undefined;
  }
}

function groupsOf({ attributes }: Node): number {
  const group = attributes.get('group');
  return group?.type === 'INT' ? Number(group.value) : 1;
}

const gates = (opType: string): number => (opType === 'LSTM' ? 4 : opType === 'GRU' ? 3 : 1);

function filledOf({ node, place }: WeightUse, dims: readonly number[], values: Float32Array, random: Random) {
  const isNorm = node.opType.endsWith('Normalization');
  if ((isNorm && place === 1) || node.opType === 'Mul') return values.fill(1);
  if (node.opType === 'PRelu') return values.fill(0.25);
  const wide = dims.filter((size) => size > 1).length > 1;
  const isEmbedding = node.opType === 'Gather' || (node.opType === 'Add' && wide);
  return isEmbedding ? random.fillNormal(values).map((value) => 0.02 * value) : values;
}

const rectifiers = new Set(['Relu', 'LeakyRelu', 'PRelu', 'Clip', 'ThresholdedRelu']);
const between = new Set([
  'Add',
  'BatchNormalization',
  'MaxPool',
  'AveragePool',
  'Identity',
  'Dropout',
  'Reshape',
  'Flatten',
]);

/** Whether what comes out goes into a rectified linear unit, through what leaves signs about as they are. */
function isRectified(model: Model, node: Node): boolean {
  const next = model.graph.nodes.find(({ inputs }) => inputs.includes(node.outputs[0] ?? ''));
  if (next === undefined || rectifiers.has(next.opType)) return next !== undefined;
  return between.has(next.opType) && isRectified(model, next);
}
