import { number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/** A reduction with its kept dimensions put back: what a formula works with. */
interface Reduced {
  readonly x: string;
  /** Y and dY in the rank of X, with size 1 along the reduced axes. */
  readonly y: string;
  readonly dy: string;
  /** The reduced axes as an input; `''`: all. */
  readonly axes: string;
}

/** A rule for Y = f(X over axes), axes as an attribute (to opset 17) or an input. */
function reduction(formula: (reduced: Reduced, writer: GraphWriter) => string): GradientRule {
  return ofOutput((operation, dy, writer) => {
    const x = operation.input(0);
    const axes = operation.input(1);
    if (axes === '' && operation.int('noop_with_empty_axes', 0) !== 0) return operation.refuse('it reduces nothing');
    return [
      formula({ x, axes, y: kept(operation, operation.output(), writer), dy: kept(operation, dy, writer) }, writer),
    ];
  });
}

function kept(operation: Operation, value: string, writer: GraphWriter): string {
  if (operation.int('keepdims', 1) !== 0) return value;
  if (operation.has(1)) return writer.emit('Unsqueeze', [value, operation.input(1)]);
  return writer.emit('Reshape', [value, writer.int64(writer.dims(operation.input(0)).map(() => 1))]);
}

function spread(writer: GraphWriter, value: string, like: string): string {
  return writer.emit('Expand', [value, writer.shape(like)]);
}

/** Elements that went into one, as a number of X's type: size(X) / size(Y). */
function count(writer: GraphWriter, { x, y }: Reduced): string {
  const elements = writer.emit('Div', [writer.emit('Size', [x]), writer.emit('Size', [y])]);
  return writer.emit('CastLike', [elements, x]);
}

/** All of the largest share the gradient evenly, as torch.amax. */
function extreme({ x, y, dy, axes }: Reduced, writer: GraphWriter): string {
  const chosen = writer.emit('CastLike', [writer.emit('Equal', [x, y]), x]);
  const ties = writer.emit('ReduceSum', axes === '' ? [chosen] : [chosen, axes], { keepdims: 1n });
  return writer.emit('Mul', [chosen, writer.emit('Div', [dy, ties])]);
}

/** Y = Π X: dX = dY · the product of all others, also where one of them is 0. */
function product({ x, y, dy, axes }: Reduced, writer: GraphWriter): string {
  const isZero = writer.emit('Equal', [x, number(writer, 0, x)]);
  const zeros = writer.emit('CastLike', [isZero, x]);
  const over = (value: string, opType: string): string =>
    writer.emit(opType, axes === '' ? [value] : [value, axes], { keepdims: 1n });
  const howMany = over(zeros, 'ReduceSum');
  const ones = writer.emit('Where', [isZero, number(writer, 1, x), x]);
  const others = over(ones, 'ReduceProd');
  const one = number(writer, 1, x);
  const atZero = writer.emit('Where', [writer.emit('Equal', [howMany, one]), others, number(writer, 0, x)]);
  const elsewhere = writer.emit('Div', [y, ones]);
  return writer.emit('Mul', [dy, writer.emit('Where', [isZero, atZero, elsewhere])]);
}

/** Y = ‖X‖₂: dX = dY·X/Y, and 0 where Y = 0, as torch.linalg.vector_norm. */
function norm({ x, y, dy }: Reduced, writer: GraphWriter): string {
  const direction = writer.emit('Div', [writer.emit('Mul', [dy, x]), y]);
  return writer.emit('Where', [writer.emit('Equal', [y, number(writer, 0, x)]), number(writer, 0, x), direction]);
}

/** Y = ln Σ eˣ: dX = dY·e^(X − Y). */
function logSumExp({ x, y, dy }: Reduced, writer: GraphWriter): string {
  return writer.emit('Mul', [dy, writer.emit('Exp', [writer.emit('Sub', [x, y])])]);
}

/** Yᵢ = Σ of X up to i: dXᵢ = Σ of dY from i on. */
const cumSum = ofOutput((operation, dy, writer) => {
  const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => operation.int(name, 0)) as [number, number];
  const back = { exclusive: BigInt(exclusive), reverse: reverse === 0 ? 1n : 0n };
  return [writer.emit('CumSum', [dy, operation.input(1)], back)];
});

export const reductionRules: GradientRules = {
  ReduceSum: reduction(({ x, dy }, writer) => spread(writer, dy, x)),
  ReduceMean: reduction((reduced, writer) =>
    spread(writer, writer.emit('Div', [reduced.dy, count(writer, reduced)]), reduced.x),
  ),
  ReduceMax: reduction(extreme),
  ReduceMin: reduction(extreme),
  ReduceProd: reduction(product),
  ReduceL1: reduction(({ x, dy }, writer) => writer.emit('Mul', [dy, writer.emit('Sign', [x])])),
  ReduceL2: reduction(norm),
  ReduceSumSquare: reduction(({ x, dy }, writer) =>
    writer.emit('Mul', [writer.emit('Mul', [dy, x]), number(writer, 2, x)]),
  ),
  // Y = ln Σ X: dX = dY·e^(−Y)
  ReduceLogSum: reduction(({ x, y, dy }, writer) =>
    spread(writer, writer.emit('Mul', [dy, writer.emit('Exp', [writer.emit('Neg', [y])])]), x),
  ),
  ReduceLogSumExp: reduction(logSumExp),
  CumSum: cumSum,
};
