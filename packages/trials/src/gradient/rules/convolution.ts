import { sumOver } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { attributesOf, reach, spatial, type Window, windowOf } from './window.ts';

/**
 * Y = X ⋆ W + B: dX = dY transposed-convolved with W, dW = X correlated with dY, strides and dilations swapped
 * (Dumoulin & Visin, arXiv:1603.07285), dB = Σ dY over batch and space.
 */
const conv = ofOutput((operation, dy, writer, wanted) => {
  const [x, w] = [operation.input(0), operation.input(1)];
  const window = windowOf(operation, writer, x, kernelOf(operation, writer, w));
  const groups = operation.int('group', 1);
  const dX = (): string =>
    turnedPads(window, groups) === undefined
      ? writer.emit('ConvTranspose', [dy, w], {
          ...attributesOf(window),
          group: BigInt(groups),
          output_padding: leftOver(operation, writer, x, window).map(BigInt),
        })
      : writer.emit(
          'Conv',
          [dy, turnedKernel(writer, w, window)],
          attributesOf({ ...window, ...turnedPads(window, groups) }),
        );
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? kernelGradient(operation, writer, { signal: x, kernel: dy, of: x, window }) : undefined,
    wanted(2) ? biasGradient(operation, writer, dy) : undefined,
  ];
});

/** Y = X transposed-convolved with W + B: dX = dY ⋆ W, dW = dY correlated with X. */
const convTranspose = ofOutput((operation, dy, writer, wanted) => {
  const [x, w] = [operation.input(0), operation.input(1)];
  const window = transposedWindow(operation, writer, kernelOf(operation, writer, w));
  const dX = (): string =>
    writer.emit('Conv', [dy, w], { ...attributesOf(window), group: BigInt(operation.int('group', 1)) });
  const y = operation.output();
  return [
    wanted(0) ? dX() : undefined,
    wanted(1) ? kernelGradient(operation, writer, { signal: dy, kernel: x, of: y, window }) : undefined,
    wanted(2) ? biasGradient(operation, writer, dy) : undefined,
  ];
});

/**
 * The pads with which a transposed convolution is a convolution with the kernel turned round: for strides of 1, where the
 * runtime has faster kernels for the one than for the other. Undefined where it is none.
 */
function turnedPads(window: Window, groups: number): Pick<Window, 'before' | 'behind'> | undefined {
  const reaches = reach(window);
  const [before, behind] = [window.before, window.behind].map((pads) =>
    pads.map((pad, axis) => (reaches[axis] ?? 1) - 1 - pad),
  ) as [number[], number[]];
  const isPlain = groups === 1 && window.strides.every((stride) => stride === 1);
  return isPlain && [...before, ...behind].every((pad) => pad >= 0) ? { before, behind } : undefined;
}

/** [M, C, …] → [C, M, …], every spatial axis backwards; of an initializer it is worked out once, by the runtime. */
function turnedKernel(writer: GraphWriter, w: string, { kernel }: Window): string {
  const axes = kernel.map((_, axis) => axis + 2);
  const backwards = writer.emit('Slice', [
    w,
    writer.int64(axes.map(() => -1)),
    writer.int64(kernel.map((size) => -size - 1)),
    writer.int64(axes),
    writer.int64(axes.map(() => -1)),
  ]);
  return writer.emit('Transpose', [backwards], { perm: [1n, 0n, ...axes.map(BigInt)] });
}

function kernelOf(operation: Operation, writer: GraphWriter, w: string): number[] {
  return writer
    .dims(w)
    .slice(2)
    .map((size) => size ?? operation.refuse('the size of its kernel varies'));
}

/** Rows behind the last place of the kernel: (H + pads − reach) mod stride. */
function leftOver(operation: Operation, writer: GraphWriter, x: string, window: Window): number[] {
  const reaches = reach(window);
  return window.strides.map((stride, axis) => {
    if (stride === 1) return 0;
    const padded = spatial(operation, writer, x, axis) + (window.before[axis] ?? 0) + (window.behind[axis] ?? 0);
    return (padded - (reaches[axis] ?? 1)) % stride;
  });
}

