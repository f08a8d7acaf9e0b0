import { gated, indicator, number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { flat, type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/** What a formula for an element may use. */
interface Element {
  readonly x: string;
  readonly y: string;
  readonly dy: string;
  readonly operation: Operation;
  readonly emit: (opType: string, ...inputs: readonly string[]) => string;
  /** A number of x's type. */
  readonly n: (value: number) => string;
}

/** A rule for Y = f(X), element by element. */
function elementwise(formula: (element: Element, writer: GraphWriter) => string): GradientRule {
  return ofOutput((operation, dy, writer) => {
    const x = operation.input(0);
    return [
      formula(
        {
          ...{ x, y: operation.output(), dy, operation },
          emit: (opType, ...inputs) => writer.emit(opType, inputs),
          n: (value) => number(writer, value, x),
        },
        writer,
      ),
    ];
  });
}

/** dX = dY · slope. */
const sloped = (slope: (element: Element, writer: GraphWriter) => string): GradientRule =>
  elementwise((element, writer) => element.emit('Mul', element.dy, slope(element, writer)));

/** 1 − v², 1 + v². */
const oneMinusSquare = ({ emit, n }: Element, v: string): string => emit('Sub', n(1), emit('Mul', v, v));
const onePlusSquare = ({ emit, n }: Element, v: string): string => emit('Add', n(1), emit('Mul', v, v));

const exponential: GradientRules = {
  Exp: sloped(({ y }) => y),
  Log: elementwise(({ emit, dy, x }) => emit('Div', dy, x)),
  Sqrt: elementwise(({ emit, dy, y, n }) => emit('Div', dy, emit('Mul', n(2), y))),
  // −y²
  Reciprocal: elementwise(({ emit, dy, y }) => emit('Mul', emit('Neg', dy), emit('Mul', y, y))),
  // 2/√π · e^(−x²)
  Erf: sloped(({ emit, x, n }) => emit('Mul', n(2 / Math.sqrt(Math.PI)), emit('Exp', emit('Neg', emit('Mul', x, x))))),
};

const trigonometric: GradientRules = {
  Sin: sloped(({ emit, x }) => emit('Cos', x)),
  Cos: elementwise(({ emit, dy, x }) => emit('Mul', emit('Neg', dy), emit('Sin', x))),
  Tan: sloped((e) => onePlusSquare(e, e.y)),
  Asin: elementwise((e) => e.emit('Div', e.dy, e.emit('Sqrt', oneMinusSquare(e, e.x)))),
  Acos: elementwise((e) => e.emit('Neg', e.emit('Div', e.dy, e.emit('Sqrt', oneMinusSquare(e, e.x))))),
  Atan: elementwise((e) => e.emit('Div', e.dy, onePlusSquare(e, e.x))),
  Sinh: sloped(({ emit, x }) => emit('Cosh', x)),
  Cosh: sloped(({ emit, x }) => emit('Sinh', x)),
  Tanh: sloped((e) => oneMinusSquare(e, e.y)),
  Asinh: elementwise((e) => e.emit('Div', e.dy, e.emit('Sqrt', onePlusSquare(e, e.x)))),
  Acosh: elementwise(({ emit, dy, x, n }) => emit('Div', dy, emit('Sqrt', emit('Sub', emit('Mul', x, x), n(1))))),
  Atanh: elementwise((e) => e.emit('Div', e.dy, oneMinusSquare(e, e.x))),
};

const positive = ({ emit, x, n }: Element): string => emit('Greater', x, n(0));

/** x·σ(x) and its kin: σ(v) + v·σ(v)·(1 − σ(v)). */
function swish(element: Element, alpha: number): string {
  const { emit, x, n } = element;
  const gate = emit('Sigmoid', alpha === 1 ? x : emit('Mul', x, n(alpha)));
  const bent = emit('Mul', emit('Mul', alpha === 1 ? x : emit('Mul', x, n(alpha)), gate), emit('Sub', n(1), gate));
  return emit('Add', gate, bent);
}

/** Φ(x) + x·φ(x); for tanh: ½(1 + t) + ½x(1 − t²)·√(2/π)(1 + 3·0.044715·x²). */
function gelu(element: Element): string {
  const { emit, x, n, operation } = element;
  if (operation.text('approximate', 'none') === 'tanh') return geluTanh(element);
  const below = emit('Mul', n(0.5), emit('Add', n(1), emit('Erf', emit('Mul', x, n(Math.SQRT1_2)))));
  const density = emit('Mul', n(1 / Math.sqrt(2 * Math.PI)), emit('Exp', emit('Mul', n(-0.5), emit('Mul', x, x))));
  return emit('Add', below, emit('Mul', x, density));
}

function geluTanh(element: Element): string {
  const { emit, x, n } = element;
  const [scale, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = emit('Mul', x, x);
  const inner = emit('Mul', emit('Mul', x, n(scale)), emit('Add', n(1), emit('Mul', n(cubic), square)));
  const t = emit('Tanh', inner);
  const slope = emit('Mul', n(scale), emit('Add', n(1), emit('Mul', n(3 * cubic), square)));
  const bent = emit('Mul', emit('Mul', emit('Mul', n(0.5), x), oneMinusSquare(element, t)), slope);
  return emit('Add', emit('Mul', n(0.5), emit('Add', n(1), t)), bent);
}

/** tanh(s) + x·(1 − tanh²(s))·σ(x), s = softplus(x). */
function mish(element: Element): string {
  const { emit, x } = element;
  const t = emit('Tanh', emit('Softplus', x));
  return emit('Add', t, emit('Mul', emit('Mul', x, oneMinusSquare(element, t)), emit('Sigmoid', x)));
}

/** HardSwish: 0 up to −3, x/3 + ½ between, 1 from 3 on (torch.nn.functional.hardswish). */
function hardSwish({ emit, x, n }: Element): string {
  const middle = emit('Add', emit('Mul', x, n(1 / 3)), n(0.5));
  const upper = emit('Where', emit('Less', x, n(3)), middle, n(1));
  return emit('Where', emit('LessOrEqual', x, n(-3)), n(0), upper);
}

/** α inside the open interval in which αx + β is between 0 and 1. */
function hardSigmoid(element: Element, writer: GraphWriter): string {
  const { emit, y, n, operation, x } = element;
  const inside = emit('And', emit('Greater', y, n(0)), emit('Less', y, n(1)));
  return emit('Mul', indicator(writer, inside, x), n(operation.float('alpha', 0.2)));
}

/** x > 0: γ; else γ·α·eˣ, with y = γ·α·(eˣ − 1). */
function exponentialUnit(alpha: number, gamma: number): (element: Element) => string {
  return (element) => {
    const low = element.emit('Mul', element.n(alpha * gamma), element.emit('Exp', element.x));
    return element.emit('Where', positive(element), element.n(gamma), low);
  };
}

const activations: GradientRules = {
  Relu: elementwise((e, writer) => gated(writer, positive(e), e.dy, e.x)),
  LeakyRelu: sloped((e) => e.emit('Where', positive(e), e.n(1), e.n(e.operation.float('alpha', 0.01)))),
  ThresholdedRelu: elementwise((e, writer) =>
    gated(writer, e.emit('Greater', e.x, e.n(e.operation.float('alpha', 1))), e.dy, e.x),
  ),
  Elu: sloped((e) => exponentialUnit(e.operation.float('alpha', 1), 1)(e)),
  Selu: sloped((e) =>
    exponentialUnit(e.operation.float('alpha', 1.6732632423543772), e.operation.float('gamma', 1.0507009873554805))(e),
  ),
  // x > 0: 1; else e^(x/α)
  Celu: sloped((e) =>
    e.emit('Where', positive(e), e.n(1), e.emit('Exp', e.emit('Div', e.x, e.n(e.operation.float('alpha', 1))))),
  ),
  Sigmoid: sloped(({ emit, y, n }) => emit('Mul', y, emit('Sub', n(1), y))),
  HardSigmoid: sloped(hardSigmoid),
  HardSwish: sloped(hardSwish),
  Softplus: sloped(({ emit, x }) => emit('Sigmoid', x)),
  // 1 / (1 + |x|)²
  Softsign: elementwise(({ emit, dy, x, n }) => {
    const scale = emit('Add', n(1), emit('Abs', x));
    return emit('Div', dy, emit('Mul', scale, scale));
  }),
  Swish: sloped((e) => swish(e, e.operation.float('alpha', 1))),
  Gelu: sloped(gelu),
  Mish: sloped(mish),
  Shrink: elementwise((e, writer) => {
    const limit = e.operation.float('lambd', 0.5);
    const beyond = e.emit('Or', e.emit('Less', e.x, e.n(-limit)), e.emit('Greater', e.x, e.n(limit)));
    return gated(writer, beyond, e.dy, e.x);
  }),
};

const passing: GradientRule = ofOutput((_operation, dy) => [dy]);

export const unaryRules: GradientRules = {
  ...exponential,
  ...trigonometric,
  ...activations,
  Identity: passing,
  Neg: elementwise(({ emit, dy }) => emit('Neg', dy)),
  Abs: sloped(({ emit, x }) => emit('Sign', x)),
  Dropout: ofOutput((operation, dy) =>
    operation.has(2) ? operation.refuse('it may be in training mode, and is random') : [dy],
  ),
  Cast: ofOutput((operation, dy, writer) => {
    const [from, to] = [writer.facts(operation.input(0)).type, writer.facts(operation.output()).type];
    return [from === to ? dy : writer.emit('CastLike', [dy, operation.input(0)])];
  }),
  CastLike: ofOutput((operation, dy, writer) => [writer.emit('CastLike', [dy, operation.input(0)])]),
  ...Object.fromEntries(['Floor', 'Ceil', 'Round', 'Sign'].map((name) => [name, flat])),
};
