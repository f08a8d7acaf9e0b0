import { duckdb } from '../dialect/duckdb.ts';
import { DuckDbEngine } from '../engine/duckdb-engine.ts';
import type { Cell } from '../engine/engine.ts';
import { DatasetError, shown } from '../errors.ts';
import type { TableColumn, TableDefect } from './table.ts';

/** Columns in one SELECT. */
const bundled = 60;
const compared = new Set(['boolean', 'integer', 'number', 'decimal', 'date', 'timestamp', 'text']);

interface Said {
  readonly nulls: Cell;
  readonly least: Cell;
  readonly greatest: Cell;
}

/**
 * Holds what the footer of a Parquet file says of each row group (rows, missing values, least and greatest value) against the
 * data. DuckDB believes it: with a lie in it rows are passed over that a condition would find.
 */
export async function statisticsDefects(
  path: string,
  columns: readonly TableColumn[],
  options: { readonly memory?: string; readonly threads?: number },
): Promise<TableDefect[]> {
  const engine = await DuckDbEngine.open({ readable: [path], ...options, believesStatistics: false });
  try {
    const file = duckdb.literal(engine.pathOf(path));
    const groups = (await engine.rows(
      `SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata(${file}) ORDER BY 1`,
    )) as number[][];
    if (groups.length === 0) return [];
    const sizes = groups.map(([, rows = 0]) => rows);
    const said = await saidOf(engine, file);
    const defects: TableDefect[] = [];
    const known = columns.filter(({ name, type }) => compared.has(type) && said.has(keyOf(0, name)));
    for (let at = 0; at < Math.max(1, known.length); at += bundled) {
      defects.push(...(await compareSome(engine, file, known.slice(at, at + bundled), sizes, said)));
    }
    return defects;
  } catch (cause) {
    if (!(cause instanceof DatasetError) || cause.code !== 'HF_DATASET_QUERY') throw cause;
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} cannot be read to its end: ${cause.message}`, {
      where: path,
      cause,
    });
  } finally {
    await engine.close();
  }
}

const keyOf = (group: number, name: string): string => `${group} ${name}`;

async function saidOf(engine: DuckDbEngine, file: string): Promise<Map<string, Said>> {
  const rows = await engine.rows(
    `SELECT row_group_id, path_in_schema, stats_null_count, coalesce(stats_min_value, stats_min), coalesce(stats_max_value, stats_max) FROM parquet_metadata(${file})`,
  );
  return new Map(
    rows.map(([group, name, nulls = null, least = null, greatest = null]) => [
      keyOf(Number(group), String(name)),
      { nulls, least, greatest },
    ]),
  );
}

async function compareSome(
  engine: DuckDbEngine,
  file: string,
  columns: readonly TableColumn[],
  sizes: readonly number[],
  said: ReadonlyMap<string, Said>,
): Promise<TableDefect[]> {
  const asked = columns.flatMap(({ name, value }) => {
    const quoted = duckdb.identifier(name);
    return [`count(*) - count(${quoted})`, `CAST(min(${value}) AS VARCHAR)`, `CAST(max(${value}) AS VARCHAR)`];
  });
  const found = await engine.rows(
    `SELECT ${[`${groupOf(sizes)} AS "row group"`, 'count(*)', ...asked].join(', ')} FROM read_parquet(${file}, file_row_number = true) GROUP BY 1 ORDER BY 1`,
  );
  const defects: TableDefect[] = [];
  for (const [group = 0, rows, ...cells] of found) {
    if (Number(rows) !== sizes[Number(group)])
      defects.push(lie(`row group ${String(group)} has other rows than the footer says`));
    for (const [index, column] of columns.entries()) {
      const statistics = said.get(keyOf(Number(group), column.name));
      const wrong = statistics && (await wrongOf(engine, column, statistics, cells.slice(3 * index, 3 * index + 3)));
      if (wrong === undefined) continue;
      const message = `the footer says another ${wrong} of row group ${String(group)} than its data have`;
      defects.push({ ...lie(message), column: column.name });
    }
  }
  return defects;
}

const lie = (message: string): TableDefect => ({ kind: 'statistics', message, isLeftOut: true });

/** The row group in which a row lies. */
function groupOf(sizes: readonly number[]): string {
  const [size = 1] = sizes;
  if (sizes.slice(0, -1).every((each) => each === size) && (sizes.at(-1) ?? 0) <= size) {
    return `(file_row_number // ${Math.max(1, size)})`;
  }
  let end = 0;
  return halved(sizes.map((each) => (end += each)));
}

/** The number of the first end above a row's place. Halves of halves: of a thousand ends a row is compared with ten. */
function halved(ends: readonly number[], first = 0): string {
  const middle = Math.floor(ends.length / 2);
  const end = ends[middle - 1];
  if (end === undefined)
    return ends[0] === undefined
      ? String(first)
      : `CASE WHEN file_row_number < ${ends[0]} THEN ${first} ELSE ${first + 1} END`;
  return `CASE WHEN file_row_number < ${end} THEN ${halved(ends.slice(0, middle), first)} ELSE ${halved(ends.slice(middle), first + middle)} END`;
}

async function wrongOf(
  engine: DuckDbEngine,
  { native, type }: TableColumn,
  said: Said,
  [nulls, least, greatest]: readonly Cell[],
): Promise<string | undefined> {
  if (said.nulls !== null && Number(said.nulls) !== Number(nulls)) return 'number of missing values';
  for (const [name, one, other] of [
    ['least value', said.least, least],
    ['greatest value', said.greatest, greatest],
  ] as const) {
    if (one === null || other === null || other === undefined || one === other) continue;
    // texts may be cut off in a footer, so that they are bounds; all others are the very value
    const operator = type !== 'text' ? '=' : name === 'least value' ? '<=' : '>=';
    const cast = (text: Cell): string => `TRY_CAST(${duckdb.literal(String(text))} AS ${native})`;
    const [row] = await engine.rows(`SELECT ${cast(one)} ${operator} ${cast(other)}`);
    if (row?.[0] === false) return name;
  }
  return undefined;
}
