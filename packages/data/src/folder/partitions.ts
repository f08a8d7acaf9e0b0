import { duckdb, type Table, type TableColumn } from '@holdfast/dataset';
import { DataError } from '../errors.ts';

/** A column that the names of folders hold: `year=2020`. */
export interface Partition {
  readonly name: string;
  readonly type: 'integer' | 'date' | 'text';
  /** `null` for what Hive writes where a value is missing. */
  readonly value: string | null;
}

/** What Hive and Spark write for a missing value. */
const missing = '__HIVE_DEFAULT_PARTITION__';

/**
 * The columns in the names of the folders of each file, as Hive, Spark, pandas and DuckDB write them. They are of the type that all of
 * their values have: whole numbers of up to 18 digits, dates, or texts.
 *
 * @throws DataError HF_DATA_ARTIFACT where not all files lie in folders of the same columns
 */
export function partitionsOf(artifact: string, files: readonly string[]): Partition[][] {
  const texts = files.map((file) =>
    file
      .split('/')
      .slice(0, -1)
      .flatMap((folder) => pairOf(folder)),
  );
  const names = (pairs: readonly Pair[]): string => JSON.stringify(pairs.map(([name]) => name));
  const odd = texts.findIndex((pairs) => names(pairs) !== names(texts[0] ?? []));
  if (odd !== -1) {
    const message = `the folders of \`${artifact}\` do not name the same columns: \`${files[0] ?? ''}\` and \`${files[odd] ?? ''}\``;
    throw new DataError('HF_DATA_ARTIFACT', message, { fix: 'put all files into folders of the same depth and names' });
  }
  const types = (texts[0] ?? []).map((_, place) => typeOf(texts.map((pairs) => pairs[place]?.[1] ?? null)));
  return texts.map((pairs) => pairs.map(([name, value], place) => ({ name, value, type: types[place] ?? 'text' })));
}

type Pair = readonly [name: string, value: string | null];

function pairOf(folder: string): Pair[] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(folder) ?? [];
  if (name === undefined || value === undefined) return [];
  return [[decoded(name), value === missing ? null : decoded(value)]];
}

/** What Hive escapes with `%`; what is not escaped so stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function typeOf(values: readonly (string | null)[]): Partition['type'] {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return 'text';
  if (present.every((value) => /^(?:0|-?[1-9]\d{0,17})$/.test(value))) return 'integer';
  return present.every(isDate) ? 'date' : 'text';
}

function isDate(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const natives = { integer: 'BIGINT', date: 'DATE', text: 'VARCHAR' } as const;

/** The table with the columns that the names of its folders hold. @throws DataError HF_DATA_ARTIFACT where it has one already */
export function withPartitions(table: Table, partitions: readonly Partition[]): Table {
  if (partitions.length === 0) return table;
  const twice = partitions.find(
    ({ name }, place) =>
      table.columns.some((column) => column.name.toLowerCase() === name.toLowerCase()) ||
      partitions.some((other, at) => at < place && other.name === name),
  );
  if (twice !== undefined) {
    const message = `\`${twice.name}\` is the name of a folder and of a column, and which of the two holds is not said`;
    throw new DataError('HF_DATA_ARTIFACT', message, {
      fix: 'write the files again without that column, or into folders of other names',
    });
  }
  const { relation, rowNumber } = table;
  // metrics of all parts are asked for with the columns of the first: what differs has to have one name
  const [number, ...stored] = ['row', ...partitions.keys()].map((what) => duckdb.identifier(`\u0001${what}`));
  const values = partitions.map(
    ({ type, value }, place) =>
      `CAST(${value === null ? 'NULL' : duckdb.literal(value)} AS ${natives[type]}) AS ${stored[place] ?? ''}`,
  );
  const asked = ['*', ...(rowNumber === undefined ? [] : [`${rowNumber} AS ${number ?? ''}`]), ...values];
  const columns = partitions.map(
    ({ name, type }, place): TableColumn => ({ name, type, native: 'name of a folder', value: stored[place] ?? '' }),
  );
  return {
    ...table,
    relation: `(SELECT ${asked.join(', ')} FROM ${relation}) AS partitioned`,
    ...(rowNumber === undefined ? {} : { rowNumber: number ?? rowNumber }),
    columns: [...table.columns, ...columns],
  };
}
