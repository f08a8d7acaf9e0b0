import type { Call, Operator, Operators } from './call.ts';
import { erf } from './error-function.ts';
import { bigsOf, floats, fromBigs, fromNumbers, isFloat, numbersOf, type Value } from './value.ts';

/** The same function of every element. */
const each =
  (change: (x: number) => number): Operator =>
  (call) =>
    mapped(call.input(0), change);

/** The same, for a function that attributes shape. */
const shaped =
  (changeOf: (call: Call) => (x: number) => number): Operator =>
  (call) =>
    mapped(call.input(0), changeOf(call));

/** A function of numbers, and the same of integers of any size. */
const exact =
  (change: (x: number) => number, ofIntegers: (x: bigint) => bigint): Operator =>
  (call) => {
    const { type, dims } = call.input(0);
    return isFloat(type) ? mapped(call.input(0), change) : fromBigs(type, dims, bigsOf(call.input(0)).map(ofIntegers));
  };

const asks =
  (question: (x: number) => boolean): Operator =>
  (call) =>
    fromNumbers(
      'BOOL',
      call.input(0).dims,
      numbersOf(call.input(0)).map((x) => (question(x) ? 1 : 0)),
    );

function mapped(value: Value, change: (x: number) => number): Value {
  if (!isFloat(value.type)) throw new Error(`expected floats, found ${value.type}`);
  return floats(value.dims, numbersOf(value).map(change), value.type);
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** log(1 + e^x), without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** To the nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Functions of one tensor, element by element. */
export const elementwise: Operators = {
  Abs: exact(Math.abs, (x) => (x < 0n ? -x : x)),
  Neg: exact(
    (x) => -x,
    (x) => -x,
  ),
  Sign: exact(Math.sign, (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n)),
  Relu: exact(
    (x) => (x < 0 ? 0 : x),
    (x) => (x < 0n ? 0n : x),
  ),
  Ceil: each(Math.ceil),
  Floor: each(Math.floor),
  Round: each(roundHalfEven),
  Reciprocal: each((x) => 1 / x),
  Sqrt: each(Math.sqrt),
  Exp: each(Math.exp),
  Log: each(Math.log),
  Erf: each(erf),
  Sin: each(Math.sin),
  Cos: each(Math.cos),
  Tan: each(Math.tan),
  Asin: each(Math.asin),
  Acos: each(Math.acos),
  Atan: each(Math.atan),
  Sinh: each(Math.sinh),
  Cosh: each(Math.cosh),
  Tanh: each(Math.tanh),
  Asinh: each(Math.asinh),
  Acosh: each(Math.acosh),
  Atanh: each(Math.atanh),
  Sigmoid: each(sigmoid),
  Softplus: each(softplus),
  Softsign: each((x) => x / (1 + Math.abs(x))),
  HardSwish: each((x) => x * clamp(x / 6 + 0.5, 0, 1)),
  Mish: each((x) => x * Math.tanh(softplus(x))),
  Swish: shaped((call) => {
    const alpha = call.float('alpha', 1);
    return (x) => x * sigmoid(alpha * x);
  }),
  Gelu: shaped((call) =>
    call.string('approximate', 'none') === 'tanh'
      ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
      : (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  ),
  LeakyRelu: shaped((call) => {
    const alpha = call.float('alpha', 0.01);
    return (x) => (x < 0 ? alpha * x : x);
  }),
  ThresholdedRelu: shaped((call) => {
    const alpha = call.float('alpha', 1);
    return (x) => (x > alpha ? x : 0);
  }),
  Elu: shaped((call) => {
    const alpha = call.float('alpha', 1);
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
  }),
  Celu: shaped((call) => {
    const alpha = call.float('alpha', 1);
    return (x) => Math.max(0, x) + Math.min(0, alpha * Math.expm1(x / alpha));
  }),
  Selu: shaped((call) => {
    const [alpha, gamma] = [
      call.float('alpha', 1.67326319217681884765625),
      call.float('gamma', 1.05070102214813232421875),
    ];
    return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x));
  }),
  HardSigmoid: shaped((call) => {
    const [alpha, beta] = [call.float('alpha', 0.2), call.float('beta', 0.5)];
    return (x) => clamp(alpha * x + beta, 0, 1);
  }),
  Shrink: shaped((call) => {
    const [bias, lambda] = [call.float('bias', 0), call.float('lambd', 0.5)];
    return (x) => (x < -lambda ? x + bias : x > lambda ? x - bias : 0);
  }),
  IsNaN: asks(Number.isNaN),
  IsInf: (call) => {
    const [positive, negative] = [call.isSet('detect_positive', true), call.isSet('detect_negative', true)];
    return asks((x) => (positive && x === Number.POSITIVE_INFINITY) || (negative && x === Number.NEGATIVE_INFINITY))(
      call,
    );
  },
  Not: (call) =>
    fromNumbers(
      'BOOL',
      call.input(0).dims,
      numbersOf(call.input(0)).map((x) => (x === 0 ? 1 : 0)),
    ),
};
