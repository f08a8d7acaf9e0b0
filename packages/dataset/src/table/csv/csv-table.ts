import type { DuckDbEngine } from '../../engine/duckdb-engine.ts';
import { DatasetError } from '../../errors.ts';
import { columnNames, type NamedColumn } from '../column-names.ts';
import { guessedTable } from '../guessed-table.ts';
import { isHeldOf } from '../held.ts';
import { rowsOfFile } from '../left-out.ts';
import type { TableOptions } from '../open-table.ts';
import { cell, type Table, type TableDefect } from '../table.ts';
import { type TypedTable, textOf, typedTable } from '../typed-table.ts';
import { type ReadSome, typedBlocks, wide } from '../wide/typed-blocks.ts';
import { type CsvSurvey, surveyCsv } from './csv-survey.ts';

/** Columns that are read at once, of many: DuckDB needs some 32 KB for each. */
const readTogether = 2000;

/**
 * A CSV file. All of its bytes are looked at first, for what cannot be taken; then DuckDB takes it in once, and what is asked
 * later is asked of the same bytes. Both have to find the same number of rows.
 */
export async function csvTable(engine: DuckDbEngine, path: string, options: TableOptions): Promise<Table> {
  const survey = surveyCsv(path, options);
  const { columns, defects } = columnNames(survey.names);
  const { dialect } = engine;
  const stored = columns.map((column) => `${dialect.literal(column.stored)}: 'VARCHAR'`);
  const isWide = columns.length > wide;
  // each thread holds its own 32 KB for each column
  const form = `${formOf(engine, survey, options)}${isWide ? ', parallel = false' : ''}`;
  const file = `read_csv(${dialect.literal(engine.pathOf(path))}, columns = {${stored.join(', ')}}, ${form})`;
  const taken = isWide ? wideTable : narrowTable;
  const { defects: found, ...table } = await taken(engine, { path, file, columns, survey, options });
  return {
    ...{ ...table, total: Math.max(survey.rows, table.rows), keys: [] },
    defects: [...defects, ...survey.defects, ...mismatchOf(table.rows, survey), ...found],
    close: async () => engine.close(),
  };
}

interface Surveyed {
  readonly path: string;
  /** What stands after FROM. */
  readonly file: string;
  readonly columns: readonly NamedColumn[];
  readonly survey: CsvSurvey;
  readonly options: TableOptions;
}

type Taken = Omit<Table, 'total' | 'keys' | 'close'>;

async function narrowTable(engine: DuckDbEngine, surveyed: Surveyed): Promise<Taken> {
  const { path, file, columns, survey, options } = surveyed;
  // Blanks and missing values are seen to once, here, and not in each of the questions about types.
  const texts = columns.map(({ stored }) => textOf(stored, options));
  if (isHeldOf(path)) await engine.useMemory();
  const typed =
    survey.leftOut.length === 0
      ? await guessedTable(engine, columns, { file, texts, sample: sampleOf(surveyed) })
      : undefined;
  const { rows, ...table } =
    typed === undefined
      ? await foundTable(engine, surveyed, texts)
      : { ...typed, rows: Number(await cell(engine, 'SELECT count(*) FROM typed')) };
  return { ...table, engine, relation: 'typed', rows };
}

/** With types that are found out by looking at all values. */
async function foundTable(
  engine: DuckDbEngine,
  { file, columns, survey }: Surveyed,
  texts: readonly string[],
): Promise<TypedTable & { readonly rows: number }> {
  const named = columns.map(({ stored }, index) => `${texts[index] ?? 'NULL'} AS ${engine.dialect.identifier(stored)}`);
  await engine.run(`CREATE TABLE texts AS SELECT ${named.join(', ')} FROM ${file}`);
  const rows = Number(await cell(engine, 'SELECT count(*) FROM texts'));
  const number = await rowsOfFile(engine, 'texts', survey.leftOut);
  return { ...(await typedTable(engine, columns, { number, hasEmpty: true })), rows };
}

/** What the survey saw of some rows, with what stands for a missing value as null. */
function sampleOf({ survey, options: { missing = [] } }: Surveyed): (string | null)[][] {
  const absent = new Set(['', ...missing]);
  return survey.sample().map((row) =>
    row.map((cell) => {
      const text = cell.trim();
      return absent.has(text) ? null : text;
    }),
  );
}

/** DuckDB gives the same rows whatever columns are asked for; that it is so is looked at. */
async function wideTable(engine: DuckDbEngine, { path, file, columns, survey, options }: Surveyed): Promise<Taken> {
  const rows = new Set<number>();
  const readSome: ReadSome = async (create, some) => {
    const names = some.map(({ stored }) => engine.dialect.identifier(stored));
    await engine.run(`${create} AS SELECT ${names.join(', ')} FROM ${file}`);
    rows.add(Number(await cell(engine, 'SELECT count(*) FROM fields')));
    const number = await rowsOfFile(engine, 'fields', survey.leftOut);
    return { number, texts: some.map(({ stored }) => textOf(stored, options)) };
  };
  const table = await typedBlocks(engine, columns, { readSome, together: readTogether, isHeld: isHeldOf(path) });
  if (rows.size > 1) {
    throw new DatasetError('HF_DATASET_QUERY', 'DuckDB gives more rows of some columns of a file than of others');
  }
  return { ...table, rows: Math.max(...rows) };
}

/** Nothing is left to be guessed by DuckDB that values depend on. */
function formOf({ dialect }: DuckDbEngine, survey: CsvSurvey, { encoding = 'utf-8' }: TableOptions): string {
  return [
    `header = ${survey.isNamed}`,
    `delim = ${dialect.literal(survey.separator)}`,
    `encoding = ${dialect.literal(encoding)}`,
    `max_line_size = ${Math.max(2 ** 21, 4 * survey.longest + 1024)}`,
    `strict_mode = ${!survey.isMixed}`,
    "auto_detect = false, compression = 'none', quote = '\"', escape = '\"', skip = 0, comment = ''",
    'null_padding = false, ignore_errors = true, store_rejects = true, rejects_limit = 1',
  ].join(', ');
}

function mismatchOf(taken: number, survey: CsvSurvey): TableDefect[] {
  const expected = survey.rows - survey.leftOut.length;
  if (taken === expected) return [];
  const message = `DuckDB takes ${taken} rows for what are ${expected}: row numbers and values are not to be relied on`;
  return [{ kind: 'unreadable', message, isLeftOut: true }];
}
