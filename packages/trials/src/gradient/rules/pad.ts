import { gated, number, reshapedLike } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { movedBack, zerosLike } from './shape.ts';

/** Y = X between pads. Of constants: dX = dY padded by −pads. Of what X itself shows: each goes back where it came from. */
const pad = ofOutput((operation, dy, writer, wanted) => {
  const [x, pads, , axes] = [0, 1, 2, 3].map((index) => operation.input(index)) as [string, string, string, string];
  if (operation.text('mode', 'constant') === 'constant') {
    const dX = (): string => writer.emit('Pad', trimmed([dy, writer.emit('Neg', [pads]), '', axes]));
    return [wanted(0) ? dX() : undefined, undefined, wanted(2) ? constant(operation, dy, writer) : undefined];
  }
  const attributes = { mode: operation.text('mode', '') };
  return [movedBack(writer, x, dy, (grid) => writer.emit('Pad', trimmed([grid, pads, '', axes]), attributes))];
});

/** Inputs without those left out at the end. */
function trimmed(inputs: readonly string[]): string[] {
  return inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1);
}

/** The constant receives the sum of what lies outside. */
function constant(operation: Operation, dy: string, writer: GraphWriter): string {
  const [x, pads, value, axes] = operation.node.inputs as [string, string, string, string | undefined];
  const one = number(writer, 1, x);
  const marked = writer.emit('Pad', trimmed([zerosLike(writer, x), pads, one, axes ?? '']));
  const outside = gated(writer, writer.emit('Equal', [marked, one]), dy, x);
  return reshapedLike(writer, writer.emit('ReduceSum', [outside], { keepdims: 0n }), value);
}

/** Cut or padded evenly at both ends, the odd one behind: the same back to the sizes of X. */
const centerCropPad = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const axes = operation.ints('axes');
  if (axes === undefined) return [writer.emit('CenterCropPad', [dy, writer.shape(x)])];
  const places = axes.map((axis) => writer.axis(x, axis));
  const sizes = writer.emit('Gather', [writer.shape(x), writer.int64(places)], { axis: 0n });
  return [writer.emit('CenterCropPad', [dy, sizes], { axes: places.map(BigInt) })];
});

export const padRules: GradientRules = { Pad: pad, CenterCropPad: centerCropPad };
