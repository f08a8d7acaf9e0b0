import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import type { Lowering, Lowerings } from './lowering.ts';

/*
 * Operators of ai.onnx.ml as skl2onnx writes them. Labels are not computed: nothing flows through them, and the model
 * itself is asked what it answers.
 */

/** (X − offset)·scale */
const scaler: Lowering = (operation, writer) => {
  const x = operation.input(0);
  const offset = row(writer, operation.floats('offset') ?? [0]);
  const scale = row(writer, operation.floats('scale') ?? [1]);
  return [writer.emit('Mul', [writer.emit('Sub', [asFloat(writer, x), offset]), scale])];
};

/** Each row by its largest absolute value, its L1 or its L2 norm. */
const normalizer: Lowering = (operation, writer) => {
  const x = asFloat(writer, operation.input(0));
  const norm = operation.text('norm', 'MAX');
  const axes = writer.int64([1]);
  if (norm === 'L1') return [writer.emit('Div', [x, writer.emit('ReduceL1', [x, axes])])];
  if (norm === 'L2') return [writer.emit('Div', [x, writer.emit('ReduceL2', [x, axes])])];
  return [writer.emit('Div', [x, writer.emit('ReduceMax', [writer.emit('Abs', [x]), axes])])];
};

/** X·Cᵀ + b, C [classes, features]. */
function linear(operation: Operation, writer: GraphWriter, classes: number): string {
  const coefficients = operation.floats('coefficients') ?? operation.refuse('it has no coefficients');
  const matrix = writer.reals(coefficients, [classes, coefficients.length / classes], 'FLOAT');
  const intercepts = row(writer, operation.floats('intercepts') ?? Array<number>(classes).fill(0));
  return writer.emit('Gemm', [asFloat(writer, operation.input(0)), matrix, intercepts], { transB: 1n });
}

const linearRegressor: Lowering = (operation, writer) => {
  requireTransform(operation, 'NONE');
  return [linear(operation, writer, operation.int('targets', 1))];
};

/** Scores of the classes, or what a transform makes of them. Labels are left out. */
const linearClassifier: Lowering = (operation, writer) => {
  const intercepts = operation.floats('intercepts') ?? operation.refuse('it has no intercepts');
  const scores = linear(operation, writer, intercepts.length);
  const transform = operation.text('post_transform', 'NONE');
  if (transform === 'LOGISTIC') return ['', logistic(operation, writer, scores)];
  if (transform === 'SOFTMAX') return ['', writer.emit('Softmax', [scores], { axis: -1n })];
  requireTransform(operation, 'NONE');
  return intercepts.length > 1 ? ['', scores] : operation.refuse('it gives one score for two classes');
};

/**
 * Of two classes the same as a Softmax, so that there are logits: σ(±s) = softmax(±s/2), and one score s alone gives
 * softmax(0, s). Of more classes, each by itself.
 */
function logistic(operation: Operation, writer: GraphWriter, scores: string): string {
  const intercepts = operation.floats('intercepts') ?? [];
  if (intercepts.length === 1) {
    const both = writer.emit('Concat', [writer.emit('Sub', [scores, scores]), scores], { axis: 1n });
    return writer.emit('Softmax', [both], { axis: -1n });
  }
  if (!areOpposite(operation.floats('coefficients') ?? [], intercepts)) return writer.emit('Sigmoid', [scores]);
  return writer.emit('Softmax', [writer.emit('Mul', [scores, writer.scalar(0.5, 'FLOAT')])], { axis: -1n });
}

function areOpposite(coefficients: readonly number[], intercepts: readonly number[]): boolean {
  const half = coefficients.length / 2;
  const isMirrored = coefficients.slice(0, half).every((value, index) => value === -(coefficients[half + index] ?? 0));
  return intercepts.length === 2 && intercepts[0] === -(intercepts[1] ?? 0) && isMirrored;
}

function requireTransform(operation: Operation, only: string): void {
  const transform = operation.text('post_transform', 'NONE');
  if (transform !== only) operation.refuse(`its post_transform is ${transform}`);
}

function row(writer: GraphWriter, values: readonly number[]): string {
  return writer.reals(values, [values.length], 'FLOAT');
}

function asFloat(writer: GraphWriter, value: string): string {
  return writer.facts(value).type === 'FLOAT' ? value : writer.emit('Cast', [value], { to: 1n });
}

export const traditionalLowerings: Lowerings = {
  'ai.onnx.ml.Scaler': scaler,
  'ai.onnx.ml.Normalizer': normalizer,
  'ai.onnx.ml.LinearRegressor': linearRegressor,
  'ai.onnx.ml.LinearClassifier': linearClassifier,
};
