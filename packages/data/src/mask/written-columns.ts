import type { ColumnsOf, Table, WrittenColumn } from '@holdfast/dataset';
import type { CellText } from './cells/transformation.ts';
import type { ColumnTally } from './column-tally.ts';

/**
 * The columns of the output, as `writeTable` takes them: each made of its own cells and those beside it.
 *
 * @param tallies one for each column of the output; they count what is written
 */
export function writtenColumns(tallies: readonly ColumnTally[]): ColumnsOf {
  return (_: Table, given: readonly WrittenColumn[]) => {
    const byName = new Map(given.map((column) => [column.name, column]));
    const textOf = (name: string): readonly string[] => byName.get(name)?.from ?? [];
    return tallies.map((tally): WrittenColumn => {
      const { name, transformation } = tally.column;
      const { beside, type = byName.get(name)?.type ?? 'VARCHAR' } = transformation;
      return {
        ...{ name, type, from: [name, ...beside].flatMap(textOf) },
        map([own = [], ...others], firstRow) {
          return own.map((cell, at) => {
            const row = others.map((column) => cellText(column[at] ?? null));
            return tally.made(cellText(cell), row, firstRow + at + 1);
          });
        },
      };
    });
  };
}

const cellText = (cell: string | number | bigint | boolean | null): CellText => (cell === null ? null : String(cell));
