import { resolve } from 'node:path';
import type { ColumnType, Dialect, TriedType } from '../dialect/dialect.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import type { TableOptions } from './open-table.ts';
import { cell, type Table, type TableColumn } from './table.ts';

/** A CSV file, taken in once: what is asked later is asked of the same bytes. */
export async function csvTable(engine: DuckDbEngine, path: string, options: TableOptions): Promise<Table> {
  await engine.run(`CREATE TABLE texts AS SELECT * FROM ${source(engine.dialect, path, options)}`);
  const described = (await engine.rows('DESCRIBE texts')) as string[][];
  const texts = new Map(described.map(([name = '']) => [name, textOf(engine.dialect, name, options)]));
  const columns = await typed(engine, texts);
  const rows = Number(await cell(engine, 'SELECT count(*) FROM typed'));
  return {
    ...{ engine, columns, rows, total: rows, keys: [], defects: [] },
    relation: 'typed',
    rowNumber: '(rowid + 1)',
    close: async () => engine.close(),
  };
}

/** Writes the texts as values of the types that all of a column's values have. */
async function typed(engine: DuckDbEngine, texts: ReadonlyMap<string, string>): Promise<TableColumn[]> {
  const { dialect } = engine;
  const types = await typesOf(engine, texts);
  const columns = [...texts].map(([name, text]) => {
    const [type, value] = [types.get(name) ?? 'text', dialect.identifier(name)];
    return { name, native: 'VARCHAR', type, value, written: type === 'text' ? text : valueOf(dialect, text, type) };
  });
  const written = columns.map(({ written: expression, value }) => `${expression} AS ${value}`);
  await engine.run(`CREATE TABLE typed AS SELECT ${written.join(', ')} FROM texts`);
  await engine.run('DROP TABLE texts');
  return columns.map(({ name, native, type, value }) => ({ name, native, type, value }));
}

function source(dialect: Dialect, path: string, { names, separator = ',' }: TableOptions): string {
  const columns = names?.map((name) => `${dialect.literal(name)}: 'VARCHAR'`).join(', ');
  const header =
    columns === undefined ? 'header = true' : `header = false, auto_detect = false, columns = {${columns}}`;
  return `read_csv(${dialect.literal(resolve(path))}, ${header}, delim = ${dialect.literal(separator)}, quote = '"', escape = '"', all_varchar = true, skip = 0, comment = '', sample_size = -1, strict_mode = true, null_padding = false, ignore_errors = false)`;
}

/** The text of a column with what stands for a missing value as NULL. */
function textOf(dialect: Dialect, name: string, { missing = [], trim = false }: TableOptions): string {
  const quoted = dialect.identifier(name);
  const absent = ['', ...missing].map((each) => dialect.literal(each)).join(', ');
  return `CASE WHEN trim(${quoted}) NOT IN (${absent}) THEN ${trim ? `trim(${quoted})` : quoted} END`;
}

/** From the narrowest to the widest; what fits none is text. */
const candidates: readonly TriedType[] = ['integer', 'number', 'boolean', 'date', 'timestamp', 'time'];

async function typesOf(engine: DuckDbEngine, texts: ReadonlyMap<string, string>): Promise<Map<string, ColumnType>> {
  const { dialect } = engine;
  const counts = [...texts.values()].flatMap((text) => [
    `count(${text})`,
    ...candidates.map((type) => `count(${dialect.tried(text, type)})`),
  ]);
  const [row = []] = await engine.rows(`SELECT ${counts.join(', ')} FROM texts`);
  const width = candidates.length + 1;
  return new Map(
    [...texts.keys()].map((name, index) => {
      const [present, ...fitting] = row.slice(index * width, (index + 1) * width).map(Number);
      const found = present === 0 ? undefined : candidates.find((_, at) => fitting[at] === present);
      return [name, found ?? 'text'];
    }),
  );
}

function valueOf(dialect: Dialect, text: string, type: ColumnType): string {
  const value = dialect.tried(text, type as TriedType);
  return type === 'number' ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value;
}
