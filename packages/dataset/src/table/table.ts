import type { ColumnType } from '../dialect/dialect.ts';
import type { Cell, Engine } from '../engine/engine.ts';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** What the engine or the file calls the type, such as `DECIMAL(10,2)`. */
  readonly native: string;
  /** The SQL expression of its value, with NaN as NULL. */
  readonly value: string;
}

/** Something in a file that could not be taken as it stands. */
export interface TableDefect {
  readonly kind:
    | 'ragged'
    | 'encoding'
    | 'nul'
    | 'unreadable'
    | 'header'
    | 'duplicate-name'
    | 'blank-name'
    | 'padded-name'
    | 'precision'
    | 'statistics'
    | 'too-long'
    | 'cut-short';
  /** Without values of the data. */
  readonly message: string;
  /** From 1, of the file (the line of names is not counted); absent where it is about the whole file. */
  readonly row?: number;
  readonly column?: string;
  /** Whether rows or values were left out because of it. */
  readonly isLeftOut: boolean;
}

/** A table as the checks see it: columns of known types in an engine, and what of the file is not in it. */
export interface Table {
  readonly engine: Engine;
  /** What stands after FROM: a table or a view, or a query in brackets with a name. */
  readonly relation: string;
  readonly columns: readonly TableColumn[];
  /** Rows that can be asked for. */
  readonly rows: number;
  /** The SQL expression of a row's number in its file, from 1; of a database, undefined: `keys` tell rows apart. */
  readonly rowNumber?: string;
  /** Columns whose values together tell a row apart, where they are known. */
  readonly keys: readonly string[];
  /** Rows that the file has, as far as is known: more than `rows` where some were left out. */
  readonly total: number;
  readonly defects: readonly TableDefect[];
  close(): Promise<void>;
}

/** The column of a name. */
export function columnOf(table: Table, name: string): TableColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** The one cell of the one row that a query gives. */
export async function cell(engine: Engine, sql: string): Promise<Cell> {
  const [row] = await engine.rows(sql);
  return row?.[0] ?? null;
}
