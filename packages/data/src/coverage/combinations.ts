import type { Cell, ColumnType, Dialect, TableColumn } from '@holdfast/dataset';
import type { Tables } from '../drift/column-pairs.ts';
import { columnNamed } from '../drift/values.ts';
import { DataError } from '../errors.ts';

/** Combinations that a slice may have: found ones, and expected ones. */
export const mostCombinations = 100_000;
/** Characters of a value that are kept; what is longer is told apart by its hash. */
const kept = 160;

/** How many rows have each combination of values, by the values as text; missing ones are null. */
export interface Combination {
  readonly values: readonly (string | null)[];
  readonly rows: number;
}

export interface Combinations {
  readonly found: ReadonlyMap<string, Combination>;
  /** False where there are more than {@link mostCombinations}. */
  readonly isWhole: boolean;
}

export const keyOf = (values: readonly (string | null)[]): string => JSON.stringify(values);

/** @param condition of a table, for the rows that count; all unless given */
export async function combinationsOf(
  tables: Tables,
  names: readonly string[],
  condition: (table: Tables[number]) => string | undefined = () => undefined,
): Promise<Combinations> {
  const found = new Map<string, Combination>();
  let isWhole = true;
  for (const table of tables) {
    const { dialect } = table.engine;
    const columns = names.map((name, at) => `${valueOf(dialect, columnNamed(table, name))} AS c${at}`);
    const texts = names.map((name, at) => shortOf(dialect, `c${at}`, columnNamed(table, name).type));
    const places = names.map((_, at) => `d${at}`).join(', ');
    const where = condition(table);
    const among = `SELECT ${columns.join(', ')} FROM ${table.relation}${where === undefined ? '' : ` WHERE ${where}`}`;
    const short = `SELECT ${texts.map((text, at) => `${text} AS d${at}`).join(', ')} FROM (${among}) AS a`;
    const sql = `SELECT ${places}, count(*) FROM (${short}) AS b GROUP BY ${places} LIMIT ${mostCombinations + 1}`;
    for (const row of await table.engine.rows(sql)) {
      const values = row.slice(0, -1).map((cell: Cell) => (cell === null ? null : String(cell)));
      const key = keyOf(values);
      found.set(key, { values, rows: Number(row.at(-1)) + (found.get(key)?.rows ?? 0) });
    }
    isWhole &&= found.size <= mostCombinations;
  }
  return { found, isWhole };
}

/** Numbers with a fraction are told apart as float64, so that 1, 1.0 and 1.00 are one. */
const isFractional = (type: ColumnType): boolean => type === 'number' || type === 'decimal';

function valueOf(dialect: Dialect, { value, type }: TableColumn): string {
  return isFractional(type) ? dialect.double(value, type) : dialect.text(value, type);
}

function shortOf(dialect: Dialect, text: string, type: ColumnType): string {
  if (isFractional(type)) return text;
  const hash = dialect.text(dialect.hash(text), 'integer');
  return `CASE WHEN ${dialect.length(text)} > ${kept} THEN substring(${text}, 1, ${kept}) || '… #' || ${hash} ELSE ${text} END`;
}

/**
 * A value that somebody names as {@link combinationsOf} writes the values of the column.
 * @throws DataError HF_DATA_OPTIONS where the column holds other values
 */
export function namedValue({ name, type }: TableColumn, value: string | number | boolean): string {
  const isNumber = isFractional(type) || type === 'integer';
  if (!isNumber || typeof value === 'number') return String(value);
  const message = `column \`${name.slice(0, 200)}\` holds numbers, and \`${String(value).slice(0, 60)}\` is none`;
  throw new DataError('HF_DATA_OPTIONS', message, { where: 'slices' });
}

/** Every combination of values; nothing where there are more than {@link mostCombinations}. */
export function product(values: readonly (readonly string[])[]): readonly (readonly string[])[] | undefined {
  if (values.reduce((count, each) => count * each.length, 1) > mostCombinations) return undefined;
  return values.reduce<readonly (readonly string[])[]>(
    (sofar, each) => sofar.flatMap((before) => each.map((value) => [...before, value])),
    [[]],
  );
}
