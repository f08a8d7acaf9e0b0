import { node, tensor } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { integersOf } from '../gradient-case.ts';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

const coordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
const scales = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
/** No place of the output lies halfway between elements or at one, where runtimes round this way or that. */
const untiedScales = [0.47, 1, 1.37, 1.71, 2.29];

/**
 * What keeps its size the runtime does not resize, whatever its scale, where nothing else changes or it looks at more than the
 * nearest: the oracle does. There the scale is 1.
 */
function factorsFor(sizes: readonly number[], factors: readonly number[], isWide: boolean): number[] {
  const isStill = factors.map((factor, axis) => Math.floor(factor * (sizes[axis] ?? 1)) === sizes[axis]);
  const skips = isWide || isStill.every(Boolean);
  return factors.map((factor, axis) => (skips && isStill[axis] === true ? 1 : factor));
}

/** Images [2, C, H, W], resized by scales or to sizes, on all axes or on the last two by name. */
const resize: Draw = (random) => {
  const mode = pick(random, ['nearest', 'linear', 'cubic']);
  const [height, width] = [from(random, 3, 5), from(random, 3, 5)];
  const isNamed = random.integer(2) === 0;
  const factors = mode === 'nearest' ? untiedScales : scales;
  const antialias = mode === 'nearest' ? 0 : random.integer(2);
  const by = factorsFor([height, width], [pick(random, factors), pick(random, factors)], antialias === 1);
  const scaled = by.map((scale, axis) => Math.floor(scale * ([height, width][axis] ?? 1)));
  const bySize = mode !== 'nearest' && random.integer(2) === 0;
  const place = pick(random, coordinates);
  const attributes = {
    ...{ mode, coordinate_transformation_mode: place },
    nearest_mode: pick(random, ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']),
    ...(isNamed ? { axes: [2n, 3n] } : {}),
    ...(mode === 'cubic'
      ? { cubic_coeff_a: pick(random, [-0.75, -0.5]), exclude_outside: BigInt(random.integer(2)) }
      : {}),
    ...(mode === 'nearest' ? {} : { antialias: BigInt(antialias) }),
  };
  const all = (rest: readonly number[], first: readonly number[]) => (isNamed ? rest : [...first, ...rest]);
  return {
    nodes: [node('Resize', ['x', '', bySize ? '' : 'scales', ...(bySize ? ['sizes'] : [])], ['y'], { attributes })],
    inputs: { x: some(random, [2, 2, height, width]) },
    constants: [
      bySize
        ? integersOf('sizes', all(scaled, [2, 2]))
        : tensor('scales', [isNamed ? 2 : 4], Float32Array.from(all(by, [1, 1]))),
    ],
    // Sizes say the batch, too.
    ...(bySize && !isNamed ? {} : { batched: ['x'] }),
  };
};

/** Sizes for which no place of the grid lies at an element, where the weights have their kinks. */
const gridSample: Draw = (random) => {
  const aligned = random.integer(2);
  const side = () => pick(random, aligned === 1 ? [3, 5] : [4, 5]);
  const volume = random.integer(4) === 0;
  const plane = volume
    ? [2, side(), side()].map((size, axis) => (axis === 0 && aligned === 0 ? 4 : size))
    : [side(), side()];
  const places = plane.map(() => from(random, 1, 2));
  const mode = volume ? pick(random, ['linear', 'nearest']) : pick(random, ['linear', 'linear', 'nearest', 'cubic']);
  const attributes = {
    mode,
    padding_mode: pick(random, ['zeros', 'border', 'reflection']),
    align_corners: BigInt(aligned),
  };
  return {
    nodes: [node('GridSample', ['x', 'grid'], ['y'], { attributes })],
    inputs: { x: some(random, [2, 2, ...plane]), grid: some(random, [2, ...places, plane.length], -1.375, 1.375) },
    batched: ['x', 'grid'],
    opset: 20,
  };
};

/** Regions that are known, of images that vary; samples of a bin are asked for, or as many as it is wide. */
const roiAlign: Draw = (random: Random) => {
  const corner = () => from(random, 0, 12) / 4 + 0.0625;
  const regions = Array.from({ length: 3 }, () => {
    const [left, top] = [corner(), corner()];
    return [left, top, left + from(random, 1, 20) / 4, top + from(random, 1, 20) / 4];
  });
  const attributes = {
    output_height: BigInt(from(random, 1, 3)),
    output_width: BigInt(from(random, 1, 3)),
    sampling_ratio: BigInt(random.integer(3)),
    spatial_scale: pick(random, [1, 0.5]),
    coordinate_transformation_mode: pick(random, ['half_pixel', 'output_half_pixel']),
  };
  return {
    nodes: [node('RoiAlign', ['x', 'rois', 'images'], ['y'], { attributes })],
    inputs: { x: some(random, [2, 2, 5, 4]) },
    constants: [tensor('rois', [3, 4], Float64Array.from(regions.flat())), integersOf('images', [1, 0, 1])],
    batched: ['x'],
  };
};

export const samplingCases: Draws = { Resize: resize, GridSample: gridSample, RoiAlign: roiAlign };
