import type { GraphWriter } from './graph-writer.ts';

/*
 * The few sums and shapes that many gradient rules have in common. `like` is always a value of the model, whose facts
 * are known; gradients have the facts of the value that they belong to.
 */

/** Sums a gradient over `axes`. No axes: the gradient itself. */
export function sumOver(writer: GraphWriter, gradient: string, axes: readonly number[], keep: boolean): string {
  if (axes.length === 0) return gradient;
  return writer.emit('ReduceSum', [gradient, writer.int64(axes)], { keepdims: keep ? 1n : 0n });
}

/**
 * Undoes broadcasting: dX = Σ dY over every axis along which X was repeated to the shape of `output`.
 * @param output the value whose shape the gradient has
 * @param input the value whose shape is wanted
 */
export function unbroadcast(writer: GraphWriter, gradient: string, output: string, input: string): string {
  const to = writer.dims(input);
  const from = writer.dims(output);
  const extra = from.length - to.length;
  const leading = Array.from({ length: extra }, (_, axis) => axis);
  const inner = to.flatMap((size, axis) => (size === 1 && from[axis + extra] !== 1 ? [axis] : []));
  return sumOver(writer, sumOver(writer, gradient, leading, false), inner, true);
}

/** A gradient in the shape of a value of the model. */
export function reshapedLike(writer: GraphWriter, gradient: string, like: string): string {
  return writer.emit('Reshape', [gradient, writer.shape(like)], { allowzero: 1n });
}

/** A number, in the type of a value of the model. */
export function number(writer: GraphWriter, value: number, like: string): string {
  return writer.scalar(value, writer.facts(like).type);
}

/** gradient · factor where the condition holds, else exactly 0: no 0·∞. */
export function gated(writer: GraphWriter, condition: string, gradient: string, like: string): string {
  return writer.emit('Where', [condition, gradient, number(writer, 0, like)]);
}

/** The condition as 1 and 0 in the type of a value of the model. */
export function indicator(writer: GraphWriter, condition: string, like: string): string {
  return writer.emit('Where', [condition, number(writer, 1, like), number(writer, 0, like)]);
}

/** Swaps the last two axes. */
export function transposed(writer: GraphWriter, value: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, axis) => BigInt(axis));
  const last = perm[rank - 1] ?? 0n;
  perm[rank - 1] = perm[rank - 2] ?? 0n;
  perm[rank - 2] = last;
  return writer.emit('Transpose', [value], { perm });
}
