import { number, reshapedLike, unbroadcast } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { averageOver, inverseDeviation } from './standardised.ts';

/*
 * Operators that divide by a norm and keep the mean.
 */

/** Y = S·X̂, X̂ = X/√(mean(X²) + ε) over the axes from `axis` on: dX = (g − X̂·mean(g·X̂))/√…, g = dY·S; dS = Σ dY·X̂. */
const rmsNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const first = writer.axis(x, operation.int('axis', -1));
  const axes = Array.from({ length: writer.rank(x) - first }, (_, index) => index + first);
  const square = averageOver(writer, writer.emit('Mul', [x, x]), axes);
  const inverse = inverseDeviation(writer, square, operation.float('epsilon', 1e-5), x);
  const hat = writer.emit('Mul', [x, inverse]);
  const dX = (): string => {
    const g = writer.emit('Mul', [dy, scale]);
    const along = writer.emit('Mul', [hat, averageOver(writer, writer.emit('Mul', [g, hat]), axes)]);
    return writer.emit('Mul', [writer.emit('Sub', [g, along]), inverse]);
  };
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? unbroadcast(writer, writer.emit('Mul', [dy, hat]), x, scale) : undefined,
  ];
});

/** Y = X/‖X‖ₚ along an axis: dX = (dY − u·Σ dY·Y)/‖X‖ₚ, u = Y for p = 2, sign(X) for p = 1; 0 where ‖X‖ₚ = 0. */
const lpNormalization = ofOutput((operation, dy, writer) => {
  const [x, y] = [operation.input(0), operation.output()];
  const p = operation.int('p', 2);
  if (p !== 1 && p !== 2) return operation.refuse(`its norm is of the order ${String(p)}`);
  const along = writer.int64([operation.int('axis', -1)]);
  const norm = writer.emit(p === 1 ? 'ReduceL1' : 'ReduceL2', [x, along], { keepdims: 1n });
  const inner = writer.emit('ReduceSum', [writer.emit('Mul', [dy, y]), along], { keepdims: 1n });
  const direction = p === 1 ? writer.emit('Sign', [x]) : y;
  const rest = writer.emit('Sub', [dy, writer.emit('Mul', [direction, inner])]);
  const isZero = writer.emit('Equal', [norm, number(writer, 0, x)]);
  return [writer.emit('Where', [isZero, number(writer, 0, x), writer.emit('Div', [rest, norm])])];
});

/** Means over windows of neighbouring channels of [N, 1, C, …], with zeros outside. */
function acrossChannels(writer: GraphWriter, value: string, before: number, behind: number): string {
  return writer.emit('AveragePool', [value], {
    kernel_shape: [BigInt(before + behind + 1), 1n],
    pads: [before, 0, behind, 0].map(BigInt),
    count_include_pad: 1n,
  });
}

/** Y = X·s^−β, s = bias + α·(mean of X² over channels near): dX = dY·s^−β − 2αβ·X·(mean of dY·X·s^−β−1 over channels that are near). */
const lrn = ofOutput((operation, dy, writer) => {
  const input = operation.input(0);
  const rows = (value: string): string =>
    writer.emit('Unsqueeze', [writer.emit('Reshape', [value, writer.int64([0, 0, -1])]), writer.int64([1])]);
  const n = (value: number): string => number(writer, value, input);
  const [alpha, beta] = [operation.float('alpha', 1e-4), operation.float('beta', 0.75)];
  const width = operation.int('size', 1) - 1;
  const [before, behind] = [Math.floor(width / 2), Math.ceil(width / 2)];
  const [x, g] = [rows(input), rows(dy)];
  const mean = acrossChannels(writer, writer.emit('Mul', [x, x]), before, behind);
  const sum = writer.emit('Add', [n(operation.float('bias', 1)), writer.emit('Mul', [n(alpha), mean])]);
  const direct = writer.emit('Mul', [g, writer.emit('Pow', [sum, n(-beta)])]);
  const along = writer.emit('Div', [writer.emit('Mul', [direct, x]), sum]);
  const spread = writer.emit('Mul', [x, acrossChannels(writer, along, behind, before)]);
  const rest = writer.emit('Sub', [direct, writer.emit('Mul', [n(2 * alpha * beta), spread])]);
  return [reshapedLike(writer, rest, input)];
});

export const normRules: GradientRules = {
  RMSNormalization: rmsNormalization,
  LpNormalization: lpNormalization,
  LRN: lrn,
};
