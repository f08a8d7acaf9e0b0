import { number, sumOver } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** Per-channel values [C] in the rank of X: [C, 1, 1]. */
function perChannel(writer: GraphWriter, value: string, rank: number): string {
  if (rank <= 2) return value;
  const axes = Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
  return writer.emit('Unsqueeze', [value, writer.int64(axes)]);
}

/** Every axis but the channels'. */
function allButChannels(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
}

function inverseDeviation(writer: GraphWriter, variance: string, epsilon: number, like: string): string {
  const shifted = writer.emit('Add', [variance, number(writer, epsilon, like)]);
  return writer.emit('Reciprocal', [writer.emit('Sqrt', [shifted])]);
}

/** Y = s·(X − μ)/√(σ² + ε) + b with running statistics: dX = dY·s/√(σ² + ε), ds = Σ dY·X̂, db = Σ dY. */
const batchNormalization = ofOutput((operation, dy, writer, wanted) => {
  if (operation.int('training_mode', 0) !== 0) return operation.refuse('it is in training mode');
  const [x, scale, , mean, variance] = operation.node.inputs as [string, string, string, string, string];
  const rank = writer.rank(x);
  const inverse = inverseDeviation(writer, variance, operation.float('epsilon', 1e-5), scale);
  const axes = allButChannels(rank);
  const dX = (): string => writer.emit('Mul', [dy, perChannel(writer, writer.emit('Mul', [scale, inverse]), rank)]);
  const dScale = (): string => {
    const centred = writer.emit('Sub', [x, perChannel(writer, mean, rank)]);
    return writer.emit('Mul', [sumOver(writer, writer.emit('Mul', [dy, centred]), axes, false), inverse]);
  };
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? dScale() : undefined,
    wanted(2) ? sumOver(writer, dy, axes, false) : undefined,
  ];
});

/** What normalising over some axes leaves: X̂ and 1/√(σ² + ε). */
interface Normalised {
  readonly value: string;
  readonly inverse: string;
}

function normalised(operation: Operation, writer: GraphWriter, x: string, axes: readonly number[]): Normalised {
  const mean = averageOver(writer, x, axes);
  const centred = writer.emit('Sub', [x, mean]);
  const variance = averageOver(writer, writer.emit('Mul', [centred, centred]), axes);
  const inverse = inverseDeviation(writer, variance, operation.float('epsilon', 1e-5), operation.input(0));
  return { value: writer.emit('Mul', [centred, inverse]), inverse };
}

function averageOver(writer: GraphWriter, value: string, axes: readonly number[]): string {
  return writer.emit('ReduceMean', [value, writer.int64(axes)], { keepdims: 1n });
}

/** dX = (g − mean(g) − X̂·mean(g·X̂))/√(σ² + ε), g = dL/dX̂ (Ba et al., arXiv:1607.06450; Ioffe & Szegedy, arXiv:1502.03167). */
function throughNormalised(
  writer: GraphWriter,
  g: string,
  { value, inverse }: Normalised,
  axes: readonly number[],
): string {
  const along = writer.emit('Mul', [value, averageOver(writer, writer.emit('Mul', [g, value]), axes)]);
  const rest = writer.emit('Sub', [writer.emit('Sub', [g, averageOver(writer, g, axes)]), along]);
  return writer.emit('Mul', [rest, inverse]);
}

/** Normalised over the axes from `axis` on, scaled by S and shifted by B of the same shape. */
const layerNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const rank = writer.rank(x);
  const first = writer.axis(x, operation.int('axis', -1));
  const axes = Array.from({ length: rank - first }, (_, index) => index + first);
  const leading = Array.from({ length: first }, (_, axis) => axis);
  const hat = normalised(operation, writer, x, axes);
  const dX = (): string => throughNormalised(writer, writer.emit('Mul', [dy, scale]), hat, axes);
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? sumOver(writer, writer.emit('Mul', [dy, hat.value]), leading, false) : undefined,
    wanted(2) ? sumOver(writer, dy, leading, false) : undefined,
  ];
});

/** Normalised over space, each channel of each row by itself. */
const instanceNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const rank = writer.rank(x);
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  const hat = normalised(operation, writer, x, space);
  const dX = (): string =>
    throughNormalised(writer, writer.emit('Mul', [dy, perChannel(writer, scale, rank)]), hat, space);
  const axes = allButChannels(rank);
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? sumOver(writer, writer.emit('Mul', [dy, hat.value]), axes, false) : undefined,
    wanted(2) ? sumOver(writer, dy, axes, false) : undefined,
  ];
});

export const normalisationRules: GradientRules = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
};
