import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { DatasetError, shown } from '../errors.ts';
import { duckDbType } from './column-type.ts';
import type { TableOptions } from './open-table.ts';
import { statisticsDefects } from './parquet-statistics.ts';
import { cell, type Table, type TableColumn } from './table.ts';

/** A Parquet file, read where it lies: only the columns that are asked for. */
export async function parquetTable(engine: DuckDbEngine, path: string, options: TableOptions): Promise<Table> {
  const { dialect } = engine;
  const source = `read_parquet(${dialect.literal(engine.pathOf(path))}, file_row_number = true)`;
  const { described, rows } = await footerOf(engine, source, path);
  const columns = described.map(([name = '', native = '']): TableColumn => {
    const [type, quoted] = [duckDbType(native), dialect.identifier(name)];
    return {
      name,
      native,
      type,
      value: type === 'number' ? `CASE WHEN NOT isnan(${quoted}) THEN ${quoted} END` : quoted,
    };
  });
  const { memory, threads, statistics = 'verified' } = options;
  const how = { ...(memory === undefined ? {} : { memory }), ...(threads === undefined ? {} : { threads }) };
  const defects = statistics === 'believed' ? [] : await statisticsDefects(path, columns, how);
  return {
    ...{ engine, columns, rows, total: rows, keys: [], defects },
    relation: source,
    rowNumber: '(file_row_number + 1)',
    close: async () => engine.close(),
  };
}

async function footerOf(
  engine: DuckDbEngine,
  source: string,
  path: string,
): Promise<{ described: string[][]; rows: number }> {
  try {
    const described = await engine.rows(`DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${source}`);
    return { described: described as string[][], rows: Number(await cell(engine, `SELECT count(*) FROM ${source}`)) };
  } catch (cause) {
    const message = `${shown(path)} is not well-formed Parquet: ${cause instanceof Error ? cause.message : ''}`;
    throw new DatasetError('HF_DATASET_FORMAT', message, { where: path, cause });
  }
}
