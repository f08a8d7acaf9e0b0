import type { Operator, Operators } from './call.ts';
import { broadcast, broadcastPlaces, take } from './layout.ts';
import { bigsOf, floats, fromBigs, fromNumbers, isFloat, newElements, numbersOf, type Value } from './value.ts';

type OfFloats = (a: number, b: number) => number;
type OfIntegers = (a: bigint, b: bigint) => bigint;

/** A function of two tensors that broadcast; integers exactly. */
function combined(a: Value, b: Value, ofFloats: OfFloats, ofIntegers?: OfIntegers): Value {
  const dims = broadcast(a.dims, b.dims);
  const [left, right] = [broadcastPlaces(a.dims, dims), broadcastPlaces(b.dims, dims)];
  if (isFloat(a.type) || !ofIntegers) {
    const [x, y] = [numbersOf(a), numbersOf(b)];
    return fromNumbers(
      a.type,
      dims,
      Float64Array.from(left, (place, i) => ofFloats(x[place]!, y[right[i]!]!)),
    );
  }
  const [x, y] = [bigsOf(a), bigsOf(b)];
  return fromBigs(
    a.type,
    dims,
    Array.from(left, (place, i) => ofIntegers(x[place]!, y[right[i]!]!)),
  );
}

const two =
  (ofFloats: OfFloats, ofIntegers?: OfIntegers): Operator =>
  (call) =>
    combined(call.input(0), call.input(1), ofFloats, ofIntegers);

const many =
  (ofFloats: OfFloats, ofIntegers?: OfIntegers): Operator =>
  (call) =>
    call.inputs.reduce((a, b) => combined(a, b, ofFloats, ofIntegers));

/** A question about two tensors that broadcast; big integers are compared as they are. */
const asks =
  (question: (a: number | bigint, b: number | bigint) => boolean): Operator =>
  (call) => {
    const [a, b] = [call.input(0), call.input(1)];
    const dims = broadcast(a.dims, b.dims);
    const right = broadcastPlaces(b.dims, dims);
    const answers = Array.from(broadcastPlaces(a.dims, dims), (left, i) => question(a.data[left]!, b.data[right[i]!]!));
    return fromNumbers('BOOL', dims, answers.map(Number));
  };

const truth = (x: number | bigint): boolean => Number(x) !== 0;

/** a − b·⌊a/b⌋: the sign of the divisor. */
const floorMod: OfFloats = (a, b) => {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
};
const floorModOfIntegers: OfIntegers = (a, b) => {
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
};

const where: Operator = (call) => {
  const [condition, a, b] = [call.input(0), call.input(1), call.input(2)];
  const dims = broadcast(condition.dims, a.dims, b.dims);
  const [left, right] = [broadcastPlaces(a.dims, dims), broadcastPlaces(b.dims, dims)];
  const data = newElements(a.type, left.length);
  for (const [i, place] of broadcastPlaces(condition.dims, dims).entries()) {
    data[i] = condition.data[place] ? a.data[left[i]!]! : b.data[right[i]!]!;
  }
  return { type: a.type, dims, data };
};

const mean: Operator = (call) => {
  const sum = call.inputs.reduce((a, b) => combined(a, b, (x, y) => x + y));
  return floats(
    sum.dims,
    numbersOf(sum).map((x) => x / call.inputs.length),
    sum.type,
  );
};

const clip: Operator = (call) => {
  const [x, low, high] = [call.input(0), call.optional(1), call.optional(2)];
  const raised = low ? combined(x, low, Math.max, (a, b) => (a < b ? b : a)) : x;
  return high
    ? combined(raised, high, Math.min, (a, b) => (a > b ? b : a))
    : take(raised, x.dims, Int32Array.from(raised.data.keys()));
};

/** Functions of several tensors that broadcast. */
export const arithmetic: Operators = {
  Add: two(
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  Sub: two(
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  Mul: two(
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  Div: two(
    (a, b) => a / b,
    (a, b) => a / b,
  ),
  Pow: two((a, b) => a ** b),
  Mod: (call) =>
    call.isSet('fmod')
      ? two(
          (a, b) => a % b,
          (a, b) => a % b,
        )(call)
      : two(floorMod, floorModOfIntegers)(call),
  PRelu: two((x, slope) => (x < 0 ? slope * x : x)),
  Min: many(Math.min, (a, b) => (a < b ? a : b)),
  Max: many(Math.max, (a, b) => (a > b ? a : b)),
  Sum: many((a, b) => a + b),
  Mean: mean,
  Clip: clip,
  Where: where,
  Equal: asks((a, b) => a === b),
  Greater: asks((a, b) => a > b),
  GreaterOrEqual: asks((a, b) => a >= b),
  Less: asks((a, b) => a < b),
  LessOrEqual: asks((a, b) => a <= b),
  And: asks((a, b) => truth(a) && truth(b)),
  Or: asks((a, b) => truth(a) || truth(b)),
  Xor: asks((a, b) => truth(a) !== truth(b)),
};
