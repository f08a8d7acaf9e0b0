import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { axisOf, broadcastPlaces, lanesOf, mapLanes } from './layout.ts';
import { meanSquare, standardised } from './reduction.ts';
import { floats, numbersOf, type Value } from './value.ts';

const axesFrom = (x: Value, first: number): number[] => x.dims.map((_, axis) => axis).filter((axis) => axis >= first);

/** x · scale + shift, where both have one number for each index of an axis. */
function affine(x: Value, data: Float64Array, axis: number, scale: Float64Array, shift?: Float64Array): Value {
  const inner = elementCount(x.dims.slice(axis + 1));
  const at = (i: number): number => Math.floor(i / inner) % x.dims[axis]!;
  return floats(
    x.dims,
    data.map((element, i) => element * scale[at(i)]! + (shift ? shift[at(i)]! : 0)),
    x.type,
  );
}

/** In training, mean and variance of the batch, and the running ones moved towards them. */
const batchNormalization: Operator = (call) => {
  const x = call.input(0);
  const [scale, bias] = [numbersOf(call.input(1)), numbersOf(call.input(2))];
  let [mean, variance] = [numbersOf(call.input(3)), numbersOf(call.input(4))];
  const running = [mean, variance];
  if (call.isSet('training_mode')) {
    const perChannel = Array.from(scale, (_, channel) => channelOf(x, channel));
    mean = Float64Array.from(perChannel, (lane) => standardised(lane, 0).mean);
    variance = Float64Array.from(perChannel, (lane, channel) => meanSquare(lane.map((v) => v - mean[channel]!)));
  }
  const momentum = call.float('momentum', 0.9);
  const factor = scale.map((s, c) => s / Math.sqrt(variance[c]! + call.float('epsilon', 1e-5)));
  const shift = bias.map((b, c) => b - mean[c]! * factor[c]!);
  const moved = [mean, variance].map((now, which) =>
    now.map((v, c) => running[which]![c]! * momentum + v * (1 - momentum)),
  );
  const [newMean, newVariance] = moved.map((data) => floats([scale.length], data, x.type));
  return [affine(x, numbersOf(x), x.dims.length > 1 ? 1 : 0, factor, shift), newMean!, newVariance!];
};

function channelOf(x: Value, channel: number): Float64Array {
  const inner = elementCount(x.dims.slice(2));
  return numbersOf(x).filter((_, i) => Math.floor(i / inner) % x.dims[1]! === channel);
}

const instanceNormalization: Operator = (call) => {
  const x = call.input(0);
  const epsilon = call.float('epsilon', 1e-5);
  const data = mapLanes(numbersOf(x), lanesOf(x.dims, axesFrom(x, 2)), (lane) => standardised(lane, epsilon).lane);
  return affine(x, data, 1, numbersOf(call.input(1)), numbersOf(call.input(2)));
};

/** Scale and bias are one for each group in operator set 18, one for each channel since 21. */
const groupNormalization: Operator = (call) => {
  const x = call.input(0);
  const [groups, epsilon, channels] = [call.int('num_groups', 1), call.float('epsilon', 1e-5), x.dims[1]!];
  const grouped = [x.dims[0]!, groups, x.data.length / x.dims[0]! / groups];
  const data = mapLanes(numbersOf(x), lanesOf(grouped, [2]), (lane) => standardised(lane, epsilon).lane);
  const each = (value: Value): Float64Array =>
    Float64Array.from(
      { length: channels },
      (_, c) => numbersOf(value)[Math.floor((c * value.data.length) / channels)]!,
    );
  return affine(x, data, 1, each(call.input(1)), each(call.input(2)));
};

const scaled = (x: Value, data: Float64Array, scale: Value, bias?: Value): Value => {
  const [factors, shifts] = [broadcastPlaces(scale.dims, x.dims), bias && broadcastPlaces(bias.dims, x.dims)];
  const [s, b] = [numbersOf(scale), bias && numbersOf(bias)];
  return floats(
    x.dims,
    data.map((v, i) => v * s[factors[i]!]! + (b && shifts ? b[shifts[i]!]! : 0)),
    x.type,
  );
};

const layerNormalization: Operator = (call) => {
  const x = call.input(0);
  const axis = axisOf(call.int('axis', -1), x.dims.length);
  const [means, inverses]: [number[], number[]] = [[], []];
  const data = mapLanes(numbersOf(x), lanesOf(x.dims, axesFrom(x, axis)), (lane) => {
    const { lane: result, mean, inverse } = standardised(lane, call.float('epsilon', 1e-5));
    means.push(mean);
    inverses.push(inverse);
    return result;
  });
  const kept = x.dims.map((size, at) => (at < axis ? size : 1));
  const statistics = [means, inverses].map((list) => floats(kept, Float64Array.from(list), x.type));
  return [scaled(x, data, call.input(1), call.optional(2)), ...statistics];
};

const rmsNormalization: Operator = (call) => {
  const x = call.input(0);
  const axis = axisOf(call.int('axis', -1), x.dims.length);
  const data = mapLanes(numbersOf(x), lanesOf(x.dims, axesFrom(x, axis)), (lane) => {
    const factor = 1 / Math.sqrt(meanSquare(lane) + call.float('epsilon', 1e-5));
    return lane.map((v) => v * factor);
  });
  return scaled(x, data, call.input(1));
};

/** x / (bias + alpha / size · Σ of squares over neighbouring channels) ^ beta */
const lrn: Operator = (call) => {
  const x = call.input(0);
  const [size, bias] = [call.int('size', 1), call.float('bias', 1)];
  const [alpha, beta] = [call.float('alpha', 1e-4), call.float('beta', 0.75)];
  const data = mapLanes(numbersOf(x), lanesOf(x.dims, [1]), (lane) =>
    lane.map((v, c) => {
      const near = lane.slice(Math.max(0, c - Math.floor((size - 1) / 2)), c + Math.ceil((size - 1) / 2) + 1);
      return v / (bias + (alpha / size) * near.reduce((sum, w) => sum + w * w, 0)) ** beta;
    }),
  );
  return floats(x.dims, data, x.type);
};

/** A lane of zeros stays zeros. */
const lpNormalization: Operator = (call) => {
  const x = call.input(0);
  const p = call.int('p', 2);
  const lanes = lanesOf(x.dims, [axisOf(call.int('axis', -1), x.dims.length)]);
  const data = mapLanes(numbersOf(x), lanes, (lane) => {
    const norm = lane.reduce((sum, v) => sum + Math.abs(v) ** p, 0) ** (1 / p);
    return lane.map((v) => (norm === 0 ? 0 : v / norm));
  });
  return floats(x.dims, data, x.type);
};

/** (x − mean) / (√(mean(x²) − mean²) + 1e-9), as the operator's function says. */
const meanVarianceNormalization: Operator = (call) => {
  const x = call.input(0);
  const axes = (call.ints('axes') ?? [0, 2, 3]).map((axis) => axisOf(axis, x.dims.length));
  const data = mapLanes(numbersOf(x), lanesOf(x.dims, axes), (lane) => {
    const { mean } = standardised(lane, 0);
    const deviation = Math.sqrt(meanSquare(lane.map((v) => v - mean))) + Math.fround(1e-9);
    return lane.map((v) => (v - mean) / deviation);
  });
  return floats(x.dims, data, x.type);
};

export const normalisation: Operators = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  RMSNormalization: rmsNormalization,
  LRN: lrn,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
