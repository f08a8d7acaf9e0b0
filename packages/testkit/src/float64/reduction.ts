import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { axisOf, laneAt, lanesOf, mapLanes, take } from './layout.ts';
import { fromNumbers, integers, numbersOf, scalarOf } from './value.ts';

type Reduce = (lane: Float64Array) => number;

/** The axes from the attribute (older operator sets) or the second input; none named: all, or none if `noop…` is set. */
const reduced =
  (reduce: Reduce): Operator =>
  (call) => {
    const x = call.input(0);
    const named = (call.list('axes', 1) ?? []).map((axis) => axisOf(axis, x.dims.length));
    const isNothing = named.length === 0 && call.isSet('noop_with_empty_axes');
    const axes = named.length > 0 || isNothing ? named : x.dims.map((_, axis) => axis);
    const lanes = lanesOf(x.dims, axes);
    const dims = call.isSet('keepdims', true)
      ? x.dims.map((size, axis) => (axes.includes(axis) ? 1 : size))
      : x.dims.filter((_, axis) => !axes.includes(axis));
    const from = numbersOf(x);
    return fromNumbers(
      x.type,
      dims,
      Float64Array.from(lanes.starts, (_, lane) => reduce(laneAt(from, lanes, lane))),
    );
  };

const sum = (lane: Float64Array): number => lane.reduce((total, x) => total + x, 0);
const maximum = (lane: Float64Array): number => lane.reduce((best, x) => Math.max(best, x), Number.NEGATIVE_INFINITY);

/** log Σ e^x, without overflow. */
export function logSumExp(lane: Float64Array): number {
  const highest = maximum(lane);
  const shift = Number.isFinite(highest) ? highest : 0;
  return shift + Math.log(sum(lane.map((x) => Math.exp(x - shift))));
}

/** Where the first (or last) greatest element by `isBetter` is. */
const argument =
  (isBetter: (candidate: number, best: number) => boolean): Operator =>
  (call) => {
    const x = call.input(0);
    const axis = axisOf(call.int('axis', 0), x.dims.length);
    const [lanes, from, isLast] = [lanesOf(x.dims, [axis]), numbersOf(x), call.isSet('select_last_index')];
    const winners = Array.from(lanes.starts, (_, index) => {
      const lane = laneAt(from, lanes, index);
      return lane.reduce((best, candidate, at) => {
        const isEqual = isLast && candidate === lane[best];
        return isEqual || isBetter(candidate, lane[best]!) ? at : best;
      }, 0);
    });
    const kept = call.isSet('keepdims', true) ? [1] : [];
    return integers([...x.dims.slice(0, axis), ...kept, ...x.dims.slice(axis + 1)], winners);
  };

const cumulated =
  (start: number, combine: (total: number, x: number) => number): Operator =>
  (call) => {
    const x = call.input(0);
    const axis = axisOf(scalarOf(call.input(1)), x.dims.length);
    const [isExclusive, isReverse] = [call.isSet('exclusive'), call.isSet('reverse')];
    const data = mapLanes(numbersOf(x), lanesOf(x.dims, [axis]), (lane) => {
      let total = start;
      const ordered = isReverse ? lane.toReversed() : lane;
      const totals = ordered.map((element) => {
        const before = total;
        total = combine(total, element);
        return isExclusive ? before : total;
      });
      return isReverse ? totals.reverse() : totals;
    });
    return fromNumbers(x.type, x.dims, data);
  };

/** The k greatest (or least) along an axis, in order; of equal ones the first first. */
const topK: Operator = (call) => {
  const x = call.input(0);
  const axis = axisOf(call.int('axis', -1), x.dims.length);
  const [k, sign] = [scalarOf(call.input(1)), call.isSet('largest', true) ? 1 : -1];
  const [lanes, from] = [lanesOf(x.dims, [axis]), numbersOf(x)];
  const dims = x.dims.with(axis, k);
  const into = lanesOf(dims, [axis]);
  const [places, indices] = [new Int32Array(elementCount(dims)), new Int32Array(elementCount(dims))];
  for (const [index, start] of lanes.starts.entries()) {
    const lane = laneAt(from, lanes, index);
    const order = [...lane.keys()].sort((a, b) => sign * (lane[b]! - lane[a]!) || a - b).slice(0, k);
    for (const [j, at] of order.entries()) {
      const place = into.starts[index]! + into.steps[j]!;
      [places[place], indices[place]] = [start + lanes.steps[at]!, at];
    }
  }
  return [take(x, dims, places), integers(dims, indices)];
};

/** The reductions by name, as functions of one lane. */
const reductions: Readonly<Record<string, Reduce>> = {
  ReduceSum: sum,
  ReduceMean: (lane) => sum(lane) / lane.length,
  ReduceProd: (lane) => lane.reduce((product, x) => product * x, 1),
  ReduceMax: maximum,
  ReduceMin: (lane) => lane.reduce((best, x) => Math.min(best, x), Number.POSITIVE_INFINITY),
  ReduceL1: (lane) => sum(lane.map(Math.abs)),
  ReduceL2: (lane) => Math.sqrt(sum(lane.map((x) => x * x))),
  ReduceSumSquare: (lane) => sum(lane.map((x) => x * x)),
  ReduceLogSum: (lane) => Math.log(sum(lane)),
  ReduceLogSumExp: logSumExp,
};

export const reduction: Operators = {
  ...Object.fromEntries(Object.entries(reductions).map(([name, reduce]) => [name, reduced(reduce)])),
  ArgMax: argument((candidate, best) => candidate > best),
  ArgMin: argument((candidate, best) => candidate < best),
  CumSum: cumulated(0, (total, x) => total + x),
  CumProd: cumulated(1, (total, x) => total * x),
  TopK: topK,
};

/** The lane scaled to the mean 0 and the variance 1 (of the population), and what it had. */
export function standardised(
  lane: Float64Array,
  epsilon: number,
): { lane: Float64Array; mean: number; inverse: number } {
  const mean = sum(lane) / lane.length;
  const variance = sum(lane.map((x) => (x - mean) ** 2)) / lane.length;
  const inverse = 1 / Math.sqrt(variance + epsilon);
  return { lane: lane.map((x) => (x - mean) * inverse), mean, inverse };
}

/** Mean of the squares. */
export function meanSquare(lane: Float64Array): number {
  return sum(lane.map((x) => x * x)) / lane.length;
}
