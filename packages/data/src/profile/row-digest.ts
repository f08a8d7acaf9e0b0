import { type Table, unusedName } from '@holdfast/dataset';
import { RowHasher, type RowTree } from '../metrics/merkle.ts';
import { RowSet } from './row-set.ts';
import { rowText } from './row-text.ts';

/** The text of a row of more columns is put together from those of some columns at a time: DuckDB could not plan it. */
const wide = 500;
const together = 100;
/** Values of a part of the rows, whose texts are held. */
const held = 2 ** 21;

/** What one walk over all rows gives. */
export interface RowDigest {
  readonly tree: RowTree;
  /** Rows equal to an earlier one; nothing where there are too many rows to remember. */
  readonly duplicates: number | undefined;
}

/** Rows that are remembered to find equal ones: 16 to 64 MiB. */
const remembered = 2 ** 22;

/**
 * The Merkle tree over the canonical texts of the rows, in the order of the file, parts one after the other.
 * @returns nothing where the rows have no order: a table of a database without keys
 */
export async function rowDigest(
  tables: readonly Table[],
  { signal, progress }: { readonly signal?: AbortSignal; readonly progress?: (rows: number) => void } = {},
): Promise<RowDigest | undefined> {
  const [hasher, seen] = [new RowHasher(), new RowSet(remembered)];
  let rows = 0;
  for (const table of tables) {
    const walked = orderedTexts(table);
    if (walked === undefined) return undefined;
    for await (const texts of walked) {
      signal?.throwIfAborted();
      for (const text of texts) seen.add(hasher.add(text));
      rows += texts.length;
      progress?.(rows);
    }
  }
  const distinct = seen.size;
  return { tree: hasher.finish(), duplicates: distinct === undefined ? undefined : rows - distinct };
}

function orderedTexts(table: Table): AsyncGenerator<string[]> | undefined {
  const { rowNumber, columns, engine } = table;
  if (rowNumber !== undefined) return columns.length > wide ? inParts(table, rowNumber) : numbered(table, rowNumber);
  const by = keyOrder(table);
  if (by === undefined) return undefined;
  const text = `${rowText(table)} AS ${engine.dialect.identifier(unusedName(table))}`;
  return textsOf(engine.stream(`SELECT ${text} FROM ${table.relation} ORDER BY ${by.join(', ')}`));
}

/** SQL that puts rows in the order of their keys; nothing where they have none. */
export function keyOrder({ keys, columns, engine: { dialect } }: Table): readonly string[] | undefined {
  const ordered = keys.map((key) => columns.find(({ name }) => name === key));
  if (ordered.length === 0 || ordered.includes(undefined)) return undefined;
  return ordered.flatMap((column) =>
    column === undefined ? [] : [dialect.order(column.value, column.type, 'ascending')],
  );
}

async function* textsOf(chunks: AsyncGenerator<unknown[][]>): AsyncGenerator<string[]> {
  for await (const [texts = []] of chunks) yield texts as string[];
}

/** Engines give the rows of a file in its order, faster than if they were told to sort; that it is so is looked at. */
async function* numbered(table: Table, rowNumber: string): AsyncGenerator<string[]> {
  let last = 0;
  for await (const [texts = [], numbers = []] of table.engine.stream(
    `SELECT ${rowText(table)}, ${rowNumber} FROM ${table.relation}`,
  )) {
    for (const number of numbers) {
      if (Number(number) <= last) throw new Error('the engine gave rows in another order than that of the file');
      last = Number(number);
    }
    yield texts as string[];
  }
}

/** As {@link numbered}, of many columns: some rows at a time, and of those some columns at a time. */
async function* inParts({ engine, relation, columns }: Table, rowNumber: string): AsyncGenerator<string[]> {
  const [[last = 0] = []] = await engine.rows(`SELECT max(${rowNumber}) FROM ${relation} WHERE ${rowNumber} > 0`);
  const step = Math.max(1, Math.floor(held / columns.length));
  for (let from = 1; from <= Number(last); from += step) {
    const where = `WHERE ${rowNumber} BETWEEN ${from} AND ${from + step - 1}`;
    const texts: string[][] = [];
    for (let at = 0; at < columns.length; at += together) {
      const text = rowText({ engine, columns: columns.slice(at, at + together) });
      const rows = await engine.rows(`SELECT ${text}, ${rowNumber} FROM ${relation} ${where} ORDER BY 2`);
      for (const [index, [part]] of rows.entries()) (texts[index] ??= []).push(String(part));
    }
    yield texts.map((parts) => parts.join(','));
  }
}
