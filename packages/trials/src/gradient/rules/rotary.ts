import { reshapedLike } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { zerosLike } from './shape.ts';

/** Y = pairs of X turned by angles: dX = dY turned back, by −sin. d cos = Σ dY·X of both, d sin = Σ of the crosswise products. */
const rotaryEmbedding = ofOutput((operation, dy, writer, wanted) => {
  const [, cos, sin, ...positions] = operation.node.inputs as [string, string, string, ...string[]];
  const attributes = Object.fromEntries(
    ['interleaved', 'num_heads', 'rotary_embedding_dim'].map((name) => [name, BigInt(operation.int(name, 0))]),
  );
  const back = (): string =>
    writer.emit('RotaryEmbedding', [dy, cos, writer.emit('Neg', [sin]), ...positions], attributes);
  return [
    wanted(0) ? back() : undefined,
    wanted(1) ? angles(operation, dy, writer, 'cos') : undefined,
    wanted(2) ? angles(operation, dy, writer, 'sin') : undefined,
  ];
});

/** The gradient of a table of angles, added up over heads and, where positions choose its rows, over these. */
function angles(operation: Operation, dy: string, writer: GraphWriter, of: 'cos' | 'sin'): string {
  const table = operation.input(of === 'cos' ? 1 : 2);
  const [x1, x2] = pairs(operation, operation.input(0), writer);
  const [dy1, dy2] = pairs(operation, dy, writer);
  const products =
    of === 'cos'
      ? writer.emit('Add', [writer.emit('Mul', [dy1, x1]), writer.emit('Mul', [dy2, x2])])
      : writer.emit('Sub', [writer.emit('Mul', [dy2, x1]), writer.emit('Mul', [dy1, x2])]);
  const summed = writer.emit('ReduceSum', [products, writer.int64([2])], { keepdims: 0n });
  if (!operation.has(3)) return reshapedLike(writer, summed, table);
  const rows = writer.emit('Unsqueeze', [operation.input(3), writer.int64([-1])]);
  return writer.emit('ScatterND', [zerosLike(writer, table), rows, summed], { reduction: 'add' });
}

/** [N, heads, S, d] or [N, S, heads·d] → the firsts and the seconds of the pairs that are turned, [N, S, heads, r/2]. */
function pairs(operation: Operation, value: string, writer: GraphWriter): [string, string] {
  const isFlat = writer.rank(operation.input(0)) === 3;
  const opened = isFlat
    ? writer.emit('Reshape', [value, writer.int64([0, 0, operation.int('num_heads', 1), -1])])
    : writer.emit('Transpose', [value], { perm: [0n, 2n, 1n, 3n] });
  const half = writer.dims(operation.input(1)).at(-1) ?? operation.refuse('the number of its angles varies');
  const [steps, second] = operation.int('interleaved', 0) === 0 ? [1, half] : [2, 1];
  const end = (start: number): number => start + (half - 1) * steps + 1;
  const part = (start: number): string =>
    writer.emit('Slice', [opened, ...[[start], [end(start)], [3], [steps]].map((list) => writer.int64(list))]);
  return [part(0), part(second)];
}

export const rotaryRules: GradientRules = { RotaryEmbedding: rotaryEmbedding };
