import { elementCount } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import { axisOf, lanesOf, mapLanes } from './layout.ts';
import { logSumExp } from './reduction.ts';
import { floats, listOf, numbersOf, type Value } from './value.ts';

const logSoftmax = (lane: Float64Array): Float64Array => {
  const total = logSumExp(lane);
  return lane.map((x) => x - total);
};

export const softmaxOf = (lane: Float64Array): Float64Array => logSoftmax(lane).map(Math.exp);

const hardmax = (lane: Float64Array): Float64Array => {
  const best = lane.reduce((winner, x, at) => (x > lane[winner]! ? at : winner), 0);
  return lane.map((_, at) => (at === best ? 1 : 0));
};

/** Along one axis; before operator set 13, along it and all axes after it taken together. */
const normalised =
  (change: (lane: Float64Array) => Float64Array): Operator =>
  (call) => {
    const x = call.input(0);
    const isOld = call.opset < 13;
    const axis = axisOf(call.int('axis', isOld ? 1 : -1), x.dims.length);
    const axes = x.dims.map((_, at) => at).filter((at) => (isOld ? at >= axis : at === axis));
    return floats(x.dims, mapLanes(numbersOf(x), lanesOf(x.dims, axes), change), x.type);
  };

/** Σ over the elements of −weight[label] · logProbability[label], or its mean by weight, or each. */
function likelihoodLoss(call: Call, logs: Value): Value {
  const labels = listOf(call.input(1));
  const [weights, ignored] = [call.optional(2), call.has('ignore_index') ? call.int('ignore_index', 0) : undefined];
  const { starts, steps } = lanesOf(logs.dims, [1]);
  const [from, losses] = [numbersOf(logs), new Float64Array(labels.length)];
  let total = 0;
  for (const [i, label] of labels.entries()) {
    if (label === ignored) continue;
    if (label < 0 || label >= steps.length) throw new Error(`the label ${label} of ${steps.length} classes`);
    const weight = weights ? numbersOf(weights)[label]! : 1;
    losses[i] = -weight * from[starts[i]! + steps[label]!]!;
    total += weight;
  }
  const kind = call.string('reduction', 'mean');
  if (kind === 'none') return floats(call.input(1).dims, losses, logs.type);
  const sum = losses.reduce((all, loss) => all + loss, 0);
  return floats([], Float64Array.of(kind === 'mean' ? sum / total : sum), logs.type);
}

const crossEntropy: Operator = (call) => {
  const x = call.input(0);
  const logs = floats(x.dims, mapLanes(numbersOf(x), lanesOf(x.dims, [1]), logSoftmax), x.type);
  return [likelihoodLoss(call, logs), logs];
};

/** A uniform mask would be random: only what changes nothing, or drops nothing, is computed. */
const dropout: Operator = (call) => {
  const [x, ratio, training] = [call.input(0), call.optional(1), call.optional(2)];
  const rate = ratio ? numbersOf(ratio)[0]! : call.float('ratio', 0.5);
  if (training && Number(training.data[0]) !== 0 && rate !== 0) throw new Error('dropping at random is not supported');
  return [x, { type: 'BOOL', dims: x.dims, data: new Uint8Array(elementCount(x.dims)).fill(1) }];
};

export const softmax: Operators = {
  Softmax: normalised(softmaxOf),
  LogSoftmax: normalised(logSoftmax),
  Hardmax: normalised(hardmax),
  NegativeLogLikelihoodLoss: (call) => likelihoodLoss(call, call.input(0)),
  SoftmaxCrossEntropyLoss: crossEntropy,
  Dropout: dropout,
};
