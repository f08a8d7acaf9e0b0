import type { Cell, Table, TableColumn } from '@holdfast/dataset';
import { cell, columnOf } from '@holdfast/dataset';
import { DataError } from '../errors.ts';
import type { ColumnValues } from './hierarchy/column-values.ts';
import type { Label } from './hierarchy/hierarchy.ts';

/** A column as codes of its different values. */
export interface CodedColumn extends ColumnValues {
  readonly codes: Int32Array;
}

/** Columns of a table in memory, and where its rows are. */
export interface ReadColumns {
  readonly rows: number;
  /** By part: the number of each row in its file. */
  readonly numbers: readonly Float64Array[];
  readonly columns: readonly CodedColumn[];
}

/** Characters of a value that may be generalised. */
const longest = 1000;
/** Cells that are held at once: a number of four bytes each. */
const mostCells = 400_000_000;
/** Characters of the different values of all columns. */
const mostCharacters = 200_000_000;

/** The different values of columns while they are read; two tables can share them, so that their codes are the same. */
export class Dictionaries {
  readonly #values: Map<Label, number>[];
  #characters = 0;

  constructor(columns: number) {
    this.#values = Array.from({ length: columns }, () => new Map<Label, number>());
  }

  /** @throws DataError HF_DATA_OPTIONS where there are too many */
  code(column: number, value: Label): number {
    const known = this.#values[column] ?? new Map<Label, number>();
    const code = known.get(value);
    if (code !== undefined) return code;
    this.#characters += value?.length ?? 0;
    if (this.#characters > mostCharacters) refuse(`the different values have more than ${mostCharacters} characters`);
    known.set(value, known.size);
    return known.size - 1;
  }

  values(column: number): readonly Label[] {
    return [...(this.#values[column]?.keys() ?? [])];
  }
}

/**
 * Reads columns by their different values.
 *
 * @param short columns whose values may not be longer than 1,000 characters; of others such a value is known by its hash
 * @throws DataError HF_DATA_OPTIONS
 */
export async function readColumns(
  tables: readonly Table[],
  names: readonly string[],
  { dictionaries, short, signal }: { dictionaries: Dictionaries; short: ReadonlySet<string>; signal: AbortSignal },
): Promise<ReadColumns> {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (rows * (names.length + 2) > mostCells)
    refuse(`${rows} rows of ${names.length} columns are too many to be searched`);
  const codes = names.map(() => new Int32Array(rows));
  const numbers: Float64Array[] = [];
  let read = 0;
  for (const table of tables) {
    const columns = names.map((name) => columnNamed(table, name));
    await requireShort(
      table,
      columns.filter(({ name }) => short.has(name)),
    );
    const texts = columns.map((column) => textOf(table, column));
    const ofPart: number[] = [];
    const number = table.rowNumber ?? 'NULL';
    for await (const [at = [], ...cells] of table.engine.stream(
      `SELECT ${[number, ...texts].join(', ')} FROM ${table.relation}`,
    )) {
      signal.throwIfAborted();
      if (read + at.length > rows) throw new DataError('HF_DATA_CHANGED', 'the table has more rows than it had');
      for (const each of at) ofPart.push(Number(each));
      put(cells, codes, dictionaries, read);
      read += at.length;
    }
    numbers.push(Float64Array.from(ofPart));
  }
  if (read !== rows) throw new DataError('HF_DATA_CHANGED', 'the table has fewer rows than it had');
  return { rows, numbers, columns: names.map((name, at) => coded(tables, name, codes[at], dictionaries.values(at))) };
}

function put(
  cells: readonly (readonly Cell[])[],
  codes: readonly Int32Array[],
  dictionaries: Dictionaries,
  from: number,
): void {
  for (const [column, values] of cells.entries()) {
    const list = codes[column];
    if (list === undefined) continue;
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] ?? null;
      list[from + row] = dictionaries.code(column, value === null ? null : String(value));
    }
  }
}

function coded(
  tables: readonly Table[],
  name: string,
  codes = new Int32Array(),
  values: readonly Label[],
): CodedColumn {
  const counts = new Float64Array(values.length);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const [table] = tables;
  return { column: name, type: table === undefined ? 'text' : columnNamed(table, name).type, values, counts, codes };
}

function columnNamed(table: Table, name: string): TableColumn {
  return columnOf(table, name) ?? refuse(`there is no column \`${name.slice(0, 200)}\``);
}

function textOf({ engine: { dialect } }: Table, { value, type }: TableColumn): string {
  const text = dialect.text(value, type);
  if (type !== 'text' && type !== 'nested' && type !== 'bytes') return text;
  const hashed = dialect.text(dialect.hash(text), 'integer');
  return `CASE WHEN ${dialect.length(text)} > ${longest} THEN concat('#', ${hashed}) ELSE ${text} END`;
}

async function requireShort({ engine, relation }: Table, columns: readonly TableColumn[]): Promise<void> {
  for (const { name, value, type } of columns) {
    if (type !== 'text' && type !== 'nested' && type !== 'bytes') continue;
    const long = `${engine.dialect.length(engine.dialect.text(value, type))} > ${longest}`;
    const count = Number(await cell(engine, `SELECT count(*) FROM ${relation} WHERE ${long}`));
    if (count === 0) continue;
    refuse(
      `the column \`${name.slice(0, 200)}\` has ${count} values of more than ${longest} characters: it is no quasi-identifier`,
    );
  }
}

function refuse(message: string): never {
  throw new DataError('HF_DATA_OPTIONS', message, { where: 'quasi' });
}
