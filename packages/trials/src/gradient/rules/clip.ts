import { gated, number, unbroadcast } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** Clip(x, low, high): the gradient goes to x where low < x < high, ends left out, as torch.clamp with numbers, relu6 and hardtanh. */
const clip = ofOutput((operation, dy, writer, wanted) => {
  const [x, low, high] = [operation.input(0), operation.input(1), operation.input(2)];
  if (low === '' && high === '') return [dy];
  const inside = within(writer, x, low, high, ['Greater', 'Less']);
  if (!wanted(1) && !wanted(2)) return [gated(writer, inside, dy, x)];
  const half = writer.emit('Mul', [dy, number(writer, 0.5, x)]);
  const atMost = within(writer, x, low, high, ['GreaterOrEqual', 'LessOrEqual']);
  return [
    writer.emit('Where', [inside, dy, gated(writer, atMost, half, x)]),
    wanted(1) ? lowBound(operation, { dy, half }, writer) : undefined,
    wanted(2) ? highBound(operation, { dy, half }, writer) : undefined,
  ];
});

type Comparisons = readonly [withLow: string, withHigh: string];

function within(writer: GraphWriter, x: string, low: string, high: string, [above, below]: Comparisons): string {
  if (low === '') return writer.emit(below, [x, high]);
  if (high === '') return writer.emit(above, [x, low]);
  return writer.emit('And', [writer.emit(above, [x, low]), writer.emit(below, [x, high])]);
}

interface Flowing {
  readonly dy: string;
  readonly half: string;
}

/** What is below it, and half of what is at it; nothing where it lies above the other bound, which then is Y. */
function lowBound(operation: Operation, { dy, half }: Flowing, writer: GraphWriter): string {
  const [x, low, high] = [operation.input(0), operation.input(1), operation.input(2)];
  const tie = gated(writer, writer.emit('Equal', [x, low]), half, x);
  const all = writer.emit('Where', [writer.emit('Less', [x, low]), dy, tie]);
  const held = high === '' ? all : gated(writer, writer.emit('LessOrEqual', [low, high]), all, x);
  return unbroadcast(writer, held, operation.output(), low);
}

/** What is above it, and half of what is at it; everything where it lies below the other bound. */
function highBound(operation: Operation, { dy, half }: Flowing, writer: GraphWriter): string {
  const [x, low, high] = [operation.input(0), operation.input(1), operation.input(2)];
  const tie = gated(writer, writer.emit('Equal', [x, high]), half, x);
  const above = writer.emit('Greater', [x, high]);
  const isHeld = low === '' ? above : writer.emit('Or', [above, writer.emit('Less', [high, low])]);
  return unbroadcast(writer, writer.emit('Where', [isHeld, dy, tie]), operation.output(), high);
}

export const clipRules: GradientRules = { Clip: clip };
