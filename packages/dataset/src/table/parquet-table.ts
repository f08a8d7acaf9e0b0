import { resolve } from 'node:path';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { duckDbType } from './column-type.ts';
import { cell, type Table, type TableColumn } from './table.ts';

/** A Parquet file, read where it lies: only the columns that are asked for. */
export async function parquetTable(engine: DuckDbEngine, path: string): Promise<Table> {
  const { dialect } = engine;
  const source = `read_parquet(${dialect.literal(resolve(path))}, file_row_number = true)`;
  const described = (await engine.rows(`DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${source}`)) as string[][];
  const columns = described.map(([name = '', native = '']): TableColumn => {
    const [type, quoted] = [duckDbType(native), dialect.identifier(name)];
    return {
      name,
      native,
      type,
      value: type === 'number' ? `CASE WHEN NOT isnan(${quoted}) THEN ${quoted} END` : quoted,
    };
  });
  const rows = Number(await cell(engine, `SELECT count(*) FROM ${source}`));
  return {
    ...{ engine, columns, rows, total: rows, keys: [], defects: [] },
    relation: source,
    rowNumber: '(file_row_number + 1)',
    close: async () => engine.close(),
  };
}
