import { elementCount } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import { floats, listOf, numbersOf } from './value.ts';
import { halved, outputSizes, reach, type Taps, tapsOf, type Windows, windowsOf } from './windows.ts';

const conv: Operator = (call) => {
  const [x, w] = [call.input(0), call.input(1)];
  const [batch, channels] = [x.dims[0]!, x.dims[1]!];
  const [filters, perGroup] = [w.dims[0]!, w.dims[1]!];
  const plane = x.dims.slice(2);
  const windows = windowsOf(call, plane, call.ints('kernel_shape') ?? w.dims.slice(2));
  const output = outputSizes(windows, plane);
  const taps = tapsOf(windows, plane, output);
  if (perGroup * call.int('group', 1) !== channels) throw new Error(`${channels} channels do not fit the weights`);
  const [from, weights, size] = [numbersOf(x), numbersOf(w), elementCount(plane)];
  const result = new Float64Array(batch * filters * taps.windows);
  const bias = call.optional(2);
  for (let i = 0; i < batch * filters; i++) {
    const [n, m] = [Math.floor(i / filters), i % filters];
    const first = n * channels + Math.floor(m / (filters / call.int('group', 1))) * perGroup;
    result.fill(bias ? numbersOf(bias)[m]! : 0, i * taps.windows, (i + 1) * taps.windows);
    for (let c = 0; c < perGroup; c++) {
      gather(taps, result, i * taps.windows, from, (first + c) * size, weights, (m * perGroup + c) * taps.perWindow);
    }
  }
  return floats([batch, filters, ...output], result, x.type);
};

/** Adds to each window the sum of its taps of one plane, weighted. */
function gather(
  { windows, perWindow, places }: Taps,
  result: Float64Array,
  at: number,
  from: Float64Array,
  plane: number,
  weights: Float64Array,
  kernel: number,
): void {
  for (let i = 0; i < windows * perWindow; i++) {
    const place = places[i]!;
    if (place >= 0)
      result[at + Math.floor(i / perWindow)]! += from[plane + place]! * weights[kernel + (i % perWindow)]!;
  }
}

/** The adjoint of Conv: each input element is added, weighted, to all taps of its window in the output. */
const convTranspose: Operator = (call) => {
  const [x, w] = [call.input(0), call.input(1)];
  const [batch, channels] = [x.dims[0]!, x.dims[1]!];
  const [perGroup, groups] = [w.dims[1]!, call.int('group', 1)];
  const filters = perGroup * groups;
  const { windows, output } = transposedWindows(call, x.dims.slice(2), w.dims.slice(2));
  const taps = tapsOf(windows, output, x.dims.slice(2));
  const [from, weights, size] = [numbersOf(x), numbersOf(w), elementCount(output)];
  const result = new Float64Array(batch * filters * size);
  const bias = call.optional(2);
  if (bias)
    for (let i = 0; i < batch * filters; i++) result.fill(numbersOf(bias)[i % filters]!, i * size, (i + 1) * size);
  for (let i = 0; i < batch * channels * perGroup; i++) {
    const [n, c, k] = [Math.floor(i / perGroup / channels), Math.floor(i / perGroup) % channels, i % perGroup];
    const m = Math.floor(c / (channels / groups)) * perGroup + k;
    const [into, kernel, plane] = [
      (n * filters + m) * size,
      (c * perGroup + k) * taps.perWindow,
      (n * channels + c) * taps.windows,
    ];
    for (const [t, place] of taps.places.entries()) {
      if (place >= 0)
        result[into + place]! +=
          from[plane + Math.floor(t / taps.perWindow)]! * weights[kernel + (t % taps.perWindow)]!;
    }
  }
  return floats([batch, filters, ...output], result, x.type);
};

function transposedWindows(
  call: Call,
  input: readonly number[],
  kernel: readonly number[],
): { windows: Windows; output: number[] } {
  const windows = windowsOf(call, input, kernel);
  const extra = call.ints('output_padding') ?? kernel.map(() => 0);
  const automatic = call.string('auto_pad', 'NOTSET');
  const full = input.map((size, axis) => windows.strides[axis]! * (size - 1) + extra[axis]! + reach(windows, axis));
  const wanted =
    call.ints('output_shape') ??
    (automatic.startsWith('SAME') ? input.map((size, axis) => size * windows.strides[axis]!) : undefined);
  if (!wanted) return { windows, output: full.map((size, axis) => size - windows.begins[axis]! - windows.ends[axis]!) };
  const totals = full.map((size, axis) => Math.max(size - wanted[axis]!, 0));
  return { windows: { ...windows, ...halved(totals, automatic === 'SAME_UPPER') }, output: wanted };
}

/** Columns of blocks added back to an image: the adjoint of taking every block out. */
const col2Im: Operator = (call) => {
  const [x, image, block] = [call.input(0), listOf(call.input(1)), listOf(call.input(2))];
  const windows = windowsOf(call, image, block);
  const taps = tapsOf(windows, image, outputSizes(windows, image));
  const planes = (x.dims[0]! * x.dims[1]!) / taps.perWindow;
  const [size, from] = [elementCount(image), numbersOf(x)];
  const result = new Float64Array(planes * size);
  for (let plane = 0; plane < planes; plane++) {
    for (const [i, place] of taps.places.entries()) {
      const row = plane * taps.perWindow + (i % taps.perWindow);
      if (place >= 0) result[plane * size + place]! += from[row * taps.windows + Math.floor(i / taps.perWindow)]!;
    }
  }
  return floats([x.dims[0]!, planes / x.dims[0]!, ...image], result, x.type);
};

export const convolution: Operators = { Conv: conv, ConvTranspose: convTranspose, Col2Im: col2Im };
