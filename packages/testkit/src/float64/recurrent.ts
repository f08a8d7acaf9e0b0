import type { Call, Operator, Operators } from './call.ts';
import { transposed } from './layout.ts';
import { floats, listOf, numbersOf, type Value } from './value.ts';

type Activation = (x: number) => number;
type Row = Float64Array;
interface State {
  readonly hidden: Row;
  readonly cell: Row;
}

/** Weights of one direction. */
interface Weights {
  readonly size: number;
  /** Row `r` of W or R, times a vector. */
  readonly ofInput: (row: number, x: Row) => number;
  readonly ofHidden: (row: number, h: Row) => number;
  readonly inputBias: Row;
  readonly hiddenBias: Row;
  readonly peepholes: Row;
}
type Step = (x: Row, state: State, weights: Weights, activations: readonly Activation[]) => State;

const sigmoid: Activation = (x) => 1 / (1 + Math.exp(-x));

/** Activations of recurrent operators by name, and the defaults of their parameters. */
const activations: Readonly<
  Record<string, { of: (x: number, alpha: number, beta: number) => number; alpha?: number; beta?: number }>
> = {
  Relu: { of: (x) => Math.max(0, x) },
  Tanh: { of: Math.tanh },
  Sigmoid: { of: sigmoid },
  Softsign: { of: (x) => x / (1 + Math.abs(x)) },
  Softplus: { of: (x) => Math.log1p(Math.exp(x)) },
  Affine: { of: (x, alpha, beta) => alpha * x + beta, alpha: 1, beta: 0 },
  LeakyRelu: { of: (x, alpha) => (x >= 0 ? x : alpha * x), alpha: 0.01 },
  ThresholdedRelu: { of: (x, alpha) => (x >= alpha ? x : 0), alpha: 1 },
  ScaledTanh: { of: (x, alpha, beta) => alpha * Math.tanh(beta * x), alpha: 1, beta: 1 },
  HardSigmoid: { of: (x, alpha, beta) => Math.min(Math.max(alpha * x + beta, 0), 1), alpha: 0.2, beta: 0.5 },
  Elu: { of: (x, alpha) => (x >= 0 ? x : alpha * Math.expm1(x)), alpha: 1 },
};

/** The activations of all directions, those with parameters taking the next of the lists; what goes in is clipped. */
function activationsOf(call: Call, defaults: readonly string[], directions: number): Activation[] {
  const names = call.strings('activations') ?? Array.from({ length: directions }, () => defaults).flat();
  const [alphas, betas] = [[...(call.floats('activation_alpha') ?? [])], [...(call.floats('activation_beta') ?? [])]];
  const clip = call.float('clip', Number.POSITIVE_INFINITY);
  return names.map((name) => {
    const known = Object.entries(activations).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    if (!known) throw new Error(`the activation ${name}`);
    const alpha = known.alpha === undefined ? 0 : (alphas.shift() ?? known.alpha);
    const beta = known.beta === undefined ? 0 : (betas.shift() ?? known.beta);
    return (x) => known.of(Math.min(Math.max(x, -clip), clip), alpha, beta);
  });
}

function weightsOf(call: Call, direction: number, gates: number, peepholes: Value | undefined): Weights {
  const [w, r, bias] = [call.input(1), call.input(2), call.optional(3)];
  const [rows, inputs, size] = [w.dims[1]!, w.dims[2]!, r.dims[2]!];
  const part = (value: Value | undefined, length: number): Row =>
    value ? numbersOf(value).subarray(direction * length, (direction + 1) * length) : new Float64Array(length);
  const biases = part(bias, 2 * rows);
  const times =
    (matrix: Row, width: number) =>
    (row: number, vector: Row): number =>
      vector.reduce((sum, x, i) => sum + matrix[row * width + i]! * x, 0);
  return {
    size,
    ofInput: times(part(w, rows * inputs), inputs),
    ofHidden: times(part(r, rows * size), size),
    inputBias: biases.subarray(0, gates * size),
    hiddenBias: biases.subarray(gates * size),
    peepholes: part(peepholes, 3 * size),
  };
}

/** One gate before its activation: W x + R h + both biases. */
const gate = (g: number, x: Row, h: Row, { size, ofInput, ofHidden, inputBias, hiddenBias }: Weights): Row =>
  Float64Array.from({ length: size }, (_, i) => {
    const row = g * size + i;
    return ofInput(row, x) + ofHidden(row, h) + inputBias[row]! + hiddenBias[row]!;
  });

const rnnStep: Step = (x, { hidden, cell }, weights, [f]) => ({
  hidden: gate(0, x, hidden, weights).map((v) => f!(v)),
  cell,
});

