import { elementCount } from '@holdfast/onnx';
import type { Call } from './call.ts';
import { placesOf } from './layout.ts';

/** How a window slides over the spatial axes of a tensor [N, C, …]. */
export interface Windows {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly begins: readonly number[];
  readonly ends: readonly number[];
}

/** What the attributes of a convolution or a pool say for an input of these spatial sizes. */
export function windowsOf(call: Call, input: readonly number[], kernel: readonly number[]): Windows {
  const ones = kernel.map(() => 1);
  const [strides, dilations] = [call.ints('strides') ?? ones, call.ints('dilations') ?? ones];
  const pads = call.ints('pads') ?? [...ones, ...ones].fill(0);
  const automatic = call.string('auto_pad', 'NOTSET');
  const windows = { kernel, strides, dilations };
  if (!automatic.startsWith('SAME')) {
    const used = automatic === 'VALID' ? pads.map(() => 0) : pads;
    return { ...windows, begins: used.slice(0, kernel.length), ends: used.slice(kernel.length) };
  }
  const totals = input.map((size, axis) => {
    const outputs = Math.ceil(size / strides[axis]!);
    return Math.max((outputs - 1) * strides[axis]! + reach(windows, axis) - size, 0);
  });
  return { ...windows, ...halved(totals, automatic === 'SAME_UPPER') };
}

/** Total pads shared out to both ends; an odd one goes to the end if `isUpper`. */
export function halved(totals: readonly number[], isUpper: boolean): Pick<Windows, 'begins' | 'ends'> {
  const begins = totals.map((total) => (isUpper ? Math.floor(total / 2) : Math.ceil(total / 2)));
  return { begins, ends: totals.map((total, axis) => total - begins[axis]!) };
}

/** Elements from the first to the last tap. */
export function reach({ kernel, dilations }: Pick<Windows, 'kernel' | 'dilations'>, axis: number): number {
  return (kernel[axis]! - 1) * dilations[axis]! + 1;
}

/** How many windows there are along each axis; rounded up, none starts in the pads at the end. */
export function outputSizes(windows: Windows, input: readonly number[], isCeiling = false): number[] {
  return input.map((size, axis) => {
    const [stride, begin] = [windows.strides[axis]!, windows.begins[axis]!];
    const steps = (size + begin + windows.ends[axis]! - reach(windows, axis)) / stride;
    if (!isCeiling) return Math.floor(steps) + 1;
    const count = Math.ceil(steps) + 1;
    return (count - 1) * stride >= size + begin ? count - 1 : count;
  });
}

/** Where the taps of the windows lie. */
export interface Taps {
  readonly windows: number;
  readonly perWindow: number;
  /** Of tap `t` of window `w`, at `w × perWindow + t`: its place in the plane, or −1 in the pads, or −2 beyond them. */
  readonly places: Int32Array;
}

export function tapsOf(windows: Windows, plane: readonly number[], output: readonly number[]): Taps {
  const [count, perWindow] = [elementCount(output), elementCount(windows.kernel)];
  const places = new Int32Array(count * perWindow);
  const unravel = (dims: readonly number[]): Int32Array[] =>
    dims.map((_, axis) =>
      placesOf(
        dims,
        dims.map((__, other) => (other === axis ? 1 : 0)),
      ),
    );
  const [atWindow, atTap] = [unravel(output), unravel(windows.kernel)];
  for (let i = 0; i < places.length; i++) {
    const [window, tap] = [Math.floor(i / perWindow), i % perWindow];
    let place = 0;
    for (const [axis, size] of plane.entries()) {
      const at =
        atWindow[axis]![window]! * windows.strides[axis]! +
        atTap[axis]![tap]! * windows.dilations[axis]! -
        windows.begins[axis]!;
      if (at >= size + windows.ends[axis]!) place = -2;
      else if (at < 0 || at >= size) place = Math.min(place, -1);
      if (place >= 0) place = place * size + at;
    }
    places[i] = place;
  }
  return { windows: count, perWindow, places };
}
