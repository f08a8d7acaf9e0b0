import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';

/** How a kernel moves over the spatial axes of its input: sizes a spatial axis each. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** What is put before and behind each axis. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

/**
 * The window of a Conv or a pool, with `auto_pad` worked out (ONNX Conv: SAME_UPPER puts the odd one behind).
 * @param x the input; its spatial sizes have to be known where `auto_pad` is SAME
 */
export function windowOf(operation: Operation, writer: GraphWriter, x: string, kernel: readonly number[]): Window {
  const ones = kernel.map(() => 1);
  const strides = operation.ints('strides') ?? ones;
  const dilations = operation.ints('dilations') ?? ones;
  const mode = operation.text('auto_pad', 'NOTSET');
  if (mode === 'NOTSET' || mode === 'VALID') {
    const pads = mode === 'VALID' ? undefined : operation.ints('pads');
    const all = pads ?? [...kernel, ...kernel].map(() => 0);
    const before = all.slice(0, kernel.length);
    return { kernel, strides, dilations, before, behind: all.slice(kernel.length) };
  }
  const totals = kernel.map((size, axis) => {
    const length = spatial(operation, writer, x, axis);
    const stride = strides[axis] ?? 1;
    const reach = (size - 1) * (dilations[axis] ?? 1) + 1;
    return Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
  });
  const less = totals.map((total) => Math.floor(total / 2));
  const more = totals.map((total) => Math.ceil(total / 2));
  const upper = mode === 'SAME_UPPER';
  return { kernel, strides, dilations, before: upper ? less : more, behind: upper ? more : less };
}

/** The size of a spatial axis, which has to be known. */
export function spatial(operation: Operation, writer: GraphWriter, x: string, axis: number): number {
  const size = writer.dims(x)[axis + 2];
  return typeof size === 'number' ? size : operation.refuse('its image size varies');
}

/** Attributes of a Conv, ConvTranspose or pool with this window. */
export function attributesOf(window: Window): Record<'strides' | 'dilations' | 'pads', readonly bigint[]> {
  return {
    strides: window.strides.map(BigInt),
    dilations: window.dilations.map(BigInt),
    pads: [...window.before, ...window.behind].map(BigInt),
  };
}

/** What a kernel reaches over along each axis: dilation·(size − 1) + 1. */
export function reach(window: Window): number[] {
  return window.kernel.map((size, axis) => (window.dilations[axis] ?? 1) * (size - 1) + 1);
}