/** H = (1 − z) ⊙ h̃ + z ⊙ H; with `linear_before_reset` the reset gate is applied after R, else before. */
const gruStep =
  (isLinearFirst: boolean): Step =>
  (x, { hidden, cell }, weights, [f, g]) => {
    const { size, ofInput, ofHidden, inputBias, hiddenBias } = weights;
    const [z, r] = [0, 1].map((index) => gate(index, x, hidden, weights).map((v) => f!(v))) as [Row, Row];
    const reset = hidden.map((h, i) => r[i]! * h);
    const next = hidden.map((h, i) => {
      const row = 2 * size + i;
      const recurrent = isLinearFirst
        ? r[i]! * (ofHidden(row, hidden) + hiddenBias[row]!)
        : ofHidden(row, reset) + hiddenBias[row]!;
      return (1 - z[i]!) * g!(ofInput(row, x) + recurrent + inputBias[row]!) + z[i]! * h;
    });
    return { hidden: next, cell };
  };

/** C = f ⊙ C + i ⊙ c̃, H = o ⊙ h(C); gates in the order i, o, f, c, peepholes in the order i, o, f. */
const lstmStep =
  (isCoupled: boolean): Step =>
  (x, { hidden, cell }, weights, [f, g, h]) => {
    const { size, peepholes } = weights;
    const [i, o, forget, c] = [0, 1, 2, 3].map((index) => gate(index, x, hidden, weights)) as [Row, Row, Row, Row];
    const input = i.map((v, j) => f!(v + peepholes[j]! * cell[j]!));
    const kept = forget.map((v, j) => (isCoupled ? 1 - input[j]! : f!(v + peepholes[2 * size + j]! * cell[j]!)));
    const next = cell.map((v, j) => kept[j]! * v + input[j]! * g!(c[j]!));
    return { hidden: next.map((v, j) => f!(o[j]! + peepholes[size + j]! * v) * h!(v)), cell: next };
  };

interface Kind {
  readonly gates: number;
  readonly defaults: readonly string[];
  readonly step: (call: Call) => Step;
  readonly hasCell?: boolean;
}

/** Runs every direction over every sequence; beyond the length of a sequence the outputs are 0. */
const recurrent =
  ({ gates, defaults, step, hasCell }: Kind): Operator =>
  (call) => {
    const isBatchFirst = call.isSet('layout');
    const swap = (value: Value): Value => (isBatchFirst ? transposed(value, [1, 0, 2]) : value);
    const x = swap(call.input(0));
    const [length, batch, inputs] = x.dims as [number, number, number];
    const [directions, size] = [call.input(1).dims[0]!, call.input(2).dims[2]!];
    const named = call.string('direction', 'forward');
    const [lengths, functions, from] = [call.optional(4), activationsOf(call, defaults, directions), numbersOf(x)];
    const starts = [5, 6].map((index) => {
      const start = index === 6 && !hasCell ? undefined : call.optional(index);
      return start ? numbersOf(swap(start)) : new Float64Array(directions * batch * size);
    }) as [Row, Row];
    const y = new Float64Array(length * directions * batch * size);
    const last = [new Float64Array(directions * batch * size), new Float64Array(directions * batch * size)] as const;
    for (let lane = 0; lane < directions * batch; lane++) {
      const [direction, row] = [Math.floor(lane / batch), lane % batch];
      const weights = weightsOf(call, direction, gates, hasCell ? call.optional(7) : undefined);
      const own = functions.slice((direction * functions.length) / directions);
      const steps = lengths ? listOf(lengths)[row]! : length;
      let state: State = {
        hidden: starts[0].slice(lane * size, (lane + 1) * size),
        cell: starts[1].slice(lane * size, (lane + 1) * size),
      };
      for (let t = 0; t < steps; t++) {
        const at = named === 'reverse' || direction === 1 ? steps - 1 - t : t;
        const place = (at * batch + row) * inputs;
        state = step(call)(from.subarray(place, place + inputs), state, weights, own);
        y.set(state.hidden, ((at * directions + direction) * batch + row) * size);
      }
      last[0].set(state.hidden, lane * size);
      last[1].set(state.cell, lane * size);
    }
    const whole = floats([length, directions, batch, size], y, x.type);
    const [hidden, cell] = last.map((data) => swap(floats([directions, batch, size], data, x.type)));
    return [isBatchFirst ? transposed(whole, [2, 0, 1, 3]) : whole, hidden!, ...(hasCell ? [cell!] : [])];
  };

export const recurrence: Operators = {
  RNN: recurrent({ gates: 1, defaults: ['Tanh'], step: () => rnnStep }),
  GRU: recurrent({
    gates: 3,
    defaults: ['Sigmoid', 'Tanh'],
    step: (call) => gruStep(call.isSet('linear_before_reset')),
  }),
  LSTM: recurrent({
    gates: 4,
    defaults: ['Sigmoid', 'Tanh', 'Tanh'],
    step: (call) => lstmStep(call.isSet('input_forget')),
    hasCell: true,
  }),
};
