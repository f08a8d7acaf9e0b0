import { statSync } from 'node:fs';
import type { DuckDbEngine } from '../../engine/duckdb-engine.ts';
import { columnNames } from '../column-names.ts';
import { rowsOfFile } from '../left-out.ts';
import type { TableOptions } from '../open-table.ts';
import { cell, type Table, type TableDefect } from '../table.ts';
import { textOf, typedTable } from '../typed-table.ts';
import { type CsvSurvey, surveyCsv } from './csv-survey.ts';

/** Columns. */
const wide = 500;
/**
 * Bytes of a file whose tables are held as they are, which spares compressing and writing them; they still go to disk when memory
 * is short.
 */
const held = 2 ** 27;

/**
 * A CSV file. All of its bytes are looked at first, for what cannot be taken; then DuckDB takes it in once, and what is asked
 * later is asked of the same bytes. Both have to find the same number of rows.
 */
export async function csvTable(engine: DuckDbEngine, path: string, options: TableOptions): Promise<Table> {
  const survey = surveyCsv(path, options);
  const { columns, defects } = columnNames(survey.names);
  const { dialect } = engine;
  if (columns.length > wide) await engine.useSmallBlocks();
  const stored = columns.map((column) => `${dialect.literal(column.stored)}: 'VARCHAR'`);
  // Blanks and missing values are seen to once, here, and not in each of the questions about types.
  const texts = columns.map(({ stored: name }) => `${textOf(name, options)} AS ${dialect.identifier(name)}`);
  const isHeld = columns.length <= wide && statSync(path).size <= held;
  await engine.run(
    `CREATE ${isHeld ? 'TEMP ' : ''}TABLE texts AS SELECT ${texts.join(', ')} FROM read_csv(${dialect.literal(engine.pathOf(path))}, columns = {${stored.join(', ')}}, ${formOf(engine, survey, options)})`,
  );
  const taken = Number(await cell(engine, 'SELECT count(*) FROM texts'));
  const mismatch = mismatchOf(taken, survey);
  const number = await rowsOfFile(engine, 'texts', survey.leftOut);
  const typed = await typedTable(engine, columns, { number, isHeld, hasEmpty: true });
  return {
    ...{ engine, columns: typed.columns, relation: 'typed', rowNumber: typed.rowNumber, rows: taken, keys: [] },
    total: Math.max(survey.rows, taken),
    defects: [...defects, ...survey.defects, ...mismatch, ...typed.defects],
    close: async () => engine.close(),
  };
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
