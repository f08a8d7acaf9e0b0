import { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { DatasetError } from '../errors.ts';
import { arrayTable } from './array/array-table.ts';
import { imageTable } from './array/image-table.ts';
import { arrowTable } from './arrow/arrow-table.ts';
import type { Encoding } from './csv/csv-pieces.ts';
import { csvTable } from './csv/csv-table.ts';
import { jsonTable } from './json-table.ts';
import { parquetTable } from './parquet-table.ts';
import type { Table } from './table.ts';
import { type TableFormat, tableFormatOf } from './table-format.ts';

export interface TableOptions {
  /** Recognised by bytes, then by the ending, unless given. */
  readonly format?: TableFormat;
  /** Of CSV: the names of the columns, where the file has no line of names. */
  readonly names?: readonly string[];
  /**
   * Of CSV: whether the first line holds names. Unless given, it does where there are no `names`; where it does not look like it,
   * a defect says so. Without `names`, columns of a file that has none are called by their numbers, from 0.
   */
  readonly header?: boolean;
  /** Of CSV: what stands between values; found out unless given. */
  readonly separator?: string;
  /** Of CSV: how letters are written as bytes; UTF-8 unless given. */
  readonly encoding?: Encoding;
  /** Of npy and IDX: the path of another such file, which holds a label for each row. */
  readonly labels?: string;
  /** Of Parquet: whether what the footer says of each row group is held against the data first; it is unless this is `believed`. */
  readonly statistics?: 'verified' | 'believed';
  /** Texts that stand for a missing value, beside an empty one, such as `?` or `NA`. */
  readonly missing?: readonly string[];
  /** Of texts: whether blanks around a value belong to it; they do unless this is true. */
  readonly trim?: boolean;
  /** What the engine may hold in memory, such as `2GB`. */
  readonly memory?: string;
  readonly threads?: number;
}

/**
 * Opens a file as a table. Rows are numbered as they stand in the file; types are those that every value has.
 *
 * @example
 * ```ts
 * import { openTable } from '@holdfast/dataset';
 *
 * const table = await openTable('applicants.csv');
 * console.log(table.rows, table.columns.map(({ name, type }) => `${name}: ${type}`));
 * await table.close();
 * ```
 *
 * @throws DatasetError
 */
export async function openTable(path: string, options: TableOptions = {}): Promise<Table> {
  const format = options.format ?? tableFormatOf(path);
  requireFitting(format, options);
  const engine = await DuckDbEngine.open({
    readable: [path, ...(options.labels === undefined ? [] : [options.labels])],
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    switch (format) {
      case 'csv':
        return await csvTable(engine, path, options);
      case 'parquet':
        return await parquetTable(engine, path, options);
      case 'json-lines':
        return await jsonTable(engine, path, options);
      case 'arrow':
        return await arrowTable(engine, path);
      case 'npy':
      case 'npz':
      case 'idx':
        return await arrayTable(engine, path, options, format);
      case 'images':
        return await imageTable(engine, path);
    }
  } catch (cause) {
    await engine.close();
    throw cause;
  }
}

/** Options that are for another kind of file: without a word they would have no effect. */
function requireFitting(format: TableFormat, options: TableOptions): void {
  const odd = [
    ...(format === 'csv' ? [] : (['names', 'header', 'separator', 'encoding'] as const)),
    ...(format === 'parquet' ? [] : (['statistics'] as const)),
    ...(['npy', 'idx'].includes(format) ? [] : (['labels'] as const)),
    ...(['csv', 'json-lines'].includes(format) ? [] : (['missing', 'trim'] as const)),
  ].find((name) => options[name] !== undefined);
  if (odd !== undefined) throw new DatasetError('HF_DATASET_OPTIONS', `\`${odd}\` has no meaning for \`${format}\``);
  if (options.header !== true || options.names === undefined) return;
  const message = '`names` are those of a file without a line of names, and `header` says that there is one';
  throw new DatasetError('HF_DATASET_OPTIONS', message);
}
