import type { GraphWriter } from '../graph-writer.ts';
import { flat, type GradientRules, ofOutput } from '../rule.ts';

function sumAlong(writer: GraphWriter, value: string, axis: number): string {
  return writer.emit('ReduceSum', [value, writer.int64([axis])], { keepdims: 1n });
}

/** Y = softmax(X): dX = (dY − Σ dY·Y)·Y along the axis. */
const softmax = ofOutput((operation, dy, writer) => {
  const y = operation.output();
  const inner = sumAlong(writer, writer.emit('Mul', [dy, y]), operation.int('axis', -1));
  return [writer.emit('Mul', [writer.emit('Sub', [dy, inner]), y])];
});

/** Y = log softmax(X): dX = dY − e^Y·Σ dY along the axis. */
const logSoftmax = ofOutput((operation, dy, writer) => {
  const total = sumAlong(writer, dy, operation.int('axis', -1));
  return [writer.emit('Sub', [dy, writer.emit('Mul', [writer.emit('Exp', [operation.output()]), total])])];
});

export const softmaxRules: GradientRules = { Softmax: softmax, LogSoftmax: logSoftmax, Hardmax: flat };
