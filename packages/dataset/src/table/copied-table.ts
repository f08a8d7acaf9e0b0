import { duckdb } from '../dialect/duckdb.ts';
import { DuckDbEngine, type LoadedPart } from '../engine/duckdb-engine.ts';
import type { Cell } from '../engine/engine.ts';
import { loadDuckDb } from '../engine/load-duckdb.ts';
import { shown } from '../errors.ts';
import { columnNames, type NamedColumn } from './column-names.ts';
import { duckDbType } from './column-type.ts';
import { copiedType } from './copied-type.ts';
import { cell, type Table, type TableColumn, type TableDefect } from './table.ts';
import { unusedName } from './unused-name.ts';

export interface CopyOptions {
  /** In what order the rows are read and numbered: SQL for `ORDER BY`. */
  readonly order: readonly string[];
  /** A further expression of each row, and who is given what it gives, in that order. */
  readonly beside?: { readonly expression: string; take(cells: readonly Cell[]): void };
  /** What DuckDB may hold in memory, such as `2GB`; the rest lies on disk. */
  readonly memory?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/** Rows in one part of {@link DuckDbEngine.load}. */
const piece = 2048;

/**
 * The rows of a table of another engine in a table of DuckDB with columns of the same types, for what only DuckDB does. They
 * are streamed once, in order, and lie on disk, however many there are. Values that DuckDB has no room for are missing there,
 * and a defect says so.
 *
 * @throws DatasetError HF_DATASET_ENGINE, HF_DATASET_QUERY
 */
export async function copiedTable(source: Table, options: CopyOptions): Promise<Table> {
  const { memory, threads } = options;
  const engine = await DuckDbEngine.open({
    readable: [],
    ...(memory === undefined ? {} : { memory }),
    ...(threads === undefined ? {} : { threads }),
  });
  try {
    const named = columnNames(source.columns.map(({ name }) => name)).columns;
    const { VARCHAR } = await loadDuckDb();
    const texts = named.map(({ stored }) => ({ name: stored, type: VARCHAR }));
    let rows = 0;
    const counted = (count: number): void => {
      rows += count;
    };
    await engine.load([{ name: 'texts', columns: texts }], partsOf(source, options, counted));
    const types = await typesOf(engine, source.columns, named);
    const defects = [...types.defects, ...(await losses(engine, source.columns, named, types.native))];
    const columns = source.columns.map((column, index) => copied(column, named[index], types.native[index]));
    const values = named.map(
      ({ stored }, index) => `${valueOf(stored, types.native[index] ?? '')} AS ${quoted(stored)}`,
    );
    await engine.run(`CREATE TABLE copied AS SELECT ${values.join(', ')} FROM texts`);
    await engine.run('DROP TABLE texts');
    return {
      ...{ engine, columns, rows, total: source.total, keys: [], relation: 'copied', rowNumber: '(rowid + 1)' },
      defects: [...source.defects, ...defects],
      close: async () => engine.close(),
    };
  } catch (cause) {
    await engine.close();
    throw cause;
  }
}

const quoted = (name: string): string => duckdb.identifier(name);

async function* partsOf(
  table: Table,
  { order, beside, signal }: CopyOptions,
  counted: (rows: number) => void,
): AsyncGenerator<LoadedPart> {
  const { engine, relation, columns } = table;
  const texts = columns.map(({ value, type }) => engine.dialect.text(value, type));
  const free = unusedName(table);
  const asked = [...texts, ...(beside === undefined ? [] : [beside.expression])]
    .map((expression, index) => `${expression} AS ${engine.dialect.identifier(`${free}${index}`)}`)
    .join(', ');
  for await (const part of engine.stream(`SELECT ${asked} FROM ${relation} ORDER BY ${order.join(', ')}`)) {
    signal?.throwIfAborted();
    const rows = part[0]?.length ?? 0;
    if (beside !== undefined) beside.take(part.at(-1) ?? []);
    counted(rows);
    for (let from = 0; from < rows; from += piece) {
      yield texts.map((_, index) => (part[index] ?? []).slice(from, from + piece));
    }
  }
}

/** What each column becomes; of what has digits without end, by the digits that it has. */
async function typesOf(
  engine: DuckDbEngine,
  columns: readonly TableColumn[],
  named: readonly NamedColumn[],
): Promise<{ native: string[]; defects: TableDefect[] }> {
  const [native, defects] = [[] as string[], [] as TableDefect[]];
  for (const [index, column] of columns.entries()) {
    const known = copiedType(column);
    const found = known ?? (await decimalType(engine, named[index]?.stored ?? ''));
    native.push(found ?? 'VARCHAR');
    if (found !== undefined) continue;
    const message = `the numbers of the column ${shown(column.name)} have more digits than a decimal of ${widest} holds: they stay text`;
    defects.push({ kind: 'precision', message, column: column.name, isLeftOut: false });
  }
  return { native, defects };
}

/** Digits of the widest decimal. */
const widest = 38;

async function decimalType(engine: DuckDbEngine, stored: string): Promise<string | undefined> {
  const digits = `ltrim(${quoted(stored)}, '-')`;
  const [[whole, fraction] = []] = await engine.rows(
    `SELECT max(length(split_part(${digits}, '.', 1))), max(length(split_part(${digits}, '.', 2))) FROM texts WHERE ${quoted(stored)} NOT LIKE '%Infinity'`,
  );
  const scale = Number(fraction ?? 0);
  const width = Math.max(1, Number(whole ?? 0)) + scale;
  return width <= widest ? `DECIMAL(${width},${scale})` : undefined;
}

function copied(column: TableColumn, named: NamedColumn | undefined, native = 'VARCHAR'): TableColumn {
  const type = column.type === 'nested' ? 'nested' : duckDbType(native);
  return { name: column.name, native, type, value: quoted(named?.stored ?? column.name) };
}

function valueOf(stored: string, native: string): string {
  if (native === 'VARCHAR') return quoted(stored);
  return native === 'BLOB' ? `unhex(${quoted(stored)})` : `TRY_CAST(${quoted(stored)} AS ${native})`;
}

/** Columns in one SELECT. */
const bundled = 60;

/** Values that are missing in the copy and not in the table: an infinite decimal, a year that DuckDB does not reach. */
async function losses(
  engine: DuckDbEngine,
  columns: readonly TableColumn[],
  named: readonly NamedColumn[],
  native: readonly string[],
): Promise<TableDefect[]> {
  const defects: TableDefect[] = [];
  const lost = named.map(({ stored }, index) => {
    return `${quoted(stored)} IS NOT NULL AND ${valueOf(stored, native[index] ?? '')} IS NULL`;
  });
  for (let at = 0; at < lost.length; at += bundled) {
    const asked = lost.slice(at, at + bundled).map((each) => `count(CASE WHEN ${each} THEN 1 END)`);
    const [counts = []] = await engine.rows(`SELECT ${asked.join(', ')} FROM texts`);
    for (const [index, count] of counts.entries()) {
      if (Number(count) === 0) continue;
      const column = columns[at + index]?.name ?? '';
      const row = Number(await cell(engine, `SELECT min(rowid) + 1 FROM texts WHERE ${lost[at + index] ?? ''}`));
      const message = `${Number(count)} values of the column ${shown(column)} are beyond what DuckDB holds as ${native[at + index] ?? ''}`;
      defects.push({ kind: 'unreadable', message, row, column, isLeftOut: true });
    }
  }
  return defects;
}
