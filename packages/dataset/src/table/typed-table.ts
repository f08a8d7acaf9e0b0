import type { ColumnType, TriedType } from '../dialect/dialect.ts';
import { duckdb } from '../dialect/duckdb.ts';
import { textForms } from '../dialect/text-forms.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import type { Cell } from '../engine/engine.ts';
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
  /** An expression over `texts`; that of a number may be NaN. */
  readonly written: string;
}

/** A table `typed`: its columns, the expression of a row's number, and what could not be taken as it stands. */
export interface TypedTable {
  readonly columns: TableColumn[];
  readonly rowNumber: string;
  readonly defects: TableDefect[];
}

/** The number of a row in a table that holds all rows of a file in their order. */
export const place = '(rowid + 1)';

/** Writes the table `texts` as `typed`: values of the types that all of a column's values have. */
export async function typedTable(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  options: TypedOptions,
): Promise<TypedTable> {
  const texts = columns.map((column) => ({ ...column, text: textOf(column.stored, options) }));
  const types = await typesOf(engine, texts, options.candidates ?? texts.map(() => candidates));
  const { number } = options;
  const [written, defects] = [new Map<string, Written>(), [] as TableDefect[]];
  for (const [index, column] of texts.entries()) {
    const type = types[index] ?? 'text';
    written.set(column.stored, { type, written: type === 'text' ? column.text : duckdb.tried(column.text, type) });
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
  { number, table = 'typed', kept }: TypedOptions,
): Promise<void> {
  const values = columns.map(
    ({ stored }) => `${written.get(stored)?.written ?? 'NULL'} AS ${duckdb.identifier(stored)}`,
  );
  // In a second layer, so that DuckDB does not have to find out that the value is there twice.
  const known = columns.map(({ stored }) => {
    const name = duckdb.identifier(stored);
    return written.get(stored)?.type === 'number' ? `CASE WHEN NOT isnan(${name}) THEN ${name} END AS ${name}` : name;
  });
  if (kept !== undefined) {
    values.push(`${number} AS ${duckdb.identifier(kept)}`);
    known.push(duckdb.identifier(kept));
  }
  const layers = `SELECT ${known.join(', ')} FROM (SELECT ${values.join(', ')} FROM texts) AS v`;
  await engine.run(`CREATE TABLE ${table} AS ${layers}`);
  await engine.run('DROP TABLE texts');
}

function tableColumn({ name, stored }: NamedColumn, written: ReadonlyMap<string, Written>): TableColumn {
  return { name, native: 'VARCHAR', type: written.get(stored)?.type ?? 'text', value: duckdb.identifier(stored) };
}

type Absent = Pick<TypedOptions, 'missing' | 'trim' | 'hasEmpty'>;

/** The text of a column as it is stored, with what stands for a missing value as NULL. */
export const textOf = (stored: string, absent: Absent): string => textIn(duckdb.identifier(stored), absent);

/** As {@link textOf}, of an expression. */
export function textIn(text: string, { missing = [], trim = false, hasEmpty = false }: Absent): string {
  if (hasEmpty && missing.length === 0) return trim ? `trim(${text})` : text;
  const absent = [...(hasEmpty ? [] : ['']), ...missing].map((each) => duckdb.literal(each)).join(', ');
  return `CASE WHEN trim(${text}) NOT IN (${absent}) THEN ${trim ? `trim(${text})` : text} END`;
}

/** From the narrowest to the widest; what fits none is text. */
const candidates: readonly TriedType[] = ['integer', 'number', 'boolean', 'date', 'timestamp', 'time'];
/** Values that show cheaply what a column cannot be. */
const sampled = 10_000;
/** Columns in one SELECT: DuckDB plans some hundred expressions well, and ten thousand badly. */
const bundled = 30;

/** The narrowest type that all values of a column have. */
async function typesOf(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  all: readonly (readonly TriedType[])[],
): Promise<(TriedType | 'text')[]> {
  const possible = await shapes(engine, columns, all);
  const found = columns.map((): TriedType | 'text' => 'text');
  // A wider type is asked for only where a narrower one does not fit: most columns are asked about once.
  for (let round = 0; ; round += 1) {
    const asked = columns.flatMap(({ text }, index) => {
      const type = possible[index]?.[round];
      return type === undefined || found[index] !== 'text' ? [] : [{ index, text, type }];
    });
    if (asked.length === 0) return found;
    for (const index of await fitting(engine, asked)) found[index] = possible[index]?.[round] ?? 'text';
  }
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
    fittingForms(
      sample.map((row) => row[index] ?? null),
      types,
    ),
  );
}

/** Of types, those in whose form all of some texts without blanks around them are written. */
export function fittingForms(texts: readonly Cell[], types: readonly TriedType[] = candidates): TriedType[] {
  return types.filter((type) => {
    const form = new RegExp(textForms[type], 'u');
    return texts.every((text) => text === null || form.test(String(text)));
  });
}

/** Where every value has the type, and there is one. */
async function fitting(
  engine: DuckDbEngine,
  asked: readonly { readonly index: number; readonly text: string; readonly type: TriedType }[],
): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at < asked.length; at += bundled) {
    const some = asked.slice(at, at + bundled);
    const counts = some.flatMap(({ text, type }) => [`count(${text})`, `count(${duckdb.tried(text, type)})`]);
    const [row = []] = await engine.rows(`SELECT ${counts.join(', ')} FROM texts`);
    const fits = some.filter((_, place) => Number(row[2 * place]) > 0 && row[2 * place] === row[2 * place + 1]);
    found.push(...fits.map(({ index }) => index));
  }
  return found;
}
