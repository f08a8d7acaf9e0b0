import { type Cell, DatasetError, type Table } from '@holdfast/dataset';
import { Unanswerable } from './expectation-type.ts';

/** Characters of a query of a suite. */
const longest = 100_000;

/**
 * Makes sure that what a suite gives as a query is one, and nothing behind it: no second statement, no comment that hides
 * the end of ours, no bracket that closes ours. Strings and quoted names are passed over.
 *
 * @throws Unanswerable
 */
export function requireOneQuery(query: string): void {
  if (query.trim() === '') throw new Unanswerable('the query is empty');
  if (query.length > longest) throw new Unanswerable(`the query has more than ${longest} characters`);
  if (!/^\s*(?:select|with|\()/i.test(query)) throw new Unanswerable('the query is no SELECT');
  const code = query.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ');
  if (/['"$]|--|\/\*|;/.test(code)) {
    throw new Unanswerable('the query holds a comment, a `$`, a second statement or a string that does not end');
  }
  let depth = 0;
  for (const character of code) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth < 0) break;
  }
  if (depth !== 0) throw new Unanswerable('the brackets of the query do not fit');
}

/** The table as a query sees it: the columns by their names, NaN as NULL. */
export function asRelation({ engine: { dialect }, relation, columns }: Table, where?: string): string {
  const named = columns.map(({ name, value }) => `${value} AS ${dialect.identifier(name)}`);
  return `(SELECT ${named.join(', ')} FROM ${relation}${where === undefined ? '' : ` WHERE ${where}`})`;
}

/** A query in which the table, and perhaps a part of it, has a name of its own. */
export function named(query: string, name: string, table: Table, part?: readonly [name: string, sql: string]): string {
  const { dialect } = table.engine;
  const also = part === undefined ? '' : `, ${part.join(' AS ')}`;
  return `WITH ${dialect.identifier(name)} AS ${asRelation(table)}${also} SELECT * FROM (${query}) AS asked`;
}

/** Rows of a query of a suite; what the engine does not understand is no failure of the data. @throws Unanswerable */
export async function answers({ engine }: Table, sql: string): Promise<Cell[][]> {
  try {
    return await engine.rows(sql);
  } catch (error) {
    if (!(error instanceof DatasetError) || error.code !== 'HF_DATASET_QUERY') throw error;
    throw new Unanswerable(`the query cannot be answered: ${error.message}`);
  }
}
