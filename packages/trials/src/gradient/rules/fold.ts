import { number, reshapedLike } from '../arithmetic.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** Y = columns of blocks added to an image: dX = the blocks of dY as columns, a convolution whose kernels are the unit blocks. */
const col2Im = ofOutput((operation, dy, writer) => {
  const [x, image, block] = operation.node.inputs as [string, string, string];
  const attributes = Object.fromEntries(
    ['strides', 'dilations', 'pads'].flatMap((name) => {
      const values = operation.ints(name);
      return values === undefined ? [] : [[name, values.map(BigInt)] as const];
    }),
  );
  const places = writer.emit('ReduceProd', [block], { keepdims: 1n });
  const square = writer.emit('Concat', [places, places], { axis: 0n });
  const unit = writer.emit('EyeLike', [writer.emit('Expand', [number(writer, 0, x), square])]);
  const shape = writer.emit('Concat', [places, writer.int64([1]), block], { axis: 0n });
  const kernels = writer.emit('Reshape', [unit, shape]);
  const planes = writer.emit('Reshape', [dy, writer.emit('Concat', [writer.int64([-1, 1]), image], { axis: 0n })]);
  return [reshapedLike(writer, writer.emit('Conv', [planes, kernels], attributes), x)];
});

export const foldRules: GradientRules = { Col2Im: col2Im };
