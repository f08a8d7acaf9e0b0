import { number } from './arithmetic.ts';
import type { GraphWriter } from './graph-writer.ts';
import type { Operation } from './operation.ts';
import { reach, spatial, type Window, windowOf } from './rules/window.ts';

/**
 * The gradient with respect to a weight for each row of the batch, [N, …]: what training with differential privacy clips
 * (Abadi et al., arXiv:1607.00133). Its sum over the rows is the ordinary gradient.
 * @param input which input the weight is
 */
type RowRule = (operation: Operation, dy: string, writer: GraphWriter, input: number) => string;

/** Of Gemm and MatMul with a matrix: dB[n] = A[n]ᵀ·dY[n], over all that lies between the batch and the last axis. */
const matrix: RowRule = (operation, dy, writer, input) => {
  if (input === 2) return addend(operation, dy, writer, input);
  if (input !== 1 || operation.int('transA', 0) !== 0 || writer.rank(operation.input(1)) !== 2)
    return refuse(operation);
  const a = operation.input(0);
  requireBatch(operation, writer, a);
  const rows = (value: string, like: string): string =>
    writer.emit('Reshape', [value, writer.int64([0, -1, writer.dims(like).at(-1) ?? -1])]);
  const [left, right] = [rows(a, a), rows(dy, operation.output())];
  const turned = (value: string): string => writer.emit('Transpose', [value], { perm: [0n, 2n, 1n] });
  const isTurned = operation.int('transB', 0) !== 0;
  const product = isTurned
    ? writer.emit('MatMul', [turned(right), left])
    : writer.emit('MatMul', [turned(left), right]);
  const alpha = operation.float('alpha', 1);
  return alpha === 1 ? product : writer.emit('Mul', [product, number(writer, alpha, a)]);
};

/** Of what is added: dY[n], summed over what it was broadcast over. Gemm has β before it. */
const addend: RowRule = (operation, dy, writer, input) => {
  const summed = perRow(operation, dy, writer, operation.input(input));
  const beta = operation.float('beta', 1);
  return beta === 1 ? summed : writer.emit('Mul', [summed, number(writer, beta, operation.input(input))]);
};

/** Of a factor: dY[n]·X[n], summed in the same way. */
const factor: RowRule = (operation, dy, writer, input) =>
  perRow(operation, writer.emit('Mul', [dy, operation.input(1 - input)]), writer, operation.input(input));

/** [N, …] summed to the dimensions of a value that was broadcast to all rows. */
function perRow(operation: Operation, gradient: string, writer: GraphWriter, value: string): string {
  const [own, all] = [writer.dims(value), writer.dims(operation.output())];
  const extra = all.length - own.length;
  if (extra < 0 || (extra === 0 && own[0] !== 1) || own.includes(null)) return refuse(operation);
  const axes = all.flatMap((_, axis) => (axis > 0 && (own[axis - extra] ?? 1) === 1 ? [axis] : []));
  const summed =
    axes.length === 0 ? gradient : writer.emit('ReduceSum', [gradient, writer.int64(axes)], { keepdims: 0n });
  return writer.emit('Reshape', [summed, writer.int64([-1, ...own.map(Number)])]);
}

/** Of a kernel: dW[n] = dY[n]·(the pieces of X[n] under the kernel)ᵀ, group by group; of a bias: Σ dY[n] over space. */
const convolution: RowRule = (operation, dy, writer, input) => {
  const [x, w, y] = [operation.input(0), operation.input(1), operation.output()];
  requireBatch(operation, writer, x);
  const out = writer.dims(y).slice(2);
  if (input === 2)
    return writer.emit('ReduceSum', [dy, writer.int64(out.map((_, axis) => axis + 2))], { keepdims: 0n });
  if (input !== 1) return refuse(operation);
  const [filters, channels, ...kernel] = writer.dims(w).map((size) => size ?? refuse(operation)) as [number, number];
  const groups = operation.int('group', 1);
  const grouped = (value: string, per: number): string =>
    writer.emit('Reshape', [value, writer.int64([0, groups, per, out.reduce((a: number, b) => a * (b ?? 1), 1)])]);
  const window = windowOf(operation, writer, x, kernel);
  const places = kernel.reduce((product, size) => product * size, 1);
  const pieces = grouped(underKernel(operation, writer, x, window), channels * places);
  const turned = writer.emit('Transpose', [pieces], { perm: [0n, 1n, 3n, 2n] });
  const product = writer.emit('MatMul', [grouped(dy, filters / groups), turned]);
  return writer.emit('Reshape', [product, writer.int64([-1, filters, channels, ...kernel])]);
};

/** [N, C, places of the kernel, …]: X as each place of the kernel sees it. */
function underKernel(operation: Operation, writer: GraphWriter, x: string, window: Window): string {
  const space = window.kernel.map((_, axis) => axis + 2);
  const pads = [0, 0, ...window.before, 0, 0, ...window.behind];
  const padded = pads.every((pad) => pad === 0) ? x : writer.emit('Pad', [x, writer.int64(pads), number(writer, 0, x)]);
  const reaches = reach(window);
  const lengths = window.kernel.map((_, axis) => {
    const whole = spatial(operation, writer, x, axis) + (window.before[axis] ?? 0) + (window.behind[axis] ?? 0);
    const stride = window.strides[axis] ?? 1;
    return Math.floor((whole - (reaches[axis] ?? 1)) / stride) * stride + 1;
  });
  const layers = placesOf(window.kernel).map((place) => {
    const starts = place.map((at, axis) => at * (window.dilations[axis] ?? 1));
    const ends = starts.map((start, axis) => start + (lengths[axis] ?? 1));
    const list = [starts, ends, space, window.strides].map((each) => writer.int64(each));
    return writer.emit('Unsqueeze', [writer.emit('Slice', [padded, ...list]), writer.int64([2])]);
  });
  return writer.emit('Concat', layers, { axis: 2n });
}

/** Every place of a kernel, the last axis fastest. */
function placesOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, at) => [...place, at])),
    [[]],
  );
}

const rules: Readonly<Record<string, RowRule>> = {
  ...{ Gemm: matrix, MatMul: matrix, Conv: convolution },
  ...{ Add: addend, Mul: factor },
};

/** @throws TrialsError HF_TRIALS_OPERATOR where the operator, or the form of it, has no gradient for each row */
export function rowGradient(operation: Operation, dy: string, writer: GraphWriter, input: number): string {
  requireBatch(operation, writer, operation.output());
  const { domain, opType } = operation.node;
  const rule = domain === '' || domain === 'ai.onnx' ? rules[opType] : undefined;
  return rule === undefined ? refuse(operation) : rule(operation, dy, writer, input);
}

function requireBatch(operation: Operation, writer: GraphWriter, value: string): void {
  if (writer.dims(value)[0] !== null) operation.refuse('its first axis is not the batch, so that no row has its own');
}

function refuse(operation: Operation): never {
  return operation.refuse('a weight in this place has no gradient for each row');
}
