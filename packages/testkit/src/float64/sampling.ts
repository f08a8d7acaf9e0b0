import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { roundHalfEven } from './elementwise.ts';
import { placesOf, stridesOf } from './layout.ts';
import { cubic } from './resize.ts';
import { floats, listOf, numbersOf } from './value.ts';

interface Border {
  readonly size: number;
  readonly low: number;
  readonly high: number;
  readonly padding: string;
}

function reflected(at: number, low: number, high: number): number {
  const span = high - low;
  if (span === 0) return low;
  const within = (((at - low) % (2 * span)) + 2 * span) % (2 * span);
  return low + (within <= span ? within : 2 * span - within);
}

/** A coordinate moved inside as the padding says. */
function moved(at: number, { size, low, high, padding }: Border): number {
  if (padding === 'zeros' || (at >= low && at <= high)) return at;
  return padding === 'border' ? Math.min(Math.max(at, 0), size - 1) : reflected(at, low, high);
}

/** The elements around a coordinate and their weights; −1 is a zero outside. */
function tapsAt(coordinate: number, border: Border, mode: string): [index: number, weight: number][] {
  const rounded = mode === 'nearest' ? roundHalfEven(coordinate) : coordinate;
  const at = moved(rounded, border);
  const base = Math.floor(at);
  const { weight } = cubic(-0.75);
  const around: [number, number][] =
    mode === 'nearest'
      ? [[at, 1]]
      : mode === 'cubic'
        ? [-1, 0, 1, 2].map((step) => [base + step, weight(base + step - at)])
        : [
            [base, 1 - (at - base)],
            [base + 1, at - base],
          ];
  return around.map(([index, share]) => {
    if (border.padding === 'zeros') return [index >= 0 && index < border.size ? index : -1, share];
    const inside = border.padding === 'border' ? index : reflected(index, border.low, border.high);
    return [Math.min(Math.max(Math.trunc(inside), 0), border.size - 1), share];
  });
}

const modes: Readonly<Record<string, string>> = { bilinear: 'linear', bicubic: 'cubic' };

/** The grid gives for every output place the normalised coordinates of the input, last axis first. */
const gridSample: Operator = (call) => {
  const [x, grid] = [call.input(0), call.input(1)];
  const plane = x.dims.slice(2);
  const named = call.string('mode', 'linear');
  const [mode, padding, isAligned] = [
    modes[named] ?? named,
    call.string('padding_mode', 'zeros'),
    call.isSet('align_corners'),
  ];
  const borders = plane.map(
    (size): Border => ({ size, padding, low: isAligned ? 0 : -0.5, high: isAligned ? size - 1 : size - 0.5 }),
  );
  const [strides, at, from] = [stridesOf(plane), numbersOf(grid), numbersOf(x)];
  const [count, size, channels] = [elementCount(grid.dims.slice(1, -1)), elementCount(plane), x.dims[1]!];
  const result = new Float64Array(x.dims[0]! * channels * count);
  for (let i = 0; i < x.dims[0]! * count; i++) {
    let taps: [number, number][] = [[0, 1]];
    for (const [axis, border] of borders.entries()) {
      const normal = at[(i + 1) * plane.length - 1 - axis]!;
      const coordinate = isAligned ? ((normal + 1) / 2) * (border.size - 1) : ((normal + 1) * border.size - 1) / 2;
      const along = tapsAt(coordinate, border, mode);
      taps = taps.flatMap(([place, weight]) =>
        along.map(([index, share]): [number, number] => [
          place < 0 || index < 0 ? -1 : place + index * strides[axis]!,
          weight * share,
        ]),
      );
    }
    for (let c = 0; c < channels; c++) {
      const offset = (Math.floor(i / count) * channels + c) * size;
      result[(Math.floor(i / count) * channels + c) * count + (i % count)] = taps.reduce(
        (sum, [place, weight]) => (place < 0 ? sum : sum + weight * from[offset + place]!),
        0,
      );
    }
  }
  return floats([x.dims[0]!, channels, ...grid.dims.slice(1, -1)], result, x.type);
};

