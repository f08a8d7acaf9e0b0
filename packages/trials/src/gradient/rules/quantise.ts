import type { DataType } from '@holdfast/onnx';
import { gated } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/*
 * Straight through (Bengio et al., arXiv:1308.3432), as torch.fake_quantize_per_tensor_affine: rounding counts as the
 * identity, and what was clipped gets 0. The gradient of a quantised value q is real: that of (q − zero)·scale, times the
 * scale. Scales and zero points count as constants.
 */

const ranges: Readonly<Partial<Record<DataType, readonly [number, number]>>> = {
  UINT8: [0, 255],
  INT8: [-128, 127],
  UINT16: [0, 65535],
  INT16: [-32768, 32767],
};

/** Q = clip(round(X / scale) + zero): dX = dQ / scale where round(X / scale) + zero was in range. */
const quantize = ofOutput((operation, dq, writer, wanted) => {
  requireFixedScale(operation, wanted);
  const x = operation.input(0);
  const { type } = writer.facts(operation.output());
  const [low, high] = ranges[type] ?? operation.refuse(`it quantises to ${type}`);
  const scale = spread(operation, writer, operation.input(1));
  const steps = writer.emit('Round', [writer.emit('Div', [x, scale])]);
  const zero = operation.has(2) ? spread(operation, writer, operation.input(2)) : undefined;
  const level = zero === undefined ? steps : writer.emit('Add', [steps, writer.emit('CastLike', [zero, x])]);
  const real = writer.facts(x).type;
  const inside = writer.emit('And', [
    writer.emit('GreaterOrEqual', [level, writer.scalar(low, real)]),
    writer.emit('LessOrEqual', [level, writer.scalar(high, real)]),
  ]);
  return [gated(writer, inside, writer.emit('Div', [dq, scale]), x)];
});

/** Y = (Q − zero)·scale: dQ = dY·scale. */
const dequantize = ofOutput((operation, dy, writer, wanted) => {
  requireFixedScale(operation, wanted);
  return [writer.emit('Mul', [dy, spread(operation, writer, operation.input(1))])];
});

/** The range is that of X: nothing is clipped. dX = dQ / scale. */
const dynamicQuantize: GradientRule = (operation, [dq], writer) => [
  dq === undefined ? undefined : writer.emit('Div', [dq, operation.output(1)]),
];

function requireFixedScale(operation: Operation, wanted: (input: number) => boolean): void {
  if (wanted(1)) operation.refuse('its scale depends on what is differentiated by');
}

/** One for all, or one for each index of the axis, in the rank of X. */
function spread(operation: Operation, writer: GraphWriter, parameter: string): string {
  const dims = writer.dims(parameter);
  if (dims.length === 0 || (dims.length === 1 && dims[0] === 1)) return parameter;
  if (dims.length > 1) return operation.refuse('it has a scale for each block');
  const rank = writer.rank(operation.input(0));
  const axis = writer.axis(operation.input(0), operation.int('axis', 1));
  const shape = Array.from({ length: rank }, (_, at) => (at === axis ? -1 : 1));
  return writer.emit('Reshape', [parameter, writer.int64(shape)]);
}

export const quantiseRules: GradientRules = {
  QuantizeLinear: quantize,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
};
