import type { TriedType } from '../../dialect/dialect.ts';
import { duckdb } from '../../dialect/duckdb.ts';
import type { DuckDbEngine } from '../../engine/duckdb-engine.ts';
import type { NamedColumn } from '../column-names.ts';
import type { Table, TableColumn, TableDefect } from '../table.ts';
import { numberName, typedTable } from '../typed-table.ts';
import { type Block, WideEngine } from './wide-engine.ts';

/** More columns than this lie in blocks. */
export const wide = 200;
/** Columns of a block. The time that DuckDB takes to plan a CASE for each grows with the square of their number. */
export const blockOf = 100;

/** Some columns of a file as they were read. */
export interface ReadColumns {
  /** The number of a row in its file, as an expression. */
  readonly number: string;
  /** The text of each column, with what stands for a missing value as NULL. */
  readonly texts: readonly string[];
  /** What each column may be beside text. */
  readonly candidates?: readonly (readonly TriedType[])[];
  /** Columns, as they are stored, whose texts are lists and records. */
  readonly nested?: ReadonlySet<string>;
}

/** Makes the table `fields` of some columns of a file, with all of its rows in their order; `create` are the words before AS. */
export type ReadSome = (create: string, columns: readonly NamedColumn[], from: number) => Promise<ReadColumns>;

interface BlockOptions {
  readonly readSome: ReadSome;
  /** Columns that are read at once: a file is read as often as it takes. */
  readonly together: number;
  readonly isHeld: boolean;
}

export type WideTable = Pick<Table, 'engine' | 'relation' | 'rowNumber' | 'columns' | 'defects'>;

/** A table of many columns of texts: some of them at a time are read, typed, and written as a block. */
export async function typedBlocks(
  engine: DuckDbEngine,
  columns: readonly NamedColumn[],
  { readSome, together, isHeld }: BlockOptions,
): Promise<WideTable> {
  const kept = numberName(columns);
  const [blocks, typed, defects] = [[] as Block[], [] as TableColumn[], [] as TableDefect[]];
  await (isHeld ? engine.useMemory() : engine.useSmallBlocks());
  const create = 'CREATE TABLE';
  for (let at = 0; at < columns.length; at += together) {
    const some = columns.slice(at, at + together);
    const fields = await readSome(`${create} fields`, some, at);
    for (let from = 0; from < some.length; from += blockOf) {
      const few = some.slice(from, from + blockOf);
      await engine.run(`${create} texts AS SELECT ${textsOf(few, from, fields)} FROM fields`);
      const table = `block_${blocks.length}`;
      const found = await typedTable(engine, few, {
        ...{ number, hasEmpty: true, table, kept },
        ...(fields.candidates === undefined ? {} : { candidates: fields.candidates.slice(from, from + blockOf) }),
        ...(fields.nested === undefined ? {} : { nested: fields.nested }),
      });
      blocks.push({ table, columns: few.map(({ stored }) => stored) });
      typed.push(...found.columns);
      defects.push(...found.defects);
    }
    await engine.run('DROP TABLE fields');
  }
  return { ...inBlocks(engine, blocks, kept), columns: typed, defects };
}

/** The numbers of rows while their columns are typed. */
const number = '"\u0001number"';

function textsOf(columns: readonly NamedColumn[], from: number, fields: ReadColumns): string {
  const texts = columns.map(
    ({ stored }, index) => `${fields.texts[from + index] ?? 'NULL'} AS ${duckdb.identifier(stored)}`,
  );
  return [...texts, `${fields.number} AS ${number}`].join(', ');
}

/** How a table in blocks is asked. @param kept the column of the rows' numbers, which each block has */
export function inBlocks(
  engine: DuckDbEngine,
  blocks: readonly Block[],
  kept: string,
): Pick<Table, 'engine' | 'relation' | 'rowNumber'> {
  const rowNumber = duckdb.identifier(kept);
  const asked = new WideEngine(engine, blocks, rowNumber);
  return { engine: asked, relation: asked.relation, rowNumber };
}
