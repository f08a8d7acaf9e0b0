import { type Model, type Node, node } from '@holdfast/onnx';
import type { Facts } from '../gradient/facts.ts';
import { GraphWriter } from '../gradient/graph-writer.ts';
import { Operation } from '../gradient/operation.ts';

/** A BatchNormalization whose running statistics training moves. */
export interface MovingStatistics {
  /** Initializers: the running statistics, a number for each channel. */
  readonly mean: string;
  readonly variance: string;
  /** Values of the model: what they were in this batch. */
  readonly batchMean: string;
  readonly batchVariance: string;
  /** How much of the old statistics stays: 0.9 unless the node says otherwise. */
  readonly momentum: number;
  /** Numbers a channel has in one row. */
  readonly positions: number;
}

/**
 * The model as it is trained: each BatchNormalization normalises by the mean and the variance of the batch (Ioffe & Szegedy,
 * arXiv:1502.03167, algorithm 1), written with plain operators, because ONNX Runtime on CPU runs none in training mode.
 * Running statistics that are no initializers, and nodes that are in training mode already, stay as they are.
 */
export function withBatchStatistics(
  model: Model,
  facts: Facts,
): { readonly model: Model; readonly moving: readonly MovingStatistics[] } {
  const { graph } = model;
  const writer = new GraphWriter({ facts, taken: facts.keys() });
  const moving: MovingStatistics[] = [];
  for (const each of graph.nodes) {
    const statistics = movable(each, model) ? normalised(each, writer) : undefined;
    if (statistics === undefined) writer.nodes.push(each);
    else moving.push(statistics);
  }
  const initializers = new Map([...graph.initializers, ...writer.initializers]);
  return { model: { ...model, graph: { ...graph, nodes: writer.nodes, initializers } }, moving };
}

function movable({ opType, inputs, attributes }: Node, { graph }: Model): boolean {
  const mode = attributes.get('training_mode');
  const isTraining = mode?.type === 'INT' && mode.value !== 0n;
  const areConstant = inputs.slice(3, 5).every((name) => graph.initializers.get(name)?.dataType === 'FLOAT');
  return opType === 'BatchNormalization' && !isTraining && areConstant;
}

function normalised(each: Node, writer: GraphWriter): MovingStatistics {
  const operation = new Operation(each);
  const [x, scale, bias, mean, variance] = each.inputs as [string, string, string, string, string];
  const dims = writer.dims(x);
  const space = Array.from({ length: Math.max(0, dims.length - 2) }, (_, index) => index + 1);
  const axes = writer.int64([0, ...space.map((axis) => axis + 1)]);
  const perChannel = (value: string): string =>
    space.length === 0 ? value : writer.emit('Unsqueeze', [value, writer.int64(space)]);
  const average = (value: string): string => writer.emit('ReduceMean', [value, axes], { keepdims: 1n });
  const batchMean = average(x);
  const centred = writer.emit('Sub', [x, batchMean]);
  const batchVariance = average(writer.emit('Mul', [centred, centred]));
  const shifted = writer.emit('Add', [batchVariance, writer.scalar(operation.float('epsilon', 1e-5), 'FLOAT')]);
  const hat = writer.emit('Div', [centred, writer.emit('Sqrt', [shifted])]);
  const scaled = writer.emit('Mul', [hat, perChannel(scale)]);
  writer.nodes.push(node('Add', [scaled, perChannel(bias)], [each.outputs[0] ?? '']));
  const positions = dims.slice(2).reduce((product: number, size) => product * (size ?? 1), 1);
  return { mean, variance, batchMean, batchVariance, momentum: operation.float('momentum', 0.9), positions };
}

/**
 * r ← m·r + (1 − m)·b, in place. The variance of the batch counts as PyTorch has it, n/(n − 1) of the one that it was
 * normalised by.
 */
export function moveStatistics(
  statistics: ReadonlyMap<string, Float32Array>,
  of: MovingStatistics,
  batch: { readonly mean: Float32Array; readonly variance: Float32Array; readonly rows: number },
): void {
  const count = batch.rows * of.positions;
  const unbiased = count > 1 ? count / (count - 1) : 1;
  const move = (name: string, values: Float32Array, factor: number): void => {
    const running = statistics.get(name);
    if (running === undefined) return;
    for (let channel = 0; channel < running.length; channel += 1) {
      const value = (values[channel] as number) * factor;
      running[channel] = of.momentum * (running[channel] as number) + (1 - of.momentum) * value;
    }
  };
  move(of.mean, batch.mean, 1);
  move(of.variance, batch.variance, unbiased);
}