/** The pads of ConvTranspose, worked out from `output_shape` or `auto_pad` where these are given. */
function transposedWindow(operation: Operation, writer: GraphWriter, kernel: readonly number[]): Window {
  const mode = operation.text('auto_pad', 'NOTSET');
  const asked = operation.ints('output_shape') !== undefined || mode.startsWith('SAME');
  const plain = windowOf(withoutPads(operation, asked), writer, operation.input(0), kernel);
  if (!asked) return plain;
  const extra = operation.ints('output_padding') ?? kernel.map(() => 0);
  const reaches = reach(plain);
  const totals = kernel.map((_, axis) => {
    const full = (plain.strides[axis] ?? 1) * (spatial(operation, writer, operation.input(0), axis) - 1);
    const whole = full + (reaches[axis] ?? 1) + (extra[axis] ?? 0);
    return Math.max(0, whole - spatial(operation, writer, operation.output(), axis));
  });
  const less = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total, axis) => total - (less[axis] ?? 0));
  const upper = mode === 'SAME_UPPER';
  return { ...plain, before: upper ? less : more, behind: upper ? more : less };
}

function withoutPads(operation: Operation, asked: boolean): Operation {
  if (!asked) return operation;
  const attributes = new Map(operation.node.attributes);
  attributes.delete('pads');
  attributes.delete('auto_pad');
  return new Operation({ ...operation.node, attributes });
}

interface Correlation {
  /** What the kernel moved over: [N, C, …]. */
  readonly signal: string;
  /** What it gave, or took: [N, M, …]. */
  readonly kernel: string;
  /** The value of the model that has the shape of the signal. */
  readonly of: string;
  readonly window: Window;
}

/**
 * dW as a Conv in which the batch is the channel: signal [C/G, G·N, …] with kernel [M, N, …] gives [C/G, M, …], of which
 * the first rows and columns are the gradient; the rest belongs to places that the stride never reached.
 */
function kernelGradient(operation: Operation, writer: GraphWriter, correlation: Correlation): string {
  const { window } = correlation;
  const groups = operation.int('group', 1);
  const axes = window.kernel.map((_, axis) => axis + 2);
  const swapped = [1n, 0n, ...axes.map(BigInt)];
  const turned = writer.emit('Transpose', [correlation.kernel], { perm: swapped });
  const full = writer.emit('Conv', [byGroup(operation, writer, correlation, groups), turned], {
    ...attributesOf({ ...window, strides: window.dilations, dilations: window.strides }),
    group: BigInt(groups),
  });
  const cut = writer.emit('Slice', [
    full,
    writer.int64(axes.map(() => 0)),
    writer.int64(window.kernel),
    writer.int64(axes),
  ]);
  return writer.emit('Transpose', [cut], { perm: swapped });
}

/** [N, C, …] → [C/G, G·N, …]. */
function byGroup(operation: Operation, writer: GraphWriter, { signal, of }: Correlation, groups: number): string {
  const dims = writer.dims(of);
  const rank = dims.length;
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis);
  if (groups === 1)
    return writer.emit('Transpose', [signal], { perm: [1n, 0n, ...space.map((axis) => BigInt(axis + 2))] });
  const channels = (dims[1] ?? operation.refuse('its number of channels varies')) / groups;
  const sizes = space.map((axis) => spatial(operation, writer, of, axis));
  const opened = writer.emit('Reshape', [signal, writer.int64([-1, groups, channels, ...sizes])]);
  const turned = writer.emit('Transpose', [opened], { perm: [2n, 1n, 0n, ...space.map((axis) => BigInt(axis + 3))] });
  return writer.emit('Reshape', [turned, writer.int64([channels, -1, ...sizes])]);
}

function biasGradient(operation: Operation, writer: GraphWriter, dy: string): string {
  const space = writer.dims(operation.output()).slice(2);
  return sumOver(writer, dy, [0, ...space.map((_, axis) => axis + 2)], false);
}

export const convolutionRules: GradientRules = { Conv: conv, ConvTranspose: convTranspose };
