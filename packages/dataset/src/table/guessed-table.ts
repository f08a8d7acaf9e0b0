import type { TriedType } from '../dialect/dialect.ts';
import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { DatasetError } from '../errors.ts';
import type { NamedColumn } from './column-names.ts';
import { impossibleDates } from './impossible-dates.ts';
import { enough, significant } from './precision.ts';
import { fittingForms, place, type TypedTable } from './typed-table.ts';

interface Guessing {
  /** What the texts of the columns are selected from. */
  readonly file: string;
  /** The text of each column, with what stands for a missing value as NULL. */
  readonly texts: readonly string[];
  /** Some rows of the file, from all over it: texts without blanks around them, what is missing as null. */
  readonly sample: readonly (readonly (string | null)[])[];
}

interface Guess extends NamedColumn {
  readonly text: string;
  readonly type: TriedType | 'text';
  /** Whether the sample has a value of the column. */
  readonly isSeen: boolean;
}

const misfit = 'a value is of another type than those of the sample';

/**
 * Writes the table `typed` in one pass over a file: each column gets the narrowest type whose form the values of a sample have,
 * and every value is held against it. Where all of them have it, it is the type that a look at all values gives: a narrower one
 * does not fit the sample. Nothing where a value is of another type, a number has more digits than a float64 holds, or a column
 * is empty in the sample or in the file alone: then the types have to be found out, as `typedTable` does.
 *
 * @throws DatasetError HF_DATASET_QUERY
 */
export async function guessedTable(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  { file, texts, sample }: Guessing,
): Promise<TypedTable | undefined> {
  const guesses = columns.map((column, index) => {
    const seen = sample.map((row) => row[index] ?? null);
    const isSeen = seen.some((text) => text !== null);
    const type: Guess['type'] = isSeen ? (fittingForms(seen)[0] ?? 'text') : 'text';
    return { ...column, text: texts[index] ?? 'NULL', type, isSeen };
  });
  try {
    await engine.run(`CREATE TABLE typed AS ${valuesOf(guesses, file)}`);
  } catch (error) {
    if (error instanceof DatasetError && error.message.includes(misfit)) return undefined;
    throw error;
  }
  if (!(await areKept(engine, guesses))) {
    await engine.run('DROP TABLE typed');
    return undefined;
  }
  const left = guesses.filter(({ type }) => type === 'text');
  const asText = left.map((column) => ({ ...column, text: duckdb.identifier(column.stored) }));
  return {
    columns: guesses.map(({ name, stored, type }) => ({
      ...{ name, native: 'VARCHAR', type, value: duckdb.identifier(stored) },
    })),
    rowNumber: place,
    defects: await impossibleDates(engine, asText, place, 'typed'),
  };
}

/** In layers, so that DuckDB does not have to find out what is there twice. */
function valuesOf(guesses: readonly Guess[], file: string): string {
  const [texts, tried, values]: [string[], string[], string[]] = [[], [], []];
  for (const [index, { stored, text, type }] of guesses.entries()) {
    const [name, value] = [duckdb.identifier(stored), `"\u0001value ${index}"`];
    texts.push(`${text} AS ${name}`);
    if (type !== 'text') tried.push(`${duckdb.tried(name, type)} AS ${value}`);
    values.push(type === 'text' ? name : `${checked(name, value, type)} AS ${name}`);
  }
  return `SELECT ${values.join(', ')} FROM (SELECT ${['*', ...tried].join(', ')} FROM (SELECT ${texts.join(', ')} FROM ${file}) AS t) AS v`;
}

/** The value, with NaN as NULL; an error where the text has none. */
function checked(text: string, value: string, type: TriedType): string {
  const error = `error(${duckdb.literal(misfit)})`;
  const isLong = `length(${text}) > ${enough} AND ${significant(text)} > ${enough}`;
  const number = `WHEN ${isLong} THEN ${error} WHEN isnan(${value}) THEN NULL`;
  return `CASE WHEN ${value} IS NULL THEN CASE WHEN ${text} IS NOT NULL THEN ${error} END ${type === 'number' ? number : ''} ELSE ${value} END`;
}

/** Whether columns have values where the sample has some, and nowhere else. */
async function areKept(engine: DuckDbEngine, guesses: readonly Guess[]): Promise<boolean> {
  const asked = guesses.filter(({ type, isSeen }) => type !== 'text' || !isSeen);
  if (asked.length === 0) return true;
  const counts = asked.map(({ stored }) => `count(${duckdb.identifier(stored)})`);
  const [row = []] = await engine.rows(`SELECT ${counts.join(', ')} FROM typed`);
  return asked.every(({ isSeen }, index) => Number(row[index]) > 0 === isSeen);
}
