import type { Engine, Table } from '@holdfast/dataset';
import { namedRows, type RowPlace } from './row-list.ts';
import { type Compared, rowText } from './row-text.ts';

/** Rows that are the same in what was compared. */
export interface Repeats {
  /** Groups of rows that are the same. */
  readonly groups: number;
  /** Rows in such groups. */
  readonly rows: number;
  /** Of the largest group. */
  readonly largest: number;
  /** The first groups, each with its first rows; together at most {@link namedRows} rows. */
  readonly named: readonly (readonly RowPlace[])[];
  /** Whether groups are left that were not confirmed. */
  readonly isWhole: boolean;
}

/** A label beside what is compared: then only groups count whose rows have more than one label. */
export interface RepeatsOptions {
  readonly label?: string;
}

/**
 * Rows of one table that are the same: groups of one hash, confirmed by the text that was hashed. Whole groups are counted by
 * the engine, out of core.
 */
export async function repeatedRows(
  { engine, relation, rowNumber = '0' }: Table,
  columns: readonly Compared[],
  { label }: RepeatsOptions = {},
): Promise<Repeats> {
  const { dialect } = engine;
  const where = label === undefined ? '' : ` WHERE ${label} IS NOT NULL`;
  // The text is long where columns are many: it is written, and planned, once a question.
  const texts = `(SELECT ${rowNumber} AS held_row, ${rowText(dialect, columns)} AS held_text, ${label ?? 'NULL'} AS held_label FROM ${relation}${where}) AS texts`;
  const hash = dialect.hash('held_text');
  const suspects = `SELECT held_hash FROM (SELECT ${hash} AS held_hash FROM ${texts}) AS hashes GROUP BY held_hash HAVING count(*) > 1`;
  const rows = `(SELECT * FROM ${texts} WHERE ${hash} IN (${suspects})) AS suspects`;
  const having = label === undefined ? 'count(*) > 1' : 'min(held_label) <> max(held_label)';
  const groups = `(SELECT count(*) AS held_count, min(held_row) AS held_first, held_text FROM ${rows} GROUP BY held_text HAVING ${having}) AS confirmed`;
  const [total = []] = await engine.rows(
    `SELECT count(*), ${dialect.exactSum('held_count')}, max(held_count) FROM ${groups}`,
  );
  return {
    groups: Number(total[0]),
    rows: Number(total[1] ?? 0),
    largest: Number(total[2] ?? 0),
    named: Number(total[0]) === 0 ? [] : await firstOf(engine, groups, rows),
    isWhole: true,
  };
}

/** The first rows of the first groups. */
async function firstOf(engine: Engine, groups: string, rows: string): Promise<RowPlace[][]> {
  const first = `(SELECT held_first, held_text FROM ${groups} ORDER BY held_first LIMIT ${namedRows}) AS first_groups`;
  const listed = await engine.rows(
    `SELECT held_first, suspects.held_row FROM ${rows} JOIN ${first} ON suspects.held_text = first_groups.held_text ORDER BY 1, 2 LIMIT ${namedRows}`,
  );
  return grouped(listed.map(([group, each]) => [Number(group), { part: 0, row: Number(each) }] as const));
}

function grouped(rows: readonly (readonly [group: number, row: RowPlace])[]): RowPlace[][] {
  const found = new Map<number, RowPlace[]>();
  for (const [group, row] of rows) found.set(group, [...(found.get(group) ?? []), row]);
  return [...found.values()];
}
