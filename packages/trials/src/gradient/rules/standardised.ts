import { number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';

/*
 * What operators that take off the mean and divide by the deviation have in common, over any axes.
 */

/** Per-channel values [C] in the rank of X: [C, 1, 1]. */
export function perChannel(writer: GraphWriter, value: string, rank: number): string {
  if (rank <= 2) return value;
  const axes = Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
  return writer.emit('Unsqueeze', [value, writer.int64(axes)]);
}

/** Every axis but the channels'. */
export function allButChannels(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== 1);
}

export function inverseDeviation(writer: GraphWriter, variance: string, epsilon: number, like: string): string {
  const shifted = writer.emit('Add', [variance, number(writer, epsilon, like)]);
  return writer.emit('Reciprocal', [writer.emit('Sqrt', [shifted])]);
}

export function averageOver(writer: GraphWriter, value: string, axes: readonly number[]): string {
  return writer.emit('ReduceMean', [value, writer.int64(axes)], { keepdims: 1n });
}

/** What normalising over some axes leaves: X − μ, 1/√(σ² + ε), and the product of both, X̂. */
export interface Normalised {
  readonly centred: string;
  readonly inverse: string;
  readonly value: string;
}

/** @param x the first input of the operation, or it in another shape */
export function normalised(operation: Operation, writer: GraphWriter, x: string, axes: readonly number[]): Normalised {
  const centred = writer.emit('Sub', [x, averageOver(writer, x, axes)]);
  const variance = averageOver(writer, writer.emit('Mul', [centred, centred]), axes);
  const inverse = inverseDeviation(writer, variance, operation.float('epsilon', 1e-5), operation.input(0));
  return { centred, inverse, value: writer.emit('Mul', [centred, inverse]) };
}

/** dX = (g − mean(g) − X̂·mean(g·X̂))/√(σ² + ε), g = dL/dX̂ (Ba et al., arXiv:1607.06450; Ioffe & Szegedy, arXiv:1502.03167). */
export function throughNormalised(
  writer: GraphWriter,
  g: string,
  { value, inverse }: Normalised,
  axes: readonly number[],
): string {
  const along = writer.emit('Mul', [value, averageOver(writer, writer.emit('Mul', [g, value]), axes)]);
  const rest = writer.emit('Sub', [writer.emit('Sub', [g, averageOver(writer, g, axes)]), along]);
  return writer.emit('Mul', [rest, inverse]);
}
