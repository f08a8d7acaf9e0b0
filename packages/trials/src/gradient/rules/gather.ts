import { reshapedLike } from '../arithmetic.ts';
import { type GradientRules, ofOutput } from '../rule.ts';
import { movedBack, zerosLike } from './shape.ts';

/**
 * Y = X taken at indices along an axis: each position adds its gradient back. The axis goes to the front, where the
 * indices address rows: ScatterND(add) on [axis, rest].
 */
const gather = ofOutput((operation, dy, writer) => {
  const [x, indices] = [operation.input(0), operation.input(1)];
  const axis = writer.axis(x, operation.int('axis', 0));
  const [rank, places] = [writer.rank(x), writer.rank(indices)];
  const rows = writer.emit('Reshape', [indices, writer.int64([-1, 1])]);
  const toFront = [axis, ...range(rank).filter((each) => each !== axis)];
  const dyFront = [
    ...range(places).map((each) => each + axis),
    ...range(axis),
    ...range(rank - axis - 1).map((each) => each + axis + places),
  ];
  const turnedShape = writer.emit('Gather', [writer.shape(x), writer.int64(toFront)], { axis: 0n });
  const zeros = writer.emit('Expand', [writer.scalar(0, writer.facts(x).type), turnedShape]);
  const rest = writer.emit('Slice', [turnedShape, writer.int64([1]), writer.int64([rank])]);
  const updatesShape = writer.emit('Concat', [writer.int64([-1]), rest], { axis: 0n });
  const turned = writer.emit('Transpose', [dy], { perm: dyFront.map(BigInt) });
  const updates = writer.emit('Reshape', [turned, updatesShape]);
  const sum = writer.emit('ScatterND', [zeros, rows, updates], { reduction: 'add' });
  const back = range(rank).map((each) => BigInt(toFront.indexOf(each)));
  return [writer.emit('Transpose', [sum], { perm: back })];
});

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** Y = X[indices] along an axis, element by element: dX = 0 with dY added at the indices. */
const gatherElements = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  return [
    writer.emit('ScatterElements', [zerosLike(writer, x), operation.input(1), dy], {
      axis: BigInt(operation.int('axis', 0)),
      reduction: 'add',
    }),
  ];
});

/** Y = X[tuples of indices]. Batch dimensions are refused: the runtime has no ScatterND with them. */
const gatherND = ofOutput((operation, dy, writer) => {
  if (operation.int('batch_dims', 0) !== 0) return operation.refuse('it has batch dimensions');
  const x = operation.input(0);
  return [writer.emit('ScatterND', [zerosLike(writer, x), operation.input(1), dy], { reduction: 'add' })];
});

/** Y = X with U written over it: dX = dY but 0 where written, dU = dY taken there. With `add`: dX = dY. */
const scatterElements = ofOutput((operation, dy, writer, wanted) => {
  const reduction = operation.text('reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') return operation.refuse(`its reduction is ${reduction}`);
  const [, indices, updates] = operation.node.inputs as [string, string, string];
  const axis = BigInt(operation.int('axis', 0));
  const cleared = (): string =>
    reduction === 'add' ? dy : writer.emit('ScatterElements', [dy, indices, zerosLike(writer, updates)], { axis });
  return [
    wanted(0) ? cleared() : undefined,
    undefined,
    wanted(2) ? writer.emit('GatherElements', [dy, indices], { axis }) : undefined,
  ];
});

const scatterND = ofOutput((operation, dy, writer, wanted) => {
  const reduction = operation.text('reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add') return operation.refuse(`its reduction is ${reduction}`);
  const [, indices, updates] = operation.node.inputs as [string, string, string];
  const cleared = (): string =>
    reduction === 'add' ? dy : writer.emit('ScatterND', [dy, indices, zerosLike(writer, updates)]);
  return [wanted(0) ? cleared() : undefined, undefined, wanted(2) ? writer.emit('GatherND', [dy, indices]) : undefined];
});

/** Y = the k greatest (or least) along an axis: dY goes back to where each came from. */
const topK = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const indices = operation.output(1) || (writer.copy(operation.node, 2)[1] ?? '');
  const axis = BigInt(operation.int('axis', -1));
  return [writer.emit('ScatterElements', [zerosLike(writer, x), indices, dy], { axis })];
});

/** Y = the slices, or elements, of X whose condition is true: the others receive 0. */
const compress = ofOutput((operation, dy, writer) => {
  const axis = operation.node.attributes.has('axis') ? { axis: BigInt(operation.int('axis', 0)) } : {};
  return [
    movedBack(writer, operation.input(0), dy, (grid) => writer.emit('Compress', [grid, operation.input(1)], axis)),
  ];
});

/** Y = zeros with X at flat indices: dX = dY taken there, as torch.nn.functional.max_unpool2d. */
const maxUnpool = ofOutput((operation, dy, writer) => {
  const flat = writer.int64([-1]);
  const places = writer.emit('Reshape', [operation.input(1), flat]);
  const taken = writer.emit('GatherElements', [writer.emit('Reshape', [dy, flat]), places], { axis: 0n });
  return [reshapedLike(writer, taken, operation.input(0))];
});

export const gatherRules: GradientRules = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  TopK: topK,
  Compress: compress,
  MaxUnpool: maxUnpool,
};
