import { gated, number, reshapedLike, sumOver } from '../arithmetic.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';
import {
  allButChannels,
  averageOver,
  inverseDeviation,
  normalised,
  perChannel,
  throughNormalised,
} from './standardised.ts';

/** Y = s·(X − μ)/√(σ² + ε) + b with running statistics: dX = dY·s/√(σ² + ε), ds = Σ dY·X̂, db = Σ dY. */
const withRunningStatistics = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale, , mean, variance] = operation.node.inputs as [string, string, string, string, string];
  const rank = writer.rank(x);
  const inverse = inverseDeviation(writer, variance, operation.float('epsilon', 1e-5), scale);
  const axes = allButChannels(rank);
  const dX = (): string => writer.emit('Mul', [dy, perChannel(writer, writer.emit('Mul', [scale, inverse]), rank)]);
  const dScale = (): string => {
    const centred = writer.emit('Sub', [x, perChannel(writer, mean, rank)]);
    return writer.emit('Mul', [sumOver(writer, writer.emit('Mul', [dy, centred]), axes, false), inverse]);
  };
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? dScale() : undefined,
    wanted(2) ? sumOver(writer, dy, axes, false) : undefined,
  ];
});

/**
 * Y = s·X̂ + b with the statistics of the batch; running statistics r' = m·r + (1 − m)·statistic. Through Y as any
 * standardisation; through μ: dX = (1 − m)·dμ/n; through σ²: dX = (1 − m)·dσ²·2(X − μ)/n.
 */
const withStatisticsOfBatch: GradientRule = (operation, [dy, dMean, dVariance], writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const rank = writer.rank(x);
  const axes = allButChannels(rank);
  const hat = normalised(operation, writer, x, axes);
  const momentum = operation.float('momentum', 0.9);
  const kept = (gradient: string | undefined): string | undefined =>
    gradient && writer.emit('Mul', [gradient, number(writer, momentum, operation.input(3))]);
  const moved = (gradient: string, twice: number): string => {
    const count = writer.emit('Div', [writer.emit('Size', [x]), writer.emit('Size', [scale])]);
    const share = writer.emit('Div', [number(writer, twice * (1 - momentum), x), writer.emit('CastLike', [count, x])]);
    return perChannel(writer, writer.emit('Mul', [writer.emit('CastLike', [gradient, x]), share]), rank);
  };
  const dX = (): string => {
    const scaled = dy && writer.emit('Mul', [dy, perChannel(writer, scale, rank)]);
    const parts = [
      scaled && throughNormalised(writer, scaled, hat, axes),
      dVariance && writer.emit('Mul', [hat.centred, moved(dVariance, 2)]),
      dMean && writer.emit('Expand', [moved(dMean, 1), writer.shape(x)]),
    ].filter((part) => part !== undefined);
    return parts.length === 1 ? (parts[0] ?? '') : writer.emit('Sum', parts);
  };
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) && dy ? sumOver(writer, writer.emit('Mul', [dy, hat.value]), axes, false) : undefined,
    wanted(2) && dy ? sumOver(writer, dy, axes, false) : undefined,
    wanted(3) ? kept(dMean) : undefined,
    wanted(4) ? kept(dVariance) : undefined,
  ];
};

const batchNormalization: GradientRule = (operation, ...rest) =>
  (operation.int('training_mode', 0) === 0 ? withRunningStatistics : withStatisticsOfBatch)(operation, ...rest);

/** Normalised over the axes from `axis` on, scaled by S and shifted by B of the same shape. */
const layerNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const rank = writer.rank(x);
  const first = writer.axis(x, operation.int('axis', -1));
  const axes = Array.from({ length: rank - first }, (_, index) => index + first);
  const leading = Array.from({ length: first }, (_, axis) => axis);
  const hat = normalised(operation, writer, x, axes);
  const dX = (): string => throughNormalised(writer, writer.emit('Mul', [dy, scale]), hat, axes);
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? sumOver(writer, writer.emit('Mul', [dy, hat.value]), leading, false) : undefined,
    wanted(2) ? sumOver(writer, dy, leading, false) : undefined,
  ];
});

/** Normalised over space, each channel of each row by itself. */
const instanceNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const rank = writer.rank(x);
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  const hat = normalised(operation, writer, x, space);
  const dX = (): string =>
    throughNormalised(writer, writer.emit('Mul', [dy, perChannel(writer, scale, rank)]), hat, space);
  const axes = allButChannels(rank);
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? sumOver(writer, writer.emit('Mul', [dy, hat.value]), axes, false) : undefined,
    wanted(2) ? sumOver(writer, dy, axes, false) : undefined,
  ];
});

/**
 * X in G groups of channels [N, G, …], each normalised by itself. S and B are one for each channel since operator set 21,
 * one for each group in 18.
 */
const groupNormalization = ofOutput((operation, dy, writer, wanted) => {
  const [x, scale] = [operation.input(0), operation.input(1)];
  const groups = operation.int('num_groups', 1);
  const inGroups = (value: string): string => writer.emit('Reshape', [value, writer.int64([0, groups, -1])]);
  const perGroup = writer.dims(scale)[0] === groups && writer.dims(x)[1] !== groups;
  const axes = allButChannels(perGroup ? 3 : writer.rank(x));
  const hat = normalised(operation, writer, inGroups(x), [2]);
  const dX = (): string => {
    const g = perGroup
      ? writer.emit('Mul', [inGroups(dy), perChannel(writer, scale, 3)])
      : inGroups(writer.emit('Mul', [dy, perChannel(writer, scale, writer.rank(x))]));
    return reshapedLike(writer, throughNormalised(writer, g, hat, [2]), x);
  };
  const shown = (value: string): string => (perGroup ? value : reshapedLike(writer, value, x));
  const given = perGroup ? inGroups(dy) : dy;
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? sumOver(writer, writer.emit('Mul', [given, shown(hat.value)]), axes, false) : undefined,
    wanted(2) ? sumOver(writer, given, axes, false) : undefined,
  ];
});

/** What the function of the operator adds to the deviation. */
const leastDeviation = 1e-9;

/** Y = (X − μ)/d, d = σ + 1e-9: dX = (g − mean(g) − Y·mean(g·Y)·d/σ)/d, the last term 0 where σ = 0. */
const meanVarianceNormalization = ofOutput((operation, dy, writer) => {
  const [x, y] = [operation.input(0), operation.output()];
  const axes = (operation.ints('axes') ?? [0, 2, 3]).map((axis) => writer.axis(x, axis));
  const centred = writer.emit('Sub', [x, averageOver(writer, x, axes)]);
  const deviation = writer.emit('Sqrt', [averageOver(writer, writer.emit('Mul', [centred, centred]), axes)]);
  const divisor = writer.emit('Add', [deviation, number(writer, leastDeviation, x)]);
  const along = writer.emit('Mul', [averageOver(writer, writer.emit('Mul', [dy, y]), axes), divisor]);
  const varies = writer.emit('Greater', [deviation, number(writer, 0, x)]);
  const slope = gated(writer, varies, writer.emit('Div', [along, deviation]), x);
  const flat = writer.emit('Sub', [dy, averageOver(writer, dy, axes)]);
  return [writer.emit('Div', [writer.emit('Sub', [flat, writer.emit('Mul', [y, slope])]), divisor])];
});

export const normalisationRules: GradientRules = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  GroupNormalization: groupNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
};
