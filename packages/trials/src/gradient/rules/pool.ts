import { number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';
import { scattered } from './shape.ts';
import { attributesOf, reach, spatial, type Window, windowOf } from './window.ts';

/** The largest of each window gets its gradient, the first of equals (as PyTorch): scatter-add at the runtime's own Indices. */
const maxPool: GradientRule = (operation, [dy], writer) => {
  if (dy === undefined) return [];
  const x = operation.input(0);
  if (operation.int('storage_order', 0) !== 0) return operation.refuse('its indices are column-major');
  const flat = writer.int64([-1]);
  const indices = operation.output(1) || indicesOf(operation, writer);
  return [scattered(writer, x, writer.emit('Reshape', [indices, flat]), writer.emit('Reshape', [dy, flat]))];
};

function indicesOf(operation: Operation, writer: GraphWriter): string {
  const [, indices = ''] = writer.copy(operation.node, 2);
  return indices;
}

/** The window of an AveragePool with what `ceil_mode` lets it reach behind the image. */
interface Averaging {
  readonly window: Window;
  /** Sizes of X and of Y. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function averagingOf(operation: Operation, writer: GraphWriter): Averaging {
  const x = operation.input(0);
  const kernel = operation.ints('kernel_shape') ?? operation.refuse('it has no kernel_shape');
  const window = windowOf(operation, writer, x, kernel);
  const from = kernel.map((_, axis) => spatial(operation, writer, x, axis));
  const to = kernel.map((_, axis) => spatial(operation, writer, operation.output(), axis));
  return { window, from, to };
}

/** How many elements each place of Y was the mean of, along one axis. */
function counts({ window, from, to }: Averaging, axis: number, includePad: boolean): number[] {
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
  const averaging = averagingOf(operation, writer);
  const includePad = operation.int('count_include_pad', 0) !== 0;
  const perAxis = averaging.to.map((_, axis) => counts(averaging, axis, includePad));
  const all = perAxis.reduce<number[]>((product, list) => product.flatMap((n) => list.map((m) => n * m)), [1]);
  const shares = writer.reals(
    all.map((count) => 1 / count),
    [1, 1, ...averaging.to],
    writer.facts(x).type,
  );
  const scaled = writer.emit('Mul', [dy, shares]);
  const planes = writer.emit('Reshape', [scaled, writer.int64([-1, 1, ...averaging.to])]);
  const spread = writer.emit('Reshape', [spreadOver(writer, planes, x, averaging), writer.shape(x)], { allowzero: 1n });
  return [spread];
});

/** Places behind the image that the last windows reach are cut off, those that none reaches are added. */
function spreadOver(writer: GraphWriter, planes: string, x: string, { window, from, to }: Averaging): string {
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
  if (ends.every((end) => end >= 0)) return summed;
  const none = ends.map(() => 0);
  const pads = writer.int64([0, 0, ...none, 0, 0, ...ends.map((end) => Math.max(0, -end))]);
  return writer.emit('Pad', [summed, pads, number(writer, 0, x)]);
}

/** Y = the mean of everything in space: dY / places, everywhere. */
const globalAveragePool = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const places = writer.emit('Div', [writer.emit('Size', [x]), writer.emit('Size', [operation.output()])]);
  const share = writer.emit('Div', [dy, writer.emit('CastLike', [places, x])]);
  return [writer.emit('Expand', [share, writer.shape(x)])];
});

/** The first of the largest in space gets the gradient, as torch.nn.functional.adaptive_max_pool. */
const globalMaxPool = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const planes = writer.int64([0, 0, -1]);
  const flat = writer.emit('Reshape', [x, planes]);
  const first = writer.emit('ArgMax', [flat], { axis: 2n, keepdims: 1n });
  const zeros = writer.emit('Expand', [number(writer, 0, x), writer.emit('Shape', [flat])]);
  const found = writer.emit('ScatterElements', [zeros, first, writer.emit('Reshape', [dy, planes])], { axis: 2n });
  return [writer.emit('Reshape', [found, writer.shape(x)], { allowzero: 1n })];
});

export const poolRules: GradientRules = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
};
