import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import type { Lowering, Lowerings } from './lowering.ts';

/** One spatial axis of the image that is sampled. */
interface Axis {
  readonly size: number;
  /** Where reflection turns back. */
  readonly low: number;
  readonly high: number;
  readonly padding: string;
}

/** An element next to a place, along one axis: its index (INT64) and its weight, [N, P] each. */
interface Tap {
  readonly index: string;
  readonly weight: string;
}

/**
 * Y[n, c, p] = Σ over the elements around place p of weight·X[n, c, element] (ONNX GridSample): what is gathered has a gradient
 * for X, and the weights, which are polynomials of the place, one for the grid. Along the last axis of the grid the last axis
 * of the image comes first.
 */
const gridSample: Lowering = (operation, writer) => {
  const [x, grid] = [operation.input(0), operation.input(1)];
  const [plane, places] = [
    sizesOf(operation, writer.dims(x).slice(2)),
    sizesOf(operation, writer.dims(grid).slice(1, -1)),
  ];
  const [channels = 1] = sizesOf(operation, writer.dims(x).slice(1, 2));
  const sampler = new Sampler(operation, writer);
  const along = plane.map((size, axis) => sampler.taps(sampler.axis(size), plane.length - 1 - axis));
  const strides = plane.map((_, axis) => plane.slice(axis + 1).reduce((product, size) => product * size, 1));
  const flat = writer.emit('Reshape', [x, writer.int64([0, channels, -1])]);
  const terms = corners(along).map((corner) => {
    const place = corner
      .map(({ index }, axis) => writer.emit('Mul', [index, writer.int64Scalar(strides[axis] ?? 1)]))
      .reduce((left, right) => writer.emit('Add', [left, right]));
    const weight = corner.map((tap) => tap.weight).reduce((left, right) => writer.emit('Mul', [left, right]));
    const everywhere = writer.emit('Expand', [row(writer, place), writer.int64([1, channels, 1])]);
    const taken = writer.emit('GatherElements', [flat, everywhere], { axis: 2n });
    return writer.emit('Mul', [taken, row(writer, weight)]);
  });
  const sum = terms.length === 1 ? (terms[0] ?? '') : writer.emit('Sum', terms);
  return [writer.emit('Reshape', [sum, writer.int64([0, channels, ...places])])];
};

const row = (writer: GraphWriter, value: string): string => writer.emit('Unsqueeze', [value, writer.int64([1])]);

function sizesOf(operation: Operation, dims: readonly (number | null)[]): number[] {
  return dims.map((size) => size ?? operation.refuse('its image size varies'));
}

/** Every choice of one tap an axis. */
function corners(along: readonly (readonly Tap[])[]): Tap[][] {
  return along.reduce<Tap[][]>((all, taps) => all.flatMap((corner) => taps.map((tap) => [...corner, tap])), [[]]);
}

const modes: Readonly<Record<string, string>> = { bilinear: 'linear', bicubic: 'cubic' };

class Sampler {
  readonly #operation: Operation;
  readonly #writer: GraphWriter;
  readonly #isAligned: boolean;
  readonly #mode: string;

  constructor(operation: Operation, writer: GraphWriter) {
    this.#operation = operation;
    this.#writer = writer;
    this.#isAligned = operation.int('align_corners', 0) !== 0;
    const mode = operation.text('mode', 'linear');
    this.#mode = modes[mode] ?? mode;
  }

