import { gated, number, unbroadcast } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/** A rule for C = f(A, B) with broadcasting, from dC/dA · dC and dC/dB · dC. */
function binary(
  left: (dy: string, a: string, b: string, writer: GraphWriter, y: string) => string,
  right: (dy: string, a: string, b: string, writer: GraphWriter, y: string) => string,
): GradientRule {
  return ofOutput((operation, dy, writer, wanted) => {
    const [a, b, y] = [operation.input(0), operation.input(1), operation.output()];
    return [left, right].map((part, index) =>
      wanted(index) ? unbroadcast(writer, part(dy, a, b, writer, y), y, operation.input(index)) : undefined,
    );
  });
}

/** ∂(aᵇ)/∂a = b·aᵇ⁻¹, and 0 where b = 0. */
function powBase(dy: string, a: string, b: string, writer: GraphWriter): string {
  const exponent = writer.facts(b).type === writer.facts(a).type ? b : writer.emit('CastLike', [b, a]);
  const less = writer.emit('Sub', [exponent, number(writer, 1, a)]);
  const slope = writer.emit('Mul', [exponent, writer.emit('Pow', [a, less])]);
  const isZero = writer.emit('Equal', [exponent, number(writer, 0, a)]);
  return writer.emit('Where', [isZero, number(writer, 0, a), writer.emit('Mul', [dy, slope])]);
}

/** ∂(aᵇ)/∂b = aᵇ·ln a, and 0 where a = 0 and b ≥ 0. */
function powExponent(dy: string, a: string, b: string, writer: GraphWriter, y: string): string {
  const slope = writer.emit('Mul', [y, writer.emit('Log', [a])]);
  const isZero = writer.emit('And', [
    writer.emit('Equal', [a, number(writer, 0, a)]),
    writer.emit('GreaterOrEqual', [b, number(writer, 0, b)]),
  ]);
  return writer.emit('Where', [isZero, number(writer, 0, a), writer.emit('Mul', [dy, slope])]);
}

/** Min and Max of any number of inputs: two share a tie by halves, as torch.maximum does; of more, the gradient goes in pairs. */
function extreme(better: 'Greater' | 'Less', fold: 'Max' | 'Min'): GradientRule {
  return ofOutput((operation, dy, writer, wanted) => {
    const inputs = operation.node.inputs;
    const y = operation.output();
    let flowing = dy;
    const found: (string | undefined)[] = inputs.map(() => undefined);
    for (let index = inputs.length - 1; index > 0; index -= 1) {
      const before = inputs.slice(0, index);
      const left = before.length === 1 ? (before[0] ?? '') : writer.emit(fold, before);
      const right = inputs[index] ?? '';
      if (wanted(index)) found[index] = unbroadcast(writer, share(writer, better, flowing, right, left, y), y, right);
      flowing = share(writer, better, flowing, left, right, y);
    }
    if (wanted(0)) found[0] = unbroadcast(writer, flowing, y, inputs[0] ?? '');
    return found;
  });
}

function share(writer: GraphWriter, better: string, dy: string, mine: string, other: string, y: string): string {
  const half = writer.emit('Mul', [dy, number(writer, 0.5, y)]);
  const rest = gated(writer, writer.emit(better, [mine, other]), dy, y);
  return writer.emit('Where', [writer.emit('Equal', [mine, other]), half, rest]);
}

/** Sum and Mean of any number of inputs. */
function total(share: (count: number) => number): GradientRule {
  return ofOutput((operation, dy, writer, wanted) => {
    const y = operation.output();
    const factor = share(operation.node.inputs.length);
    const each = factor === 1 ? dy : writer.emit('Mul', [dy, number(writer, factor, y)]);
    return operation.node.inputs.map((input, index) =>
      wanted(index) ? unbroadcast(writer, each, y, input) : undefined,
    );
  });
}

/** C = A − B·q, q = trunc(A/B) for fmod, ⌊A/B⌋ else: dA = dC, dB = −q·dC. Of integers nothing flows. */
const mod = binary(
  (dy) => dy,
  (dy, a, b, writer, y) => {
    const quotient = writer.emit('Round', [writer.emit('Div', [writer.emit('Sub', [a, y]), b])]);
    return writer.emit('Neg', [writer.emit('Mul', [dy, quotient])]);
  },
);

/** Where(c, a, b): each side receives where it was taken, and exactly 0 elsewhere. */
const where = ofOutput((operation, dy, writer, wanted) => {
  const y = operation.output();
  const condition = operation.input(0);
  const zero = number(writer, 0, y);
  const sides = [
    () => writer.emit('Where', [condition, dy, zero]),
    () => writer.emit('Where', [condition, zero, dy]),
  ].map((side, index) => (wanted(index + 1) ? unbroadcast(writer, side(), y, operation.input(index + 1)) : undefined));
  return [undefined, ...sides];
});

/** PRelu(x, s): x > 0 passes, else s·x. */
const prelu = ofOutput((operation, dy, writer, wanted) => {
  const [x, slope, y] = [operation.input(0), operation.input(1), operation.output()];
  const positive = writer.emit('Greater', [x, number(writer, 0, x)]);
  const dx = writer.emit('Where', [positive, dy, writer.emit('Mul', [dy, slope])]);
  if (!wanted(1)) return [dx];
  const ds = writer.emit('Where', [positive, number(writer, 0, x), writer.emit('Mul', [dy, x])]);
  return [dx, unbroadcast(writer, ds, y, slope)];
});

export const arithmeticRules: GradientRules = {
  Add: binary(
    (dy) => dy,
    (dy) => dy,
  ),
  Sub: binary(
    (dy) => dy,
    (dy, _a, _b, writer) => writer.emit('Neg', [dy]),
  ),
  Mul: binary(
    (dy, _a, b, writer) => writer.emit('Mul', [dy, b]),
    (dy, a, _b, writer) => writer.emit('Mul', [dy, a]),
  ),
  // ∂(a/b)/∂b = −(a/b)/b, in the order of PyTorch
  Div: binary(
    (dy, _a, b, writer) => writer.emit('Div', [dy, b]),
    (dy, _a, b, writer, y) => writer.emit('Mul', [writer.emit('Neg', [dy]), writer.emit('Div', [y, b])]),
  ),
  Pow: binary(powBase, powExponent),
  Mod: mod,
  Max: extreme('Greater', 'Max'),
  Min: extreme('Less', 'Min'),
  Sum: total(() => 1),
  Mean: total((count) => 1 / count),
  Where: where,
  PRelu: prelu,
};
