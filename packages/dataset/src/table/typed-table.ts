import type { ColumnType, TriedType } from '../dialect/dialect.ts';
import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import type { NamedColumn } from './column-names.ts';
import { impossibleDates } from './impossible-dates.ts';
import type { TableOptions } from './open-table.ts';
import { precise } from './precision.ts';
import type { TableColumn, TableDefect } from './table.ts';

export interface TextColumn extends NamedColumn {
  /** The text with what stands for a missing value as NULL. */
  readonly text: string;
}

interface TypedOptions extends TableOptions {
  /** Numbers of the file's rows that are not in the table of texts. */
  readonly leftOut: readonly number[];
}

/** What a column of texts becomes. */
export interface Written {
  readonly type: ColumnType;
  readonly written: string;
}

/** Writes the table `texts` as `typed`: values of the types that all of a column's values have. */
export async function typedTable(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  options: TypedOptions,
): Promise<{ columns: TableColumn[]; rowNumber: string; defects: TableDefect[] }> {
  const texts = columns.map((column) => ({ ...column, text: textOf(column.stored, options) }));
  const types = await typesOf(engine, texts);
  const number = await numbered(engine, columns, options.leftOut);
  const [written, defects] = [new Map<string, Written>(), [] as TableDefect[]];
  for (const [index, column] of texts.entries()) {
    const type = types[index] ?? 'text';
    written.set(column.stored, { type, written: type === 'text' ? column.text : valueOf(column.text, type) });
  }
  const numbers = texts.filter((_, index) => types[index] === 'number');
  for (const [stored, found] of await precise(engine, numbers, number.expression)) {
    written.set(stored, found);
    if (found.defect !== undefined) defects.push(found.defect);
  }
  const left = texts.filter((_, index) => types[index] === 'text');
  defects.push(...(await impossibleDates(engine, left, number.expression)));
  const values = texts.map(({ stored }) => `${written.get(stored)?.written ?? 'NULL'} AS ${duckdb.identifier(stored)}`);
  const kept = number.column === undefined ? [] : [`${number.expression} AS ${number.column}`];
  await engine.run(`CREATE TABLE typed AS SELECT ${[...values, ...kept].join(', ')} FROM texts`);
  await engine.run('DROP TABLE texts');
  return {
    columns: texts.map((column) => tableColumn(column, written)),
    rowNumber: number.column ?? '(rowid + 1)',
    defects,
  };
}

function tableColumn({ name, stored }: NamedColumn, written: ReadonlyMap<string, Written>): TableColumn {
  return { name, native: 'VARCHAR', type: written.get(stored)?.type ?? 'text', value: duckdb.identifier(stored) };
}

function textOf(stored: string, { missing = [], trim = false }: TableOptions): string {
  const quoted = duckdb.identifier(stored);
  const absent = ['', ...missing].map((each) => duckdb.literal(each)).join(', ');
  return `CASE WHEN trim(${quoted}) NOT IN (${absent}) THEN ${trim ? `trim(${quoted})` : quoted} END`;
}

/** The number of a row in its file, as an expression over `texts`, and the column that keeps it where rows are left out. */
async function numbered(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  leftOut: readonly number[],
): Promise<{ expression: string; column?: string }> {
  if (leftOut.length === 0) return { expression: '(rowid + 1)' };
  let name = 'row number';
  while (columns.some(({ stored }) => stored.toLowerCase() === name)) name += ' of the file';
  // so many rows were taken before the one that was left out: as many are left out before what comes at or after it
  const taken = leftOut.map((row, index) => row - index - 1);
  await engine.run('CREATE TABLE left_out (taken BIGINT)');
  for (let at = 0; at < taken.length; at += 1000) {
    const some = taken.slice(at, at + 1000).map((before) => `(${before})`);
    await engine.run(`INSERT INTO left_out VALUES ${some.join(', ')}`);
  }
  await engine.run('ALTER TABLE texts ADD COLUMN "\u0001number" BIGINT');
  await engine.run(
    'UPDATE texts SET "\u0001number" = rowid + 1 + (SELECT count(*) FROM left_out WHERE left_out.taken <= texts.rowid)',
  );
  await engine.run('DROP TABLE left_out');
  return { expression: '"\u0001number"', column: duckdb.identifier(name) };
}

/** From the narrowest to the widest; what fits none is text. */
const candidates: readonly TriedType[] = ['integer', 'number', 'boolean', 'date', 'timestamp', 'time'];
/** Rows that show cheaply what a column cannot be. */
const sampled = 1000;
/** DuckDB plans a SELECT of some hundred expressions well, and one of ten thousand badly. */
const bundled = 300;

async function typesOf(engine: DuckDbEngine, columns: readonly TextColumn[]): Promise<(TriedType | 'text')[]> {
  const all = columns.map(() => candidates);
  const possible = await fitting(engine, columns, all, `(SELECT * FROM texts LIMIT ${sampled}) AS sample`);
  const found = await fitting(
    engine,
    columns,
    possible.map(({ types }) => types),
    'texts',
  );
  return found.map(({ types: [first], present }) => (present === 0 ? 'text' : (first ?? 'text')));
}

/** Of the types that are possible for each column, those that every value has. */
async function fitting(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  possible: readonly (readonly TriedType[])[],
  relation: string,
): Promise<{ types: TriedType[]; present: number }[]> {
  const asked = columns.flatMap(({ text }, index) => [
    `count(${text})`,
    ...(possible[index] ?? []).map((type) => `count(${duckdb.tried(text, type)})`),
  ]);
  const counts: number[] = [];
  for (let at = 0; at < asked.length; at += bundled) {
    const [row = []] = await engine.rows(`SELECT ${asked.slice(at, at + bundled).join(', ')} FROM ${relation}`);
    counts.push(...row.map(Number));
  }
  let at = 0;
  return possible.map((types) => {
    const [present = 0, ...fits] = counts.slice(at, (at += types.length + 1));
    return { present, types: types.filter((_, index) => fits[index] === present) };
  });
}

function valueOf(text: string, type: TriedType): string {
  const value = duckdb.tried(text, type);
  return type === 'number' ? `CASE WHEN NOT isnan(${value}) THEN ${value} END` : value;
}