  axis(size: number): Axis {
    const [low, high] = this.#isAligned ? [0, size - 1] : [-0.5, size - 0.5];
    return { size, low, high, padding: this.#operation.text('padding_mode', 'zeros') };
  }

  /** Elements around every place along an axis. @param component of the last axis of the grid */
  taps(axis: Axis, component: number): Tap[] {
    const writer = this.#writer;
    const part = writer.emit('Gather', [this.#operation.input(1), writer.int64Scalar(component)], { axis: -1n });
    const normal = writer.emit('Reshape', [part, writer.int64([0, -1])]);
    const scale = this.#isAligned ? (axis.size - 1) / 2 : axis.size / 2;
    const exact = this.#plus(this.#times(normal, scale), (axis.size - 1) / 2);
    if (this.#mode === 'nearest') {
      const index = this.#moved(writer.emit('Round', [exact]), axis);
      return [this.#tap(index, this.#like(index, 1), axis)];
    }
    const at = this.#moved(exact, axis);
    const base = writer.emit('Floor', [at]);
    const t = writer.emit('Sub', [at, base]);
    const weights = this.#mode === 'cubic' ? this.#cubic(t) : [this.#minus(1, t), t];
    const first = this.#mode === 'cubic' ? -1 : 0;
    return weights.map((weight, step) => this.#tap(this.#plus(base, first + step), weight, axis));
  }

  /** Keys' cubic convolution with a = −0.75: at distances 1 + t, t, 1 − t, 2 − t. */
  #cubic(t: string): string[] {
    const a = -0.75;
    const near = (d: string): string => this.#polynomial(d, [a + 2, -(a + 3), 0, 1]);
    const far = (d: string): string => this.#polynomial(d, [a, -5 * a, 8 * a, -4 * a]);
    return [far(this.#plus(t, 1)), near(t), near(this.#minus(1, t)), far(this.#minus(2, t))];
  }

  /** Horner's scheme, the highest power first. */
  #polynomial(d: string, [first = 0, ...rest]: readonly number[]): string {
    return rest.reduce((sum, each) => this.#plus(this.#writer.emit('Mul', [sum, d]), each), this.#like(d, first));
  }

  /** A place moved inside, as the padding says. */
  #moved(at: string, axis: Axis): string {
    const writer = this.#writer;
    if (axis.padding === 'zeros') return at;
    const outside = writer.emit('Or', [
      writer.emit('Less', [at, this.#n(axis.low)]),
      writer.emit('Greater', [at, this.#n(axis.high)]),
    ]);
    const inside =
      axis.padding === 'border'
        ? writer.emit('Clip', [at, this.#n(0), this.#n(axis.size - 1)])
        : this.#reflected(at, axis);
    return writer.emit('Where', [outside, inside, at]);
  }

  /** low + span − |span − ((at − low) mod 2·span)| */
  #reflected(at: string, { low, high }: Axis): string {
    const writer = this.#writer;
    const span = high - low;
    if (span === 0) return this.#like(at, low);
    const from = this.#plus(at, -low);
    const turns = writer.emit('Floor', [this.#times(from, 1 / (2 * span))]);
    const within = writer.emit('Sub', [from, this.#times(turns, 2 * span)]);
    return this.#minus(low + span, writer.emit('Abs', [this.#minus(span, within)]));
  }

  /** An element, put inside the image; outside of it, where there are zeros, its weight is 0. */
  #tap(index: string, weight: string, axis: Axis): Tap {
    const writer = this.#writer;
    const reflected = axis.padding === 'reflection' ? this.#moved(index, axis) : index;
    const inside = writer.emit('Clip', [reflected, this.#n(0), this.#n(axis.size - 1)]);
    const whole = writer.emit('Cast', [inside], { to: 7n });
    if (axis.padding !== 'zeros') return { index: whole, weight };
    const isThere = writer.emit('Equal', [inside, index]);
    return { index: whole, weight: writer.emit('Where', [isThere, weight, this.#n(0)]) };
  }

  #n(value: number): string {
    return this.#writer.scalar(value, this.#writer.facts(this.#operation.input(1)).type);
  }

  /** A number wherever a value has one. */
  #like(value: string, number: number): string {
    return this.#writer.emit('Expand', [this.#n(number), this.#writer.emit('Shape', [value])]);
  }

  #plus(value: string, by: number): string {
    return by === 0 ? value : this.#writer.emit('Add', [value, this.#n(by)]);
  }

  #times(value: string, by: number): string {
    return this.#writer.emit('Mul', [value, this.#n(by)]);
  }

  #minus(from: number, value: string): string {
    return this.#writer.emit('Sub', [this.#n(from), value]);
  }
}

export const gridSampleLowerings: Lowerings = { GridSample: gridSample };
