import type { Operator, Operators } from './call.ts';
import { axisOf, counting, select } from './layout.ts';
import { listOf } from './value.ts';

/** Which element of an axis of this size an index outside it shows; −1: the constant. */
const outside: Readonly<Record<string, (at: number, size: number) => number>> = {
  constant: () => -1,
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  wrap: (at, size) => ((at % size) + size) % size,
  reflect: (at, size) => {
    if (size === 1) return 0;
    const period = 2 * (size - 1);
    const within = ((at % period) + period) % period;
    return within < size ? within : period - within;
  },
};

/** Negative pads cut. */
const pad: Operator = (call) => {
  const x = call.input(0);
  const [pads, constant] = [listOf(call.input(1)), call.optional(2)];
  const axes = (call.optional(3) ? listOf(call.input(3)) : [...x.dims.keys()]).map((axis) =>
    axisOf(axis, x.dims.length),
  );
  const show = outside[call.string('mode', 'constant')];
  if (!show) throw new Error(`the mode ${call.string('mode', '')}`);
  const indices = x.dims.map(counting);
  for (const [i, axis] of axes.entries()) {
    const [size, begin, end] = [x.dims[axis]!, pads[i]!, pads[i + axes.length]!];
    indices[axis] = counting(size + begin + end).map((at) =>
      at >= begin && at < begin + size ? at - begin : show(at - begin, size),
    );
  }
  return select(x, indices, constant?.data[0] ?? 0);
};

export const padding: Operators = { Pad: pad };
