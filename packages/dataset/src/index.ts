export type { ColumnType, DatePart, Dialect, TriedType } from './dialect/dialect.ts';
export { duckdb } from './dialect/duckdb.ts';
export { postgres } from './dialect/postgres.ts';
export { spark } from './dialect/spark.ts';
export type { Cell, Engine } from './engine/engine.ts';
export type { PostgresOptions } from './engine/postgres-engine.ts';
export { DatasetError, type DatasetErrorCode, datasetErrors } from './errors.ts';
export { readSamples } from './read-samples.ts';
export {
  type Column,
  type ColumnOption,
  defaultLimits,
  type Format,
  type Limits,
  type SampleOptions,
  type Samples,
} from './samples.ts';
export { type CopyOptions, copiedTable } from './table/copied-table.ts';
export { openTable, type TableOptions } from './table/open-table.ts';
export { openPostgresTable, type PostgresTableOptions } from './table/postgres-table.ts';
export { cell, columnOf, type Table, type TableColumn, type TableDefect } from './table/table.ts';
export { unusedName } from './table/unused-name.ts';
export {
  type ColumnsOf,
  columnsAsTheyAre,
  requireWritable,
  type WriteOptions,
  type WrittenColumn,
  writeTable,
} from './table/write-table.ts';
export { npzOf, type WrittenArray } from './write-npz.ts';
