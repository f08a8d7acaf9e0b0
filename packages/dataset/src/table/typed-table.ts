import type { ColumnType, TriedType } from '../dialect/dialect.ts';
import { duckdb } from '../dialect/duckdb.ts';
import { textForms } from '../dialect/text-forms.ts';
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
  /** The number of a row in its file, as an expression over `texts`. */
  readonly number: string;
  /** Whether an empty text is a value. */
  readonly hasEmpty?: boolean;
  /** What each column may be beside text. */
  readonly candidates?: readonly (readonly TriedType[])[];
  /** Whether the table is held as it is, neither compressed nor written to disk while memory lasts. */
  readonly isHeld?: boolean;
  /** Columns, as they are stored, whose texts are lists and records. */
  readonly nested?: ReadonlySet<string>;
  /** What the table is called: `typed` unless given. */
  readonly table?: string;
  /** The column in which the numbers of rows are kept; unless given, they are kept only where they are no places. */
  readonly kept?: string;
}

/** What a column of texts becomes. */
export interface Written {
  readonly type: ColumnType;
  readonly written: string;
}

/** The number of a row in a table that holds all rows of a file in their order. */
export const place = '(rowid + 1)';

/** Writes the table `texts` as `typed`: values of the types that all of a column's values have. */
export async function typedTable(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  options: TypedOptions,
): Promise<{ columns: TableColumn[]; rowNumber: string; defects: TableDefect[] }> {
  const texts = columns.map((column) => ({ ...column, text: textOf(column.stored, options) }));
  const types = await typesOf(engine, texts, options.candidates ?? texts.map(() => candidates));
  const { number } = options;
  const [written, defects] = [new Map<string, Written>(), [] as TableDefect[]];
  for (const [index, column] of texts.entries()) {
    const type = types[index] ?? 'text';
    written.set(column.stored, { type, written: type === 'text' ? column.text : valueOf(column.text, type) });
  }
  const numbers = texts.filter((_, index) => types[index] === 'number');
  for (const [stored, found] of await precise(engine, numbers, number)) {
    written.set(stored, found);
    if (found.defect !== undefined) defects.push(found.defect);
  }
  const left = texts.filter((_, index) => types[index] === 'text');
  defects.push(...(await impossibleDates(engine, left, number)));
  for (const { stored, text } of texts) {
    if (options.nested?.has(stored) === true) written.set(stored, { type: 'nested', written: text });
  }
  const kept = options.kept ?? (number === place ? undefined : numberName(columns));
  await write(engine, columns, written, kept === undefined ? options : { ...options, kept });
  const rowNumber = kept === undefined ? place : duckdb.identifier(kept);
  return { columns: columns.map((column) => tableColumn(column, written)), rowNumber, defects };
}

/** A name for the numbers of rows that no column has. */
export function numberName(columns: readonly NamedColumn[]): string {
  let name = 'row number';
  while (columns.some(({ stored }) => stored.toLowerCase() === name)) name += ' of the file';
  return name;
}

async function write(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  written: ReadonlyMap<string, Written>,
  { number, isHeld = false, table = 'typed', kept }: TypedOptions,
): Promise<void> {
  const values = columns.map(
    ({ stored }) => `${written.get(stored)?.written ?? 'NULL'} AS ${duckdb.identifier(stored)}`,
  );
  if (kept !== undefined) values.push(`${number} AS ${duckdb.identifier(kept)}`);
  await engine.run(`CREATE ${isHeld ? 'TEMP ' : ''}TABLE ${table} AS SELECT ${values.join(', ')} FROM texts`);
  await engine.run('DROP TABLE texts');
}

function tableColumn({ name, stored }: NamedColumn, written: ReadonlyMap<string, Written>): TableColumn {
  return { name, native: 'VARCHAR', type: written.get(stored)?.type ?? 'text', value: duckdb.identifier(stored) };
}

/** The text of a column as it is stored, with what stands for a missing value as NULL. */
export function textOf(
  stored: string,
  { missing = [], trim = false, hasEmpty = false }: Pick<TypedOptions, 'missing' | 'trim' | 'hasEmpty'>,
): string {
  const quoted = duckdb.identifier(stored);
  if (hasEmpty && missing.length === 0) return trim ? `trim(${quoted})` : quoted;
  const absent = [...(hasEmpty ? [] : ['']), ...missing].map((each) => duckdb.literal(each)).join(', ');
  return `CASE WHEN trim(${quoted}) NOT IN (${absent}) THEN ${trim ? `trim(${quoted})` : quoted} END`;
}

/** From the narrowest to the widest; what fits none is text. */
const candidates: readonly TriedType[] = ['integer', 'number', 'boolean', 'date', 'timestamp', 'time'];
/** Values that show cheaply what a column cannot be. */
const sampled = 200_000;
/** DuckDB plans a SELECT of some hundred expressions well, and one of ten thousand badly. */
const bundled = 60;

async function typesOf(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  all: readonly (readonly TriedType[])[],
): Promise<(TriedType | 'text')[]> {
  const possible = await shapes(engine, columns, all);
  const found = await fitting(engine, columns, possible, 'texts');
  return found.map(({ types: [first], present }) => (present === 0 ? 'text' : (first ?? 'text')));
}

/** Of the types, those in whose form all values of the first rows are written. */
async function shapes(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  all: readonly (readonly TriedType[])[],
): Promise<TriedType[][]> {
  const rows = Math.max(10, Math.min(1000, Math.floor(sampled / Math.max(1, columns.length))));
  const texts = columns.map(({ text }) => `trim(${text})`);
  const sample = await engine.rows(`SELECT ${texts.join(', ')} FROM (SELECT * FROM texts LIMIT ${rows}) AS sample`);
  return all.map((types, index) =>
    types.filter((type) => {
      const form = new RegExp(textForms[type], 'u');
      return sample.every((row) => row[index] === null || form.test(String(row[index])));
    }),
  );
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
