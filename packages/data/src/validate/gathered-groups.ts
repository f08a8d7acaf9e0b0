import type { Cell, Dialect, Table, TableColumn } from '@holdfast/dataset';
import { DuckDbEngine } from '@holdfast/dataset/engine/duckdb-engine';
import { loadDuckDb } from '@holdfast/dataset/engine/load-duckdb';
import { rowText } from '../profile/row-text.ts';
import type { Scene } from './expectation-type.ts';

/** Rows in one part of what is loaded. */
const piece = 2048;

interface Asked {
  readonly columns: readonly TableColumn[];
  /** SQL that is true for the rows that are grouped. */
  readonly where: string;
  /** Something else that is true or false of each group: SQL over the columns. */
  readonly mark?: string;
}

/**
 * The groups of equal values of a table that lies in several files, all in one table `groups` of an engine of their own: `key`, the
 * canonical text of the values; `shown`, that of the first column; how many rows they are (`n`) of the file `part`, and the
 * `first` of them; `mark`. They lie on disk, however many there are.
 *
 * @throws DatasetError HF_DATASET_QUERY
 */
export async function withGroups<Result>(
  scene: Scene,
  asked: Asked,
  work: (engine: DuckDbEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await DuckDbEngine.open({ readable: [], memory: '1GB' });
  try {
    const { BIGINT, BOOLEAN, INTEGER, VARCHAR } = await loadDuckDb();
    const columns = [
      ...[{ name: 'key', type: VARCHAR } as const, { name: 'shown', type: VARCHAR } as const],
      ...[{ name: 'n', type: BIGINT } as const, { name: 'first', type: BIGINT } as const],
      ...[{ name: 'mark', type: BOOLEAN } as const, { name: 'part', type: INTEGER } as const],
    ];
    await engine.load([{ name: 'groups', columns }], groupsOf(scene, asked));
    return await work(engine);
  } finally {
    await engine.close();
  }
}

async function* groupsOf({ tables, signal }: Scene, asked: Asked) {
  for (const [part, table] of tables.entries()) {
    for await (const [keys = [], shown = [], counts = [], firsts = [], marks = []] of table.engine.stream(
      groupsSql(table, asked),
    )) {
      signal.throwIfAborted();
      for (let from = 0; from < keys.length; from += piece) {
        const some = (cells: readonly Cell[]): Cell[] => cells.slice(from, from + piece);
        const whole = (cells: readonly Cell[]): bigint[] => some(cells).map((cell) => BigInt(Number(cell ?? 0)));
        const parts = some(keys).map(() => part);
        yield [some(keys), some(shown), whole(counts), whole(firsts), some(marks), parts];
      }
    }
  }
}

function groupsSql(table: Table, { columns, where, mark = 'FALSE' }: Asked): string {
  const { engine, relation, rowNumber = '0' } = table;
  const [first] = columns;
  const shown = first === undefined ? 'NULL' : engine.dialect.text(first.value, first.type);
  const values = columns.map(({ value }) => value).join(', ');
  return `SELECT ${keyText(table, columns)}, ${shown}, count(*), min(${rowNumber}), ${mark} FROM ${relation} WHERE ${where} GROUP BY ${values}`;
}

/** The canonical text of a row's values, by which it is found again: a decimal is the same with more zeros behind it. */
export function keyText({ engine }: Pick<Table, 'engine'>, columns: readonly TableColumn[]): string {
  const plain = columns.map((column) => (column.type === 'decimal' ? trimmed(engine.dialect, column) : column));
  return rowText({ engine, columns: plain });
}

function trimmed(dialect: Dialect, column: TableColumn): TableColumn {
  const text = dialect.text(column.value, 'decimal');
  const value = `CASE WHEN POSITION('.' IN ${text}) > 0 THEN TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM ${text})) ELSE ${text} END`;
  return { ...column, type: 'text', value: `(${value})` };
}
