import type { Table, TableColumn } from '@holdfast/dataset';
import { matchingRows, type Side } from './matching-rows.ts';
import { type Repeats, repeatedRows } from './repeated-rows.ts';
import { namedRows, type RowPlace } from './row-list.ts';
import { comparedOf } from './row-text.ts';

/** Rows of a table, which may lie in several files, that are the same in all these columns. */
export async function duplicateRows(
  tables: readonly [Table, ...Table[]],
  columns: readonly TableColumn[],
  signal?: AbortSignal,
): Promise<Repeats> {
  const [first, ...others] = tables;
  const { dialect } = first.engine;
  const compared = columns.map((column) => comparedOf(dialect, column));
  if (others.length === 0) return repeatedRows(first, compared);
  return across(sidesOf(tables, compared), () => true, signal);
}

/** Rows that are the same in these columns and have different labels; rows without a label do not count. */
export async function conflictingRows(
  tables: readonly [Table, ...Table[]],
  columns: readonly TableColumn[],
  label: TableColumn,
  signal?: AbortSignal,
): Promise<Repeats> {
  const [first, ...others] = tables;
  const { dialect } = first.engine;
  const compared = columns.map((column) => comparedOf(dialect, column));
  const text = dialect.text(label.value, label.type);
  if (others.length === 0) return repeatedRows(first, compared, { label: text });
  const sides = sidesOf(tables, compared).map((side) => ({ ...side, label: text }));
  return across(sides, (labels) => labels.size > 1, signal);
}

function sidesOf(tables: readonly Table[], columns: Side['columns']): Side[] {
  return tables.map((table, part) => ({ table, columns, part, side: 'own' }));
}

async function across(
  sides: readonly Side[],
  counts: (labels: ReadonlySet<string>) => boolean,
  signal: AbortSignal | undefined,
): Promise<Repeats> {
  const { matches, isWhole } = await matchingRows(sides, (own) => own > 1, signal);
  const groups = matches.filter(({ labels }) => counts(labels)).map(({ own }) => own);
  const named: RowPlace[][] = [];
  let room = namedRows;
  for (const { rows } of groups) {
    if (room <= 0) break;
    named.push(rows.slice(0, room));
    room -= rows.length;
  }
  return {
    groups: groups.length,
    rows: groups.reduce((sum, { count }) => sum + count, 0),
    largest: groups.reduce((most, { count }) => Math.max(most, count), 0),
    named,
    isWhole,
  };
}

/** Rows of this table that stand in another one, too. */
export interface Leaks {
  readonly rows: number;
  readonly referenceRows: number;
  readonly named: readonly { readonly own: readonly RowPlace[]; readonly reference: readonly RowPlace[] }[];
  readonly isWhole: boolean;
}

/** How two columns of one name are compared: as numbers where both are, else as texts. */
export function leakedSides(
  own: readonly Table[],
  reference: readonly Table[],
  names: readonly string[],
): readonly Side[] {
  const columnsOf = (table: Table, other: Table): Side['columns'] =>
    names.flatMap((name) => {
      const [column, twin] = [table, other].map(({ columns }) => columns.find((each) => each.name === name));
      if (column === undefined || twin === undefined) return [];
      const { dialect } = table.engine;
      const isNumbers = column.type !== twin.type && isNumeric(column) && isNumeric(twin);
      return [
        isNumbers ? { name, text: dialect.text(dialect.double(column.value), 'number') } : comparedOf(dialect, column),
      ];
    });
  const [mine, theirs] = [own[0], reference[0]];
  if (mine === undefined || theirs === undefined) return [];
  return [
    ...own.map((table, part): Side => ({ table, columns: columnsOf(table, theirs), part, side: 'own' })),
    ...reference.map((table, part): Side => ({ table, columns: columnsOf(table, mine), part, side: 'reference' })),
  ];
}

export const isNumeric = ({ type }: TableColumn): boolean => ['integer', 'decimal', 'number'].includes(type);

export async function leakedRows(sides: readonly Side[], signal?: AbortSignal): Promise<Leaks> {
  const { matches, isWhole } = await matchingRows(sides, (own, reference) => own > 0 && reference > 0, signal);
  return {
    rows: matches.reduce((sum, { own }) => sum + own.count, 0),
    referenceRows: matches.reduce((sum, { reference }) => sum + reference.count, 0),
    named: matches.slice(0, namedRows).map(({ own, reference }) => ({ own: own.rows, reference: reference.rows })),
    isWhole,
  };
}
