import { number, reshapedLike } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { attributesOf, reach, spatial, type Window, windowOf } from './window.ts';

/*
 * Pools in which every element of a window has a part: means and norms.
 */

/** The window of a pool with what `ceil_mode` lets it reach behind the image. */
interface Pooling {
  readonly window: Window;
  /** Sizes of X and of Y. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function poolingOf(operation: Operation, writer: GraphWriter): Pooling {
  const x = operation.input(0);
  const kernel = operation.ints('kernel_shape') ?? operation.refuse('it has no kernel_shape');
  const window = windowOf(operation, writer, x, kernel);
  const from = kernel.map((_, axis) => spatial(operation, writer, x, axis));
  const to = kernel.map((_, axis) => spatial(operation, writer, operation.output(), axis));
  return { window, from, to };
}

/** How many elements each place of Y was the mean of, along one axis. */
function counts({ window, from, to }: Pooling, axis: number, includePad: boolean): number[] {
  const [kernel = 1, stride = 1, dilation = 1] = [window.kernel[axis], window.strides[axis], window.dilations[axis]];
  const [before = 0, behind = 0, length = 1] = [window.before[axis], window.behind[axis], from[axis]];
  const [low, high] = includePad ? [-before, length + behind] : [0, length];
  return Array.from({ length: to[axis] ?? 0 }, (_, place) => {
    const start = place * stride - before;
    return Array.from({ length: kernel }, (__, step) => start + step * dilation).filter(
      (position) => position >= low && position < high,
    ).length;
  });
}

/** Y = the mean of each window: dY / count, spread over the window by a transposed convolution with ones. */
const averagePool = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const pooling = poolingOf(operation, writer);
  const includePad = operation.int('count_include_pad', 0) !== 0;
  const perAxis = pooling.to.map((_, axis) => counts(pooling, axis, includePad));
  const all = perAxis.reduce<number[]>((product, list) => product.flatMap((n) => list.map((m) => n * m)), [1]);
  const shares = writer.reals(
    all.map((count) => 1 / count),
    [1, 1, ...pooling.to],
    writer.facts(x).type,
  );
  const scaled = writer.emit('Mul', [dy, shares]);
  return [spreadOver(writer, scaled, x, pooling)];
});

/**
 * Every number of a gradient in the shape of Y, added to each place of its window. Places behind the image that the last
 * windows reach are cut off, those that none reaches are added.
 */
function spreadOver(writer: GraphWriter, gradient: string, x: string, { window, from, to }: Pooling): string {
  const planes = writer.emit('Reshape', [gradient, writer.int64([-1, 1, ...to])]);
  const reaches = reach(window);
  const ends = from.map((length, axis) => {
    const full = ((to[axis] ?? 1) - 1) * (window.strides[axis] ?? 1) + (reaches[axis] ?? 1);
    return full - (window.before[axis] ?? 0) - length;
  });
  const ones = writer.reals(
    new Array<number>(window.kernel.reduce((a, b) => a * b, 1)).fill(1),
    [1, 1, ...window.kernel],
    writer.facts(x).type,
  );
  const cut = ends.map((end) => Math.max(0, end));
  const summed = writer.emit('ConvTranspose', [planes, ones], attributesOf({ ...window, behind: cut }));
  if (ends.every((end) => end >= 0)) return reshapedLike(writer, summed, x);
  const none = ends.map(() => 0);
  const pads = writer.int64([0, 0, ...none, 0, 0, ...ends.map((end) => Math.max(0, -end))]);
  return reshapedLike(writer, writer.emit('Pad', [summed, pads, number(writer, 0, x)]), x);
}

/** Y = the mean of everything in space: dY / places, everywhere. */
const globalAveragePool = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const places = writer.emit('Div', [writer.emit('Size', [x]), writer.emit('Size', [operation.output()])]);
  const share = writer.emit('Div', [dy, writer.emit('CastLike', [places, x])]);
  return [writer.emit('Expand', [share, writer.shape(x)])];
});

/** y = (Σ|x|ᵖ)^(1/p): ∂y/∂x = sign(x)·|x|ᵖ⁻¹ · y¹⁻ᵖ, and 0 where y = 0. */
function powerSlope(operation: Operation, writer: GraphWriter): { ofX: string; ofY: (dy: string) => string } {
  const [x, y] = [operation.input(0), operation.output()];
  const p = operation.int('p', 2);
  const n = (value: number): string => number(writer, value, x);
  const sign = writer.emit('Sign', [x]);
  const grown = (): string => writer.emit('Mul', [sign, writer.emit('Pow', [writer.emit('Abs', [x]), n(p - 1)])]);
  const ofX = p === 1 ? sign : p === 2 ? x : grown();
  const ofY = (dy: string): string => {
    if (p === 1) return dy;
    const isZero = writer.emit('Equal', [y, n(0)]);
    return writer.emit('Where', [
      isZero,
      n(0),
      writer.emit('Div', [dy, p === 2 ? y : writer.emit('Pow', [y, n(p - 1)])]),
    ]);
  };
  return { ofX, ofY };
}

/** Y = the p-norm of each window: dX = sign(X)·|X|ᵖ⁻¹ · Σ dY·Y¹⁻ᵖ over the windows that X is in. */
const lpPool = ofOutput((operation, dy, writer) => {
  const { ofX, ofY } = powerSlope(operation, writer);
  return [writer.emit('Mul', [ofX, spreadOver(writer, ofY(dy), operation.input(0), poolingOf(operation, writer))])];
});

/** Y = the p-norm of everything in space: dX = dY·sign(X)·|X|ᵖ⁻¹·Y¹⁻ᵖ. */
const globalLpPool = ofOutput((operation, dy, writer) => {
  const { ofX, ofY } = powerSlope(operation, writer);
  return [writer.emit('Mul', [ofX, ofY(dy)])];
});

export const averagePoolRules: GradientRules = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  LpPool: lpPool,
  GlobalLpPool: globalLpPool,
};
