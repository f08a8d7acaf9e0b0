import { duckdb } from '../dialect/duckdb.ts';
import { textForms } from '../dialect/text-forms.ts';
import type { DuckDbEngine } from '../engine/duckdb-engine.ts';
import { cell, type TableDefect } from './table.ts';
import type { TextColumn } from './typed-table.ts';

const bundled = 100;

/** Columns that would be dates if all of their days existed: 2023-02-30 keeps a column what it is in the file, text. */
export async function impossibleDates(
  engine: DuckDbEngine,
  columns: readonly TextColumn[],
  number: string,
  table = 'texts',
): Promise<TableDefect[]> {
  const defects: TableDefect[] = [];
  for (const column of await shaped(engine, columns, table)) {
    for (const type of ['date', 'timestamp'] as const) {
      const { text, name } = column;
      const isShaped = `regexp_matches(trim(${text}), '${loose(type)}')`;
      const [row = []] = await engine.rows(
        `SELECT count(${text}), count(CASE WHEN ${isShaped} THEN 1 END) FROM ${table}`,
      );
      if (row[0] === 0 || row[0] !== row[1]) continue;
      const first = await cell(
        engine,
        `SELECT min(${number}) FROM ${table} WHERE ${isShaped} AND ${duckdb.tried(text, type)} IS NULL`,
      );
      if (first === null) continue;
      const message = `a ${type} that does not exist: the column stays text`;
      defects.push({ kind: 'unreadable', message, row: Number(first), column: name, isLeftOut: false });
    }
  }
  return defects;
}

/** The form of a date or timestamp with any numbers of month and day. */
function loose(type: 'date' | 'timestamp'): string {
  const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
  return type === 'date' ? `^${day}$` : `^${day}[T ]${textForms.timestamp.split('[T ]')[1] ?? ''}`;
}

/** Those whose first value looks like a date. */
async function shaped(engine: DuckDbEngine, columns: readonly TextColumn[], table: string): Promise<TextColumn[]> {
  const found: TextColumn[] = [];
  for (let at = 0; at < columns.length; at += bundled) {
    const some = columns.slice(at, at + bundled);
    const first = some.map(({ text }) => `regexp_matches(trim(min(${text})), '^[0-9]{4}-[0-9]{2}-[0-9]{2}')`);
    const [row = []] = await engine.rows(`SELECT ${first.join(', ')} FROM ${table}`);
    found.push(...some.filter((_, index) => row[index] === true));
  }
  return found;
}
