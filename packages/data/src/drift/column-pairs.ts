import { type ColumnType, columnOf, type Dialect, type Table, type TableColumn } from '@holdfast/dataset';
import { finiteNumbers, secondsOf } from '../metrics/finite.ts';

/** How the values of a column are compared: as numbers in an order, or as categories. */
export type Kind = 'numeric' | 'categorical';

/** The parts (shards) of one table. */
export type Tables = readonly [Table, ...Table[]];

export interface ColumnPair {
  readonly name: string;
  readonly kind: Kind;
  readonly current: TableColumn;
  readonly reference: TableColumn;
}

/** The columns of two tables, put side by side. */
export interface ColumnPairs {
  readonly pairs: readonly ColumnPair[];
  readonly appeared: readonly string[];
  readonly vanished: readonly string[];
  readonly retyped: readonly { readonly name: string; readonly from: ColumnType; readonly to: ColumnType }[];
  /** Columns of both that cannot be compared. */
  readonly incomparable: readonly string[];
}

type Family = 'number' | 'time of day' | 'instant' | 'boolean' | 'text' | undefined;

const families: Readonly<Record<ColumnType, Family>> = {
  ...{ integer: 'number', decimal: 'number', number: 'number' },
  ...{ date: 'instant', timestamp: 'instant', time: 'time of day' },
  ...{ boolean: 'boolean', text: 'text', bytes: undefined, nested: undefined },
};

/**
 * @param wanted names of columns; all unless given
 * @param isEmpty whether a column of one of the tables has no value: of such a column the type says nothing
 */
export function columnPairs(
  [current]: Tables,
  [reference]: Tables,
  wanted: readonly string[] | undefined,
  isEmpty: (side: 'current' | 'reference', name: string) => boolean,
): ColumnPairs {
  const isWanted = ({ name }: TableColumn): boolean => wanted === undefined || wanted.includes(name);
  const pairs: ColumnPair[] = [];
  const retyped: ColumnPairs['retyped'][number][] = [];
  const incomparable: string[] = [];
  for (const here of current.columns.filter(isWanted)) {
    const there = columnOf(reference, here.name);
    if (there === undefined) continue;
    const [family, before] = [families[here.type], families[there.type]];
    const { name } = here;
    const isVoid = isEmpty('current', name) || isEmpty('reference', name);
    if (family === before && family === undefined && here.native === there.native) incomparable.push(name);
    else if (family === before || isVoid) pairs.push(pairOf(here, there, isEmpty('current', name) ? before : family));
    else retyped.push({ name, from: there.type, to: here.type });
  }
  return {
    ...{ pairs, retyped, incomparable },
    appeared: current.columns.filter((each) => isWanted(each) && !columnOf(reference, each.name)).map(nameOf),
    vanished: reference.columns.filter((each) => isWanted(each) && !columnOf(current, each.name)).map(nameOf),
  };
}

const nameOf = ({ name }: TableColumn): string => name;

function pairOf(current: TableColumn, reference: TableColumn, family: Family): ColumnPair {
  const kind = family === 'text' || family === 'boolean' || family === undefined ? 'categorical' : 'numeric';
  return { name: current.name, kind, current, reference };
}

/** The column as finite float64: numbers as they are, times as seconds. What is neither has no value then. */
export function asNumbers(dialect: Dialect, column: TableColumn): TableColumn {
  const family = families[column.type];
  if (family === 'number') return finiteNumbers(dialect, column);
  if (family === 'instant' || family === 'time of day') return secondsOf(dialect, column);
  return { ...column, type: 'number', value: dialect.double(dialect.literal(null)) };
}
