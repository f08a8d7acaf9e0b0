import type { Cell, Table } from '@holdfast/dataset';
import type { Compared } from './row-text.ts';

/** Characters that may be on their way from the engine at a time: it hands out some thousand rows at once. */
const mostAtOnce = 64e6;
const rowsAtOnce = 2048;

/**
 * The number of each row and its texts, some rows at a time, as columns; fewer where texts are long.
 *
 * @param length characters of a row's texts, on average
 */
export async function* readDocuments(
  { engine, relation, rowNumber, rows }: Table,
  columns: readonly Compared[],
  length: number,
): AsyncGenerator<Cell[][]> {
  const asked = [rowNumber ?? '0', ...columns.map(({ text }) => text)].join(', ');
  if (rowNumber === undefined || length * rowsAtOnce <= mostAtOnce) {
    yield* engine.stream(`SELECT ${asked} FROM ${relation}`);
    return;
  }
  const step = Math.max(1, Math.floor(mostAtOnce / length));
  for (let from = 1; from <= rows; from += step) {
    const range = `${rowNumber} >= ${from} AND ${rowNumber} < ${from + step}`;
    yield* engine.stream(`SELECT ${asked} FROM ${relation} WHERE ${range}`);
  }
}
