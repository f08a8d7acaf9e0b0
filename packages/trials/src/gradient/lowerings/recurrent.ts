import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import type { Lowering, Lowerings } from './lowering.ts';

/** What one direction of a recurrent layer works with. */
interface Direction {
  readonly writer: GraphWriter;
  /** [H] */
  readonly hidden: number;
  /** Rᵀ: [H, G·H] */
  readonly recurrence: string;
  /** The bias of the recurrence [G·H]; absent: none. */
  readonly recurrenceBias: string | undefined;
}

/** State before a step, to state behind it. The first part is the output. */
type Step = (input: string, state: readonly string[], direction: Direction) => string[];

/** A recurrent operator by its gates and its step, unrolled over a sequence of known length. */
function unrolled(gates: number, parts: number, step: (operation: Operation) => Step): Lowering {
  return (operation, writer) => {
    requireCovered(operation, parts);
    const layout = operation.int('layout', 0);
    const given = operation.input(0);
    const x = layout === 0 ? given : swapped(writer, given);
    const length = writer.dims(given)[layout === 0 ? 0 : 1] ?? operation.refuse('the length of its sequence varies');
    const names = directionsOf(operation);
    const results = names.map((name, index) => {
      const direction = { operation, writer, x, index, gates, length, isReverse: name === 'reverse' };
      return sequence(direction, step(operation), parts);
    });
    const outputs = Array.from({ length }, (_, time) =>
      stacked(
        writer,
        results.map((one) => one.outputs[time] ?? ''),
      ),
    );
    const states = Array.from({ length: parts }, (_, part) =>
      stacked(
        writer,
        results.map((one) => one.state[part] ?? ''),
      ),
    );
    const y = stacked(writer, outputs);
    if (layout === 0) return [y, ...states];
    return [
      writer.emit('Transpose', [y], { perm: [2n, 0n, 1n, 3n] }),
      ...states.map((state) => swapped(writer, state)),
    ];
  };
}

/** Values side by side along a new first axis. */
function stacked(writer: GraphWriter, values: readonly string[]): string {
  const layers = values.map((value) => writer.emit('Unsqueeze', [value, writer.int64([0])]));
  return writer.emit('Concat', layers, { axis: 0n });
}

function swapped(writer: GraphWriter, value: string): string {
  return writer.emit('Transpose', [value], { perm: [1n, 0n, 2n] });
}

function directionsOf(operation: Operation): readonly string[] {
  const direction = operation.text('direction', 'forward');
  return direction === 'bidirectional' ? ['forward', 'reverse'] : [direction];
}

function requireCovered(operation: Operation, parts: number): void {
  if (operation.has(4)) operation.refuse('its sequences have lengths of their own');
  if (operation.has(5 + parts)) operation.refuse('it has peepholes');
  if (operation.node.attributes.has('clip')) operation.refuse('it clips');
  if (operation.int('input_forget', 0) !== 0) operation.refuse('its input and forget gates are one');
  const attribute = operation.node.attributes.get('activations');
  const usual = parts === 2 ? ['Sigmoid', 'Tanh', 'Tanh'] : operation.opType === 'GRU' ? ['Sigmoid', 'Tanh'] : ['Tanh'];
  const named = attribute?.type === 'STRINGS' ? attribute.value.map((each) => new TextDecoder().decode(each)) : usual;
  if (named.some((name, index) => name !== usual[index % usual.length]))
    operation.refuse(`its activations are ${named.join(', ')}`);
}

interface Sequence {
  readonly operation: Operation;
  readonly writer: GraphWriter;
  /** [T, N, I] */
  readonly x: string;
  readonly index: number;
  readonly gates: number;
  readonly length: number;
  readonly isReverse: boolean;
}

