import { type GradientRules, ofOutput } from '../rule.ts';

/** Y = θ·(place, 1): dθ = Σ dY·(place, 1)ᵀ over the places, which are the grid of the identity. */
const affineGrid = ofOutput((operation, dy, writer) => {
  const [theta, size] = [operation.input(0), operation.input(1)];
  const { type } = writer.facts(theta);
  const rank = writer.rank(operation.output()) - 2;
  const identity = Array.from({ length: rank * (rank + 1) }, (_, at) => (at % (rank + 2) === 0 ? 1 : 0));
  const same = writer.emit('Expand', [writer.reals(identity, [1, rank, rank + 1], type), writer.shape(theta)]);
  const places = writer.emit('AffineGrid', [same, size], { align_corners: BigInt(operation.int('align_corners', 0)) });
  const rows = writer.int64([0, -1, rank]);
  const gradients = writer.emit('Transpose', [writer.emit('Reshape', [dy, rows])], { perm: [0n, 2n, 1n] });
  const linear = writer.emit('MatMul', [gradients, writer.emit('Reshape', [places, rows])]);
  const shift = writer.emit('ReduceSum', [gradients, writer.int64([2])], { keepdims: 1n });
  return [writer.emit('Concat', [linear, shift], { axis: 2n })];
});

export const affineGridRules: GradientRules = { AffineGrid: affineGrid };
