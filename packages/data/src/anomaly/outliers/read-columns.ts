import type { Cell, Table } from '@holdfast/dataset';
import { median } from '@holdfast/statistics';
import { isNumeric } from '../rows/equal-rows.ts';
import type { RowPlace } from '../rows/row-list.ts';
import { sampleOf } from '../rows/sampled-rows.ts';

/** Rows as numbers, column by column: first those of the table, then those of the reference. */
export interface NumberColumns {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** Of the rows of the table. */
  readonly places: readonly RowPlace[];
  /** How many rows of the reference follow. */
  readonly reference: number;
}

/**
 * Numbers as they are, the median in place of a missing one; of texts and truth values, which part of all rows has that value
 * (frequency encoding), so that a rare value is a small number. Tables with more rows give a sample, the same every time.
 */
export async function readColumns(
  own: readonly Table[],
  reference: readonly Table[],
  names: readonly string[],
  rows: number,
): Promise<NumberColumns> {
  const cells: Cell[][] = names.map(() => []);
  const places: RowPlace[] = [];
  await collect(own, names, rows, cells, (place) => places.push(place));
  let more = 0;
  await collect(reference, names, rows, cells, () => (more += 1));
  const columns = names.map((name, index) => {
    const column = own[0]?.columns.find((each) => each.name === name);
    const values = cells[index] ?? [];
    return column !== undefined && isNumeric(column) ? numbersOf(values) : frequenciesOf(values);
  });
  return { names, columns, places, reference: more };
}

async function collect(
  tables: readonly Table[],
  names: readonly string[],
  rows: number,
  cells: Cell[][],
  placed: (place: RowPlace) => void,
): Promise<void> {
  const total = tables.reduce((sum, table) => sum + table.rows, 0);
  for (const [part, table] of tables.entries()) {
    const { engine, relation, rowNumber = '0' } = table;
    const { dialect } = engine;
    const expressions = names.map((name) => {
      const column = table.columns.find((each) => each.name === name);
      if (column === undefined) return 'NULL';
      return isNumeric(column) ? dialect.double(column.value) : dialect.text(column.value, column.type);
    });
    const sample = sampleOf(table, rows, total);
    const where = sample === undefined ? '' : ` WHERE ${sample}`;
    for await (const [numbers = [], ...chunk] of engine.stream(
      `SELECT ${[rowNumber, ...expressions].join(', ')} FROM ${relation}${where}`,
    )) {
      for (const row of numbers) placed({ part, row: Number(row) });
      for (const [index, values] of chunk.entries()) for (const value of values) cells[index]?.push(value);
    }
  }
}

function numbersOf(values: readonly Cell[]): Float64Array {
  const numbers = Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value)));
  const present = numbers.filter((value) => !Number.isNaN(value));
  const middle = present.length === 0 ? 0 : median(present);
  return numbers.map((value) => (Number.isNaN(value) ? middle : value));
}

function frequenciesOf(values: readonly Cell[]): Float64Array {
  const counts = new Map<Cell, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Float64Array.from(values, (value) => (counts.get(value) ?? 0) / values.length);
}
