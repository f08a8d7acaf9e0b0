import { lstatSync } from 'node:fs';
import { extname } from 'node:path';
import { duckdb } from '../dialect/duckdb.ts';
import { DuckDbEngine, type LoadedPart } from '../engine/duckdb-engine.ts';
import type { Cell } from '../engine/engine.ts';
import { loadDuckDb } from '../engine/load-duckdb.ts';
import { DatasetError, shown } from '../errors.ts';
import { copiedType } from './copied-type.ts';
import { existing, placeFile } from './place-file.ts';
import type { Table } from './table.ts';

/** A column of a table that is to be written. */
export interface WrittenColumn {
  readonly name: string;
  /** DuckDB's type of what is written, such as `VARCHAR`, `DOUBLE`, `DECIMAL(10,2)`. */
  readonly type: string;
  /** What it is made of: SQL expressions of text, in the dialect of the table. */
  readonly from: readonly string[];
  /**
   * Makes its cells of the cells of `from`, one array each, some thousand rows at a time; the first cell that comes otherwise.
   * A text that the type cannot hold ends the writing.
   *
   * @param firstRow number of the first of these rows among those that are written, from 0
   */
  readonly map?: (
    from: readonly (readonly Cell[])[],
    firstRow: number,
  ) => readonly (string | null)[] | Promise<readonly (string | null)[]>;
}

export interface WriteOptions {
  /** Which rows: SQL of the dialect of the table, for each part; all otherwise. */
  readonly where?: (table: Table) => string;
  /** In what order: SQL of the dialect; of files, by default the one of the file. */
  readonly order?: (table: Table) => readonly string[];
  /** Whether it may take the place of a file that is there. */
  readonly isForced?: boolean;
  /** What DuckDB may hold in memory, such as `2GB`; the rest lies on disk. */
  readonly memory?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** Is told how many rows have been read. */
  readonly progress?: (rows: number) => void;
}

/** What is written of a table, by what its columns are. */
export type ColumnsOf = (table: Table, columns: readonly WrittenColumn[]) => readonly WrittenColumn[];

/** What the ending of a name means, and how DuckDB writes it. */
const writtenFormats: Readonly<Record<string, string>> = {
  '.csv': 'FORMAT csv, HEADER true',
  '.tsv': "FORMAT csv, HEADER true, DELIMITER '\t'",
  '.parquet': 'FORMAT parquet, COMPRESSION zstd',
  '.jsonl': 'FORMAT json',
  '.ndjson': 'FORMAT json',
};

/**
 * The columns of a table as they are: the same names, types and values, but NaN, which is missing to every check; what is nested
 * becomes JSON.
 *
 * @throws DatasetError HF_DATASET_QUERY
 */
export async function columnsAsTheyAre({ engine, relation, columns }: Table): Promise<readonly WrittenColumn[]> {
  const { dialect } = engine;
  const isOurs = dialect === duckdb;
  const asked = columns.map(({ value }) => `typeof(${value})`).join(', ');
  const [types = []] = isOurs ? await engine.rows(`SELECT ${asked} FROM ${relation} LIMIT 1`) : [];
  return columns.map((column, index) => {
    const { name, value, native, type } = column;
    const text = dialect.text(value, type);
    if (!isOurs) return { name, type: copiedType(column) ?? 'VARCHAR', from: [text] };
    if (type === 'nested') return { name, type: 'JSON', from: [`CAST(to_json(${value}) AS VARCHAR)`] };
    return { name, type: String(types[index] ?? native), from: [text] };
  });
}

/**
 * Refuses early what {@link writeTable} would refuse after the work.
 *
 * @throws DatasetError HF_DATASET_OPTIONS for an ending that is none of csv, tsv, parquet, jsonl, ndjson; HF_DATASET_EXISTS
 */
