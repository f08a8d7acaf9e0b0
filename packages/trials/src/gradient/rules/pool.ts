import { number } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';
import { scattered } from './shape.ts';

/** The largest of each window gets its gradient, the first of equals (as PyTorch): scatter-add at the runtime's own Indices. */
const maxPool: GradientRule = (operation, [dy], writer) => {
  if (dy === undefined) return [];
  const x = operation.input(0);
  if (operation.int('storage_order', 0) !== 0) return operation.refuse('its indices are column-major');
  const flat = writer.int64([-1]);
  const indices = operation.output(1) || indicesOf(operation, writer);
  return [scattered(writer, x, writer.emit('Reshape', [indices, flat]), writer.emit('Reshape', [dy, flat]))];
};

function indicesOf(operation: Operation, writer: GraphWriter): string {
  const [, indices = ''] = writer.copy(operation.node, 2);
  return indices;
}

/** The first of the largest in space gets the gradient, as torch.nn.functional.adaptive_max_pool. */
const globalMaxPool = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const planes = writer.int64([0, 0, -1]);
  const flat = writer.emit('Reshape', [x, planes]);
  const first = writer.emit('ArgMax', [flat], { axis: 2n, keepdims: 1n });
  const zeros = writer.emit('Expand', [number(writer, 0, x), writer.emit('Shape', [flat])]);
  const found = writer.emit('ScatterElements', [zeros, first, writer.emit('Reshape', [dy, planes])], { axis: 2n });
  return [writer.emit('Reshape', [found, writer.shape(x)], { allowzero: 1n })];
});

export const poolRules: GradientRules = {
  MaxPool: maxPool,
  GlobalMaxPool: globalMaxPool,
};
