import type { Cell, Table, TableColumn } from '@holdfast/dataset';

/** The values of some columns, row by row. */
export interface PairedColumns {
  /** As float64; NaN where there is none. */
  readonly numbers: readonly Float64Array[];
  /** A whole number for each value, from 0; -1 where there is none. */
  readonly categories: readonly Int32Array[];
}

/** A column of few, short values, and those: the place of a value among them is its number. */
export interface CategoryColumn {
  readonly column: TableColumn;
  readonly values: readonly string[];
}

interface Asked {
  /** Columns of finite numbers. */
  readonly numbers: readonly TableColumn[];
  readonly categories: readonly CategoryColumn[];
  readonly rows: number;
  readonly signal?: AbortSignal | undefined;
}

/** Reads all rows of all parts; the caller has bounded how many they are. */
export async function pairedColumns(
  tables: readonly Table[],
  { numbers, categories, rows, signal }: Asked,
): Promise<PairedColumns> {
  const values = numbers.map(() => new Float64Array(rows).fill(Number.NaN));
  const codes = categories.map(() => new Int32Array(rows).fill(-1));
  const places = categories.map((each) => new Map(each.values.map((value, at) => [value, at])));
  let begin = 0;
  for (const { engine, relation } of tables) {
    const { dialect } = engine;
    const asked = [
      ...numbers.map(({ value, type }) => dialect.double(value, type)),
      ...categories.map(({ column }) => dialect.text(column.value, column.type)),
    ];
    for await (const cells of engine.stream(`SELECT ${asked.join(', ')} FROM ${relation}`)) {
      signal?.throwIfAborted();
      for (const [at, column] of values.entries()) fill(column, begin, cells[at], Number);
      for (const [at, column] of codes.entries()) {
        fill(column, begin, cells[numbers.length + at], (cell) => places[at]?.get(String(cell)) ?? -1);
      }
      begin += cells[0]?.length ?? 0;
    }
  }
  return { numbers: values, categories: codes };
}

function fill(
  column: Float64Array | Int32Array,
  begin: number,
  cells: readonly Cell[] | undefined,
  numberOf: (cell: Cell) => number,
): void {
  for (const [row, cell] of (cells ?? []).entries()) if (cell !== null) column[begin + row] = numberOf(cell);
}