/** All steps of one direction: outputs [N, H] by time, and the state behind the last step. */
function sequence(of: Sequence, step: Step, parts: number): { outputs: string[]; state: readonly string[] } {
  const { operation, writer, x, index, gates, length } = of;
  const own = (input: number): string =>
    writer.emit('Gather', [operation.input(input), writer.int64Scalar(index)], { axis: 0n });
  const size = writer.dims(operation.input(2))[2] ?? operation.refuse('its hidden size varies');
  const turned = (value: string): string => writer.emit('Transpose', [value], { perm: [1n, 0n] });
  const [inputBias, recurrenceBias] = operation.has(3)
    ? writer.emitAll('Split', [own(3), writer.int64([gates * size, gates * size])], 2, { axis: 0n })
    : [];
  const product = writer.emit('MatMul', [x, turned(own(1))]);
  const driven = inputBias === undefined ? product : writer.emit('Add', [product, inputBias]);
  const inputs = writer.emitAll('Split', [driven, writer.int64(Array<number>(length).fill(1))], length, { axis: 0n });
  const direction = { writer, hidden: size, recurrence: turned(own(2)), recurrenceBias };
  let state: readonly string[] = Array.from({ length: parts }, (_, part) =>
    operation.has(5 + part) ? initialState(of, own(5 + part)) : zeroState(of, size),
  );
  const outputs: string[] = [];
  const times = Array.from({ length }, (_, time) => (of.isReverse ? length - 1 - time : time));
  for (const time of times) {
    state = step(writer.emit('Squeeze', [inputs[time] ?? '', writer.int64([0])]), state, direction);
    outputs[time] = state[0] ?? '';
  }
  return { outputs, state };
}

/** Layout 1 has the batch first: [N, D, H]; gathered on axis 0 it would be a row, so that it is refused. */
function initialState({ operation }: Sequence, state: string): string {
  return operation.int('layout', 0) === 0 ? state : operation.refuse('it has an initial state in layout 1');
}

function zeroState({ operation, writer, x }: Sequence, size: number): string {
  const batch = writer.emit('Shape', [x], { start: 1n, end: 2n });
  const shape = writer.emit('Concat', [batch, writer.int64([size])], { axis: 0n });
  return writer.emit('Expand', [writer.scalar(0, writer.facts(operation.input(0)).type), shape]);
}

/** H·Rᵀ + b */
function recurred(h: string, { writer, recurrence, recurrenceBias }: Direction): string {
  const product = writer.emit('MatMul', [h, recurrence]);
  return recurrenceBias === undefined ? product : writer.emit('Add', [product, recurrenceBias]);
}

function gatesOf(value: string, count: number, { writer, hidden }: Direction): string[] {
  return writer.emitAll('Split', [value, writer.int64(Array<number>(count).fill(hidden))], count, { axis: 1n });
}

/** i, o, f = σ(…), c̃ = tanh(…); C = f·C + i·c̃; H = o·tanh(C) (ONNX LSTM). */
const lstmStep: Step = (input, [h = '', c = ''], direction) => {
  const { writer } = direction;
  const all = gatesOf(writer.emit('Add', [input, recurred(h, direction)]), 4, direction);
  const [i = '', o = '', f = ''] = all.slice(0, 3).map((gate) => writer.emit('Sigmoid', [gate]));
  const candidate = writer.emit('Tanh', [all[3] ?? '']);
  const cell = writer.emit('Add', [writer.emit('Mul', [f, c]), writer.emit('Mul', [i, candidate])]);
  return [writer.emit('Mul', [o, writer.emit('Tanh', [cell])]), cell];
};

/** z, r = σ(…); h̃ = tanh(Xₕ + r·(H·Rₕᵀ + b)) or, not linear before reset, tanh(Xₕ + (r·H)·Rₕᵀ + b); H = (1 − z)·h̃ + z·H. */
function gruStep(operation: Operation): Step {
  const isLinear = operation.int('linear_before_reset', 0) !== 0;
  return (input, [h = ''], direction) => {
    const { writer } = direction;
    const inputs = gatesOf(input, 3, direction);
    const recurring = gatesOf(recurred(h, direction), 3, direction);
    const sum = (at: number): string => writer.emit('Add', [inputs[at] ?? '', recurring[at] ?? '']);
    const [z, r] = [sum(0), sum(1)].map((gate) => writer.emit('Sigmoid', [gate])) as [string, string];
    const bent = isLinear
      ? writer.emit('Mul', [r, recurring[2] ?? ''])
      : (gatesOf(recurred(writer.emit('Mul', [r, h]), direction), 3, direction)[2] ?? '');
    const candidate = writer.emit('Tanh', [writer.emit('Add', [inputs[2] ?? '', bent])]);
    const kept = writer.emit('Mul', [z, writer.emit('Sub', [h, candidate])]);
    return [writer.emit('Add', [candidate, kept])];
  };
}

/** H = tanh(X·Wᵀ + H·Rᵀ + b). */
const rnnStep: Step = (input, [h = ''], direction) => {
  const { writer } = direction;
  return [writer.emit('Tanh', [writer.emit('Add', [input, recurred(h, direction)])])];
};

export const recurrentLowerings: Lowerings = {
  LSTM: unrolled(4, 2, () => lstmStep),
  GRU: unrolled(3, 1, gruStep),
  RNN: unrolled(1, 1, () => rnnStep),
};
