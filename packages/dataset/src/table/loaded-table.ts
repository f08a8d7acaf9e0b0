import type { DuckDBType } from '@duckdb/node-api';
import { duckdb } from '../dialect/duckdb.ts';
import type { DuckDbEngine, LoadedColumn, LoadedPart } from '../engine/duckdb-engine.ts';
import { loadDuckDb } from '../engine/load-duckdb.ts';
import { columnNames } from './column-names.ts';
import { duckDbType } from './column-type.ts';
import { cell, type Table, type TableDefect } from './table.ts';
import { numberName, place } from './typed-table.ts';
import { blockOf, inBlocks, wide } from './wide/typed-blocks.ts';

export interface GivenColumn {
  readonly name: string;
  readonly type: DuckDBType;
  /** What the file calls the type. */
  readonly native: string;
  /** Whether the text that is stored is a value of lists and records. */
  readonly isNested?: boolean;
}

/** Rows of a part of so many columns: 2048 at most, and about a million values. */
export const pieceOf = (columns: number): number => Math.max(16, Math.min(2048, Math.floor(2 ** 20 / columns)));

/** A table of what a format's own reader gives, in parts of at most 2048 rows. */
export async function loadedTable(
  engine: DuckDbEngine,
  given: readonly GivenColumn[],
  parts: Iterable<LoadedPart>,
  defects: readonly TableDefect[],
): Promise<Table> {
  const { columns, defects: named } = columnNames(given.map(({ name }) => name));
  const stored = columns.map(({ stored: name }, index) => ({ name, type: given[index]?.type as DuckDBType }));
  const loaded = stored.length > wide ? loadBlocks : loadOne;
  const asked = await loaded(engine, stored, parts, numberName(columns));
  const rows = Number(await cell(asked.engine, `SELECT count(*) FROM ${asked.relation}`));
  return {
    ...{ ...asked, rows, total: rows, keys: [] },
    columns: columns.map(({ name, stored: kept }, index) => {
      const { native = '', type, isNested = false } = given[index] ?? {};
      const [known, quoted] = [isNested ? 'nested' : duckDbType(String(type)), duckdb.identifier(kept)];
      const value = known === 'number' ? `CASE WHEN NOT isnan(${quoted}) THEN ${quoted} END` : quoted;
      return { name, native, type: known, value };
    }),
    defects: [...named, ...defects],
    close: async () => engine.close(),
  };
}

type Asked = Pick<Table, 'engine' | 'relation' | 'rowNumber'>;

async function loadOne(
  engine: DuckDbEngine,
  columns: readonly LoadedColumn[],
  parts: Iterable<LoadedPart>,
): Promise<Asked> {
  await engine.load([{ name: 'given', columns }], parts);
  return { engine, relation: 'given', rowNumber: place };
}

async function loadBlocks(
  engine: DuckDbEngine,
  columns: readonly LoadedColumn[],
  parts: Iterable<LoadedPart>,
  kept: string,
): Promise<Asked> {
  const { BIGINT } = await loadDuckDb();
  const blocks = Array.from({ length: Math.ceil(columns.length / blockOf) }, (_, index) => ({
    name: `block_${index}`,
    columns: columns.slice(index * blockOf, (index + 1) * blockOf),
  }));
  await engine.useSmallBlocks();
  const numbered = blocks.map((block) => ({ ...block, columns: [...block.columns, { name: kept, type: BIGINT }] }));
  await engine.load(numbered, withNumbers(parts));
  const names = blocks.map((block) => ({ table: block.name, columns: block.columns.map(({ name }) => name) }));
  return inBlocks(engine, names, kept);
}

/** The numbers of the rows behind the columns of each block. */
function* withNumbers(parts: Iterable<LoadedPart>): Generator<LoadedPart> {
  let before = 0n;
  for (const part of parts) {
    const first = before + 1n;
    const numbers = (part[0] ?? []).map((_, index) => first + BigInt(index));
    before += BigInt(numbers.length);
    const blocks = Array.from({ length: Math.ceil(part.length / blockOf) }, (_, index) => [
      ...part.slice(index * blockOf, (index + 1) * blockOf),
      numbers,
    ]);
    yield blocks.flat();
  }
}
