import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import type { Lowering, Lowerings } from './lowering.ts';

/** softmax(c(Q·Kᵀ·s) + M)·V by heads (ONNX Attention-23): s = 1/√d unless given, c a soft cap, M a mask; grouped heads repeat K and V. */
const attention: Lowering = (operation, writer) => {
  requireCovered(operation);
  const isFlat = writer.rank(operation.input(0)) === 3;
  const [queries, keys] = [operation.int('q_num_heads', 0), operation.int('kv_num_heads', 0)];
  const heads = isFlat ? [queries, keys, keys] : [0, 1, 2].map((input) => sizeOf(operation, writer, input, 1));
  const [q = '', k = '', v = ''] = [0, 1, 2].map((input) => {
    const value = operation.input(input);
    return isFlat ? byHeads(writer, value, heads[input] ?? 1) : value;
  });
  const repeats = (heads[0] ?? 1) / (heads[1] ?? 1);
  const width = isFlat ? sizeOf(operation, writer, 0, 2) / queries : sizeOf(operation, writer, 0, 3);
  const [keyed, valued] = [k, v].map((value) => repeated(writer, value, repeats)) as [string, string];
  const { type } = writer.facts(operation.input(0));
  const scaled = writer.emit('Mul', [q, writer.scalar(operation.float('scale', 1 / Math.sqrt(width)), type)]);
  const scores = writer.emit('MatMul', [scaled, writer.emit('Transpose', [keyed], { perm: [0n, 1n, 3n, 2n] })]);
  const weights = writer.emit('Softmax', [masked(operation, writer, scores)], { axis: -1n });
  const y = writer.emit('MatMul', [weights, valued]);
  return [isFlat ? flattened(writer, y) : y];
};

function requireCovered(operation: Operation): void {
  if (operation.has(4) || operation.has(5)) operation.refuse('it has past keys or values');
  if (operation.has(6)) operation.refuse('its sequences have lengths of their own');
  if (operation.node.outputs.slice(1).some((name) => name !== ''))
    operation.refuse('more than its first output is used');
}

function sizeOf(operation: Operation, writer: GraphWriter, input: number, axis: number): number {
  return writer.dims(operation.input(input))[axis] ?? operation.refuse('its sizes vary');
}

/** [N, S, heads·d] → [N, heads, S, d] */
function byHeads(writer: GraphWriter, value: string, heads: number): string {
  const [, length, width] = writer.dims(value);
  const opened = writer.emit('Reshape', [value, writer.int64([0, length ?? -1, heads, (width ?? 0) / heads])]);
  return writer.emit('Transpose', [opened], { perm: [0n, 2n, 1n, 3n] });
}

function flattened(writer: GraphWriter, value: string): string {
  const turned = writer.emit('Transpose', [value], { perm: [0n, 2n, 1n, 3n] });
  return writer.emit('Reshape', [turned, writer.int64([0, 0, -1])]);
}

/** Each head of K and V for `repeats` heads of Q. */
function repeated(writer: GraphWriter, value: string, repeats: number): string {
  if (repeats === 1) return value;
  const shape = writer.emit('Shape', [value]);
  const part = (start: number, end: number): string =>
    writer.emit('Slice', [shape, writer.int64([start]), writer.int64([end])]);
  const rest = part(2, 4);
  const wide = writer.emit('Concat', [part(0, 2), writer.int64([repeats]), rest], { axis: 0n });
  const spread = writer.emit('Expand', [writer.emit('Unsqueeze', [value, writer.int64([2])]), wide]);
  return writer.emit('Reshape', [spread, writer.emit('Concat', [part(0, 1), writer.int64([-1]), rest], { axis: 0n })]);
}

/** A boolean mask is −∞ where it is false; a causal one hides what comes behind. */
function masked(operation: Operation, writer: GraphWriter, scores: string): string {
  const { type } = writer.facts(operation.input(0));
  const cap = operation.float('softcap', 0);
  const capped =
    cap === 0
      ? scores
      : writer.emit('Mul', [
          writer.emit('Tanh', [writer.emit('Div', [scores, writer.scalar(cap, type)])]),
          writer.scalar(cap, type),
        ]);
  const hidden = writer.scalar(Number.NEGATIVE_INFINITY, type);
  const causal = operation.int('is_causal', 0) === 0 ? capped : behind(operation, writer, capped, hidden);
  if (!operation.has(3)) return causal;
  const mask = operation.input(3);
  if (writer.facts(mask).type !== 'BOOL') return writer.emit('Add', [causal, mask]);
  return writer.emit('Where', [mask, causal, hidden]);
}

function behind(operation: Operation, writer: GraphWriter, scores: string, hidden: string): string {
  const isFlat = writer.rank(operation.input(0)) === 3;
  const [rows, columns] = [0, 1].map((input) => sizeOf(operation, writer, input, isFlat ? 1 : 2)) as [number, number];
  const ones = writer.reals(Array<number>(rows * columns).fill(1), [rows, columns], 'FLOAT');
  const visible = writer.emit('Greater', [writer.emit('Trilu', [ones], { upper: 0n }), writer.scalar(0, 'FLOAT')]);
  return writer.emit('Where', [visible, scores, hidden]);
}

export const attentionLowerings: Lowerings = { Attention: attention };
