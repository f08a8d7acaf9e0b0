import type { DataType } from '@holdfast/onnx';
import type { GraphWriter } from './graph-writer.ts';

/** A loss of each row, and its gradient with respect to the logits [N, K]. */
export interface Loss {
  /** [N] */
  readonly value: string;
  /** [N, K] */
  readonly seed: string;
}

/** What a loss is written from: names of values. */
export interface LossInputs {
  /** [N, K] */
  readonly logits: string;
  readonly type: DataType;
  /** INT64 [N] */
  readonly labels: string;
  /** INT64 [N]; for targeted losses */
  readonly targets: string;
}

type WriteLoss = (writer: GraphWriter, inputs: LossInputs) => Loss;

/** −log softmax(z)ᵧ; its gradient is softmax(z) − onehot(y). */
const crossEntropy: WriteLoss = (writer, { logits, labels, type }) => {
  const logs = writer.emit('LogSoftmax', [logits], { axis: -1n });
  const value = writer.emit('Neg', [at(writer, logs, labels)]);
  const seed = writer.emit('Sub', [writer.emit('Exp', [logs]), oneHot(writer, logits, labels, type)]);
  return { value, seed };
};

/** max over i ≠ y of zᵢ, less zᵧ: positive where the row is misclassified (Carlini & Wagner, arXiv:1608.04644, f₆ without κ). */
const margin: WriteLoss = (writer, { logits, labels, type }) => {
  const own = oneHot(writer, logits, labels, type);
  const other = best(writer, without(writer, logits, own, type));
  const value = writer.emit('Sub', [at(writer, logits, other), at(writer, logits, labels)]);
  return { value, seed: writer.emit('Sub', [oneHot(writer, logits, other, type), own]) };
};

/** −(zᵧ − max over i ≠ y of zᵢ) / (z₍₁₎ − z₍₃₎), sorted downwards (Croce & Hein, arXiv:2003.01690, equation 6). */
const dlr: WriteLoss = (writer, inputs) => {
  const { logits, type } = inputs;
  const { value: numerator, seed: slope } = margin(writer, inputs);
  const [first = '', third = ''] = ranked(writer, logits, [0, 2]);
  return quotient(writer, numerator, slope, { type, logits, high: [[first, 1]], low: [[third, 1]] });
};

/** −(zᵧ − zₜ) / (z₍₁₎ − (z₍₃₎ + z₍₄₎)/2) (Croce & Hein, arXiv:2003.01690, equation 7). */
const dlrTargeted: WriteLoss = (writer, { logits, labels, targets, type }) => {
  const value = writer.emit('Sub', [at(writer, logits, targets), at(writer, logits, labels)]);
  const slope = writer.emit('Sub', [oneHot(writer, logits, targets, type), oneHot(writer, logits, labels, type)]);
  const [first = '', third = '', fourth = ''] = ranked(writer, logits, [0, 2, 3]);
  const low: [string, number][] = [
    [third, 0.5],
    [fourth, 0.5],
  ];
  return quotient(writer, value, slope, { type, logits, high: [[first, 1]], low });
};

interface Denominator {
  readonly type: DataType;
  readonly logits: string;
  /** Positions [N] and their weights: Σ w·z of the high ones less that of the low ones, plus 10⁻¹² as the reference has it. */
  readonly high: readonly (readonly [string, number])[];
  readonly low: readonly (readonly [string, number])[];
}

/** a/b by the quotient rule: (a′ − (a/b)·b′)/b. */
function quotient(writer: GraphWriter, a: string, slope: string, by: Denominator): Loss {
  const signed = [...by.high, ...by.low.map(([position, weight]) => [position, -weight] as const)];
  const scaled = (value: string, weight: number): string =>
    weight === 1 ? value : writer.emit('Mul', [value, writer.scalar(weight, by.type)]);
  const sum = writer.emit(
    'Sum',
    signed.map(([position, weight]) => scaled(at(writer, by.logits, position), weight)),
  );
  const b = writer.emit('Add', [sum, writer.scalar(1e-12, by.type)]);
  const bSlope = writer.emit(
    'Sum',
    signed.map(([position, weight]) => scaled(oneHot(writer, by.logits, position, by.type), weight)),
  );
  const value = writer.emit('Div', [a, b]);
  const column = (each: string): string => writer.emit('Unsqueeze', [each, writer.int64([1])]);
  const rest = writer.emit('Sub', [slope, writer.emit('Mul', [column(value), bSlope])]);
  return { value, seed: writer.emit('Div', [rest, column(b)]) };
}

/** z[n, positions[n]] */
function at(writer: GraphWriter, logits: string, positions: string): string {
  const column = writer.emit('Unsqueeze', [positions, writer.int64([1])]);
  const taken = writer.emit('GatherElements', [logits, column], { axis: 1n });
  return writer.emit('Squeeze', [taken, writer.int64([1])]);
}

/** [N, K]: 1 at the positions, 0 elsewhere. */
function oneHot(writer: GraphWriter, logits: string, positions: string, type: DataType): string {
  const classes = writer.emit('Shape', [logits], { start: 1n, end: 2n });
  return writer.emit('OneHot', [positions, classes, writer.reals([0, 1], [2], type)], { axis: -1n });
}

/** The logits with those of `own` out of the race. */
function without(writer: GraphWriter, logits: string, own: string, type: DataType): string {
  const taken = writer.emit('Greater', [own, writer.scalar(0, type)]);
  return writer.emit('Where', [taken, writer.scalar(Number.NEGATIVE_INFINITY, type), logits]);
}

function best(writer: GraphWriter, logits: string): string {
  return writer.emit('ArgMax', [logits], { axis: 1n, keepdims: 0n });
}

/** Positions [N] of the logits that come at these places, the largest first. */
function ranked(writer: GraphWriter, logits: string, places: readonly number[]): string[] {
  const count = Math.max(...places) + 1;
  const [, positions = ''] = writer.emitAll('TopK', [logits, writer.int64([count])], 2, { axis: 1n });
  return places.map((place) => writer.emit('Gather', [positions, writer.int64Scalar(place)], { axis: 1n }));
}

/** Losses that an attack climbs, by name. */
export const losses = { 'cross-entropy': crossEntropy, margin, dlr, 'dlr-targeted': dlrTargeted } as const;
export type LossName = keyof typeof losses;
