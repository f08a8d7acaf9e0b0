import { number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/**
 * Lᵢ = −w[tᵢ]·Z[i, tᵢ], 0 where tᵢ is ignored; their mean by weight, their sum, or each: dZ = −onehot(t)·w[t]·dL, for the mean
 * over Σ w[t].
 */
function likelihoodGradient(operation: Operation, dl: string, writer: GraphWriter): string {
  const x = operation.input(0);
  const { labels, weights } = rowsOf(operation, writer);
  const reduction = operation.text('reduction', 'mean');
  const each =
    reduction === 'mean' ? writer.emit('Div', [dl, writer.emit('ReduceSum', [weights], { keepdims: 0n })]) : dl;
  const scaled = writer.emit('Neg', [writer.emit('Mul', [weights, each])]);
  const classes = writer.emit('Shape', [x], { start: 1n, end: 2n });
  const { type } = writer.facts(x);
  const chosen = writer.emit('OneHot', [labels, classes, writer.reals([0, 1], [2], type)], { axis: 1n });
  return writer.emit('Mul', [chosen, writer.emit('Unsqueeze', [scaled, writer.int64([1])])]);
}

/** Labels as INT64, 0 where ignored, and the weight of each, 0 where ignored. */
function rowsOf(operation: Operation, writer: GraphWriter): { labels: string; weights: string } {
  const [x, target] = [operation.input(0), operation.input(1)];
  const given = writer.facts(target).type === 'INT64' ? target : writer.emit('Cast', [target], { to: 7n });
  const ignored = operation.node.attributes.has('ignore_index')
    ? writer.emit('Equal', [given, writer.int64Scalar(operation.int('ignore_index', 0))])
    : undefined;
  const labels = ignored === undefined ? given : writer.emit('Where', [ignored, writer.int64Scalar(0), given]);
  const one = (): string => writer.emit('Expand', [number(writer, 1, x), writer.emit('Shape', [labels])]);
  const weights = operation.has(2) ? writer.emit('Gather', [operation.input(2), labels], { axis: 0n }) : one();
  if (ignored === undefined) return { labels, weights };
  return { labels, weights: writer.emit('Where', [ignored, number(writer, 0, x), weights]) };
}

function requireFixedWeights(operation: Operation, wanted: (input: number) => boolean): void {
  if (wanted(2)) operation.refuse('the weights of its classes depend on what is differentiated by');
}

const negativeLogLikelihood = ofOutput((operation, dl, writer, wanted) => {
  requireFixedWeights(operation, wanted);
  return [likelihoodGradient(operation, dl, writer)];
});

/** The same with Z = log softmax(X) over the classes, which is its second output: dX = dZ − e^Z·Σ dZ. */
const softmaxCrossEntropy: GradientRule = (operation, [dl, direct], writer, wanted) => {
  requireFixedWeights(operation, wanted);
  const fromLoss = dl === undefined ? [] : [likelihoodGradient(operation, dl, writer)];
  const parts = [...fromLoss, ...(direct === undefined ? [] : [direct])];
  const [dz] = parts.length > 1 ? [writer.emit('Add', parts)] : parts;
  if (dz === undefined) return [];
  const z = operation.output(1) || writer.emit('LogSoftmax', [operation.input(0)], { axis: 1n });
  const total = writer.emit('ReduceSum', [dz, writer.int64([1])], { keepdims: 1n });
  return [writer.emit('Sub', [dz, writer.emit('Mul', [writer.emit('Exp', [z]), total])])];
};

export const lossRules: GradientRules = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};
