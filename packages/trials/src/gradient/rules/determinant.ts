import type { GraphWriter } from '../graph-writer.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/** Minors of a matrix of this size are about a million multiplications. */
const largest = 24;

/** Y = det X: dX = dY · cofactors of X, which are there where X has no inverse, too. */
const det = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const [lead, size] = [writer.rank(x) - 2, writer.dims(x).at(-1)];
  if (typeof size !== 'number') return operation.refuse('its size varies');
  if (size > largest) return operation.refuse(`matrices of ${String(size)} rows have too many minors`);
  const outer = writer.emit('Unsqueeze', [dy, writer.int64([lead, lead + 1])]);
  if (size === 1) return [outer];
  const signs = Array.from({ length: size ** 2 }, (_, at) =>
    (Math.floor(at / size) + (at % size)) % 2 === 0 ? 1 : -1,
  );
  const cofactors = writer.emit('Mul', [
    minors(writer, x, size),
    writer.reals(signs, [size, size], writer.facts(x).type),
  ]);
  return [writer.emit('Mul', [outer, cofactors])];
});

/** [.., M, M] → for each element the determinant of what is left without its row and its column. */
function minors(writer: GraphWriter, x: string, size: number): string {
  const lead = writer.rank(x) - 2;
  const others = Array.from({ length: size * (size - 1) }, (_, at) => {
    const [left, place] = [Math.floor(at / (size - 1)), at % (size - 1)];
    return place < left ? place : place + 1;
  });
  const table = writer.emit('Reshape', [writer.int64(others), writer.int64([size, size - 1])]);
  const rows = writer.emit('Gather', [x, table], { axis: BigInt(lead) });
  const both = writer.emit('Gather', [rows, table], { axis: BigInt(lead + 2) });
  const perm = [...Array.from({ length: lead }, (_, axis) => axis), lead, lead + 2, lead + 1, lead + 3];
  return writer.emit('Det', [writer.emit('Transpose', [both], { perm: perm.map(BigInt) })]);
}

export const determinantRules: GradientRules = { Det: det };