export function requireWritable(path: string, isForced = false): void {
  if (writtenFormats[extname(path).toLowerCase()] === undefined) {
    const endings = Object.keys(writtenFormats).join(', ');
    throw new DatasetError('HF_DATASET_OPTIONS', `${shown(path)} ends in none of ${endings}`, { where: path });
  }
  if (!isForced && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw existing(path);
}

/**
 * Writes columns made of a table (or of parts with the same columns, one after the other) to a new file: as a whole and on disk,
 * or not at all. However many rows there are, they lie on disk meanwhile.
 *
 * @param columnsOf the columns, for each part, of those {@link columnsAsTheyAre}
 * @returns rows that were written
 * @throws DatasetError as {@link requireWritable}; HF_DATASET_QUERY; the system's error
 */
export async function writeTable(
  tables: readonly [Table, ...Table[]],
  path: string,
  columnsOf: ColumnsOf = (_, columns) => columns,
  options: WriteOptions = {},
): Promise<number> {
  requireWritable(path, options.isForced);
  const { memory, threads } = options;
  const engine = await DuckDbEngine.open({
    readable: [],
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const columns = columnsOf(tables[0], await columnsAsTheyAre(tables[0]));
    const { VARCHAR } = await loadDuckDb();
    const texts = columns.map((_, index) => ({ name: `c${index}`, type: VARCHAR }));
    let rows = 0;
    const counted = (more: number): number => (rows += more) - more;
    await engine.load([{ name: 'texts', columns: texts }], partsOf(tables, columnsOf, options, counted));
    const values = columns.map(({ name, type }, index) => `${typed(`c${index}`, type)} AS ${duckdb.identifier(name)}`);
    const format = writtenFormats[extname(path).toLowerCase()] ?? '';
    const made = engine.privatePath(`written${extname(path).toLowerCase()}`);
    await engine.run(`COPY (SELECT ${values.join(', ')} FROM texts) TO ${duckdb.literal(made)} (${format})`);
    options.signal?.throwIfAborted();
    await placeFile(made, path, options.isForced === true);
    return rows;
  } finally {
    await engine.close();
  }
}

function typed(text: string, type: string): string {
  if (type === 'VARCHAR') return text;
  return type === 'BLOB' ? `unhex(${text})` : `CAST(${text} AS ${type})`;
}

/** Rows in one part of {@link DuckDbEngine.load}. */
const piece = 2048;

async function* partsOf(
  tables: readonly Table[],
  columnsOf: ColumnsOf,
  { signal, progress, where, order }: WriteOptions,
  counted: (rows: number) => number,
): AsyncGenerator<LoadedPart> {
  for (const table of tables) {
    const columns = columnsOf(table, await columnsAsTheyAre(table));
    for await (const part of table.engine.stream(queryOf(table, columns, { where, order }))) {
      signal?.throwIfAborted();
      const rows = part[0]?.length ?? 0;
      const firstRow = counted(rows);
      const cells = await cellsOf(columns, part, firstRow);
      for (let from = 0; from < rows; from += piece) {
        yield cells.map((column) => column.slice(from, from + piece));
      }
      progress?.(firstRow + rows);
    }
  }
}

function queryOf(
  table: Table,
  columns: readonly WrittenColumn[],
  { where, order }: { readonly [K in 'where' | 'order']: WriteOptions[K] | undefined },
): string {
  const asked = columns.flatMap(({ from }) => from).map((text, index) => `${text} AS f${index}`);
  const rows = where === undefined ? '' : ` WHERE ${where(table)}`;
  const keys = order?.(table) ?? (table.rowNumber === undefined ? [] : [table.rowNumber]);
  const sorted = keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
  return `SELECT ${asked.join(', ')} FROM ${table.relation}${rows}${sorted}`;
}

async function cellsOf(
  columns: readonly WrittenColumn[],
  part: readonly (readonly Cell[])[],
  firstRow: number,
): Promise<(readonly (string | null)[])[]> {
  const cells: (readonly (string | null)[])[] = [];
  let at = 0;
  for (const { from, map, name } of columns) {
    const given = part.slice(at, (at += from.length));
    const made = map === undefined ? (given[0] ?? []).map(textOf) : await map(given, firstRow);
    if (made.length !== (part[0]?.length ?? 0)) {
      throw new DatasetError('HF_DATASET_QUERY', `the column ${shown(name)} was made with another number of rows`);
    }
    cells.push(made);
  }
  return cells;
}

const textOf = (cell: Cell): string | null => (cell === null ? null : String(cell));
