import type { DuckDBType } from '@duckdb/node-api';
import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine, LoadedPart } from '../engine/duckdb-engine.ts';
import { columnNames } from './column-names.ts';
import { duckDbType } from './column-type.ts';
import { cell, type Table, type TableDefect } from './table.ts';

export interface GivenColumn {
  readonly name: string;
  readonly type: DuckDBType;
  /** What the file calls the type. */
  readonly native: string;
  /** Whether the text that is stored is a value of lists and records. */
  readonly isNested?: boolean;
}

/** A table of what a format's own reader gives, in parts of at most 2048 rows. */
export async function loadedTable(
  engine: DuckDbEngine,
  given: readonly GivenColumn[],
  parts: Iterable<LoadedPart>,
  defects: readonly TableDefect[],
): Promise<Table> {
  const { columns, defects: named } = columnNames(given.map(({ name }) => name));
  const stored = columns.map(({ stored: name }, index) => ({ name, type: given[index]?.type as DuckDBType }));
  await engine.load('given', stored, parts);
  const rows = Number(await cell(engine, 'SELECT count(*) FROM given'));
  return {
    ...{ engine, relation: 'given', rowNumber: '(rowid + 1)', rows, total: rows, keys: [] },
    columns: columns.map(({ name, stored: kept }, index) => {
      const { native = '', type, isNested = false } = given[index] ?? {};
      const [known, quoted] = [isNested ? 'nested' : duckDbType(String(type)), duckdb.identifier(kept)];
      const value = known === 'number' ? `CASE WHEN NOT isnan(${quoted}) THEN ${quoted} END` : quoted;
      return { name, native, type: known, value };
    }),
    defects: [...named, ...defects],
    close: async () => engine.close(),
  };
}