/** theta · (x, y, …, 1) for the normalised coordinates of every place. */
const affineGrid: Operator = (call) => {
  const [theta, [batch, , ...plane]] = [call.input(0), listOf(call.input(1)) as [number, number, ...number[]]];
  const [count, rank, isAligned] = [elementCount(plane), plane.length, call.isSet('align_corners')];
  const normal = plane.map((size, axis) => {
    const along = placesOf(
      plane,
      plane.map((_, other) => (other === axis ? 1 : 0)),
    );
    return Float64Array.from(along, (at) => (isAligned ? (2 * at) / (size - 1) - 1 : (2 * at + 1) / size - 1));
  });
  const matrix = numbersOf(theta);
  const result = Float64Array.from({ length: batch * count * rank }, (_, i) => {
    const [n, place, row] = [Math.floor(i / rank / count), Math.floor(i / rank) % count, i % rank];
    const first = (n * rank + row) * (rank + 1);
    return normal.reduce(
      (sum, along, axis) => sum + matrix[first + rank - 1 - axis]! * along[place]!,
      matrix[first + rank]!,
    );
  });
  return floats([batch, ...plane, rank], result, theta.type);
};

/** One axis of a region of interest: for every bin, the sampled coordinates. */
function samples(start: number, end: number, bins: number, ratio: number): number[][] {
  const width = (end - start) / bins;
  const count = ratio > 0 ? ratio : Math.ceil(width);
  return Array.from({ length: bins }, (_, bin) =>
    Array.from({ length: count }, (__, i) => start + bin * width + ((i + 0.5) * width) / count),
  );
}

/** Bilinear shares of a coordinate; more than one element outside gives nothing. */
function shares(at: number, size: number): [index: number, weight: number][] {
  if (at < -1 || at > size) return [];
  const inside = Math.min(Math.max(at, 0), size - 1);
  const base = Math.min(Math.floor(inside), size - 1);
  return [
    [base, 1 - (inside - base)],
    [Math.min(base + 1, size - 1), inside - base],
  ];
}

const roiAlign: Operator = (call) => {
  const [x, rois, batches] = [call.input(0), numbersOf(call.input(1)), listOf(call.input(2))];
  const [, channels, height, width] = x.dims as [number, number, number, number];
  const [rows, columns] = [call.int('output_height', 1), call.int('output_width', 1)];
  const [scale, ratio, from] = [call.float('spatial_scale', 1), call.int('sampling_ratio', 0), numbersOf(x)];
  const mode = call.string('coordinate_transformation_mode', call.opset < 16 ? 'output_half_pixel' : 'half_pixel');
  const [shift, least] = mode === 'half_pixel' ? [0.5, Number.NEGATIVE_INFINITY] : [0, 1];
  const isMaximum = call.string('mode', 'avg') === 'max';
  const result: number[] = [];
  for (const [r, image] of batches.entries()) {
    const [x1, y1, x2, y2] = [...rois.subarray(4 * r, 4 * r + 4)].map((at) => at * scale - shift) as [
      number,
      number,
      number,
      number,
    ];
    const [ys, xs] = [
      samples(y1, y1 + Math.max(y2 - y1, least), rows, ratio),
      samples(x1, x1 + Math.max(x2 - x1, least), columns, ratio),
    ];
    for (let i = 0; i < channels * rows * columns; i++) {
      const plane = (image * channels + Math.floor(i / columns / rows)) * height * width;
      const terms = ys[Math.floor(i / columns) % rows]!.flatMap((y) =>
        xs[i % columns]!.map((at) =>
          shares(y, height).flatMap(([row, a]) =>
            shares(at, width).map(([column, b]) => a * b * from[plane + row * width + column]!),
          ),
        ),
      );
      const sum = terms.flat().reduce((total, term) => total + term, 0);
      result.push(
        isMaximum
          ? Math.max(...terms.map((four) => (four.length > 0 ? Math.max(...four) : 0)))
          : terms.length > 0
            ? sum / terms.length
            : 0,
      );
    }
  }
  return floats([batches.length, channels, rows, columns], Float64Array.from(result), x.type);
};

/** Operators that read an image at places that are computed. */
export const sampling: Operators = { GridSample: gridSample, AffineGrid: affineGrid, RoiAlign: roiAlign };
