import type { Cell, Table } from '@holdfast/dataset';
import { columnNamed } from '../../drift/values.ts';
import { cellSql, cellText } from './cell-text.ts';

type Tables = readonly [Table, ...Table[]];

/** Some thousand rows at a time. */
export interface Rows {
  readonly count: number;
  /** By column, the text of each row; nothing of a missing value, and of a column that can say nothing. */
  readonly cells: readonly (readonly (string | undefined)[])[];
  /** By column, how many cells are bytes that are no text. */
  readonly binary: readonly number[];
}

/**
 * The rows of all parts as texts, in order.
 * @param where a condition on the rows of one part, or nothing
 */
export async function* rowsOfText(
  tables: Tables,
  signal: AbortSignal,
  where: (table: Table, part: number) => string | undefined = () => undefined,
): AsyncGenerator<Rows> {
  const names = tables[0].columns.map(({ name }) => name);
  for (const [part, table] of tables.entries()) {
    const columns = names.map((name) => columnNamed(table, name));
    const asked = columns.map((column) => cellSql(column, table.engine.dialect) ?? 'NULL');
    const condition = where(table, part);
    const sql = `SELECT ${['1', ...asked].join(', ')} FROM ${table.relation}${condition === undefined ? '' : ` WHERE ${condition}`}`;
    for await (const [ones = [], ...chunk] of table.engine.stream(sql)) {
      signal.throwIfAborted();
      const binary = columns.map(() => 0);
      const textIn = (cell: Cell, at: number): string | undefined => {
        const column = columns[at];
        const read = column === undefined ? undefined : cellText(cell, column);
        if (read?.isBinary === true) binary[at] = (binary[at] ?? 0) + 1;
        return read?.text;
      };
      const cells = chunk.map((column, at) => column.map((cell) => textIn(cell, at)));
      yield { count: ones.length, cells, binary };
    }
  }
}
