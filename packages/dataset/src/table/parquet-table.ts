import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { DatasetError, shown } from '../errors.ts';
import { duckDbType } from './column-type.ts';
import type { TableOptions } from './open-table.ts';
import { statisticsDefects } from './parquet-statistics.ts';
import { cell, type Table, type TableColumn } from './table.ts';
import { numberName } from './typed-table.ts';
import { blockOf, inBlocks } from './wide/typed-blocks.ts';
import type { Block } from './wide/wide-engine.ts';

/** More columns than this are no longer read where they lie. */
const wide = 500;

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
  const lies = { engine, relation: source, rowNumber: '(file_row_number + 1)' };
  const asked = columns.length > wide ? await copied(engine, source, described) : lies;
  return {
    ...{ ...asked, columns, rows, total: rows, keys: [], defects },
    close: async () => engine.close(),
  };
}

/** Each question about a file of many columns would read a footer of all of them: they are copied into blocks first. */
async function copied(
  engine: DuckDbEngine,
  source: string,
  described: readonly string[][],
): Promise<Pick<Table, 'engine' | 'relation' | 'rowNumber'>> {
  const columns = described.map(([name = '']) => ({ name, stored: name }));
  const kept = numberName(columns);
  const blocks: Block[] = [];
  await engine.useSmallBlocks();
  for (let at = 0; at < columns.length; at += blockOf) {
    const some = columns.slice(at, at + blockOf).map(({ stored }) => stored);
    const table = `block_${blocks.length}`;
    const names = some.map((stored) => engine.dialect.identifier(stored));
    const number = `file_row_number + 1 AS ${engine.dialect.identifier(kept)}`;
    await engine.run(`CREATE TABLE ${table} AS SELECT ${[...names, number].join(', ')} FROM ${source}`);
    blocks.push({ table, columns: some });
  }
  return inBlocks(engine, blocks, kept);
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
