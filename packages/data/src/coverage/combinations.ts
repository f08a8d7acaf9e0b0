import type { Cell, TableColumn } from '@holdfast/dataset';
import type { Tables } from '../drift/column-pairs.ts';
import { columnNamed } from '../drift/values.ts';

/** Combinations that a slice may have: found ones, and expected ones. */
export const mostCombinations = 100_000;

/** How many rows have each combination of values, by the values as text; missing ones are null. */
export interface Combination {
  readonly values: readonly (string | null)[];
  readonly rows: number;
}

export interface Combinations {
  readonly found: ReadonlyMap<string, Combination>;
  /** False where there are more than {@link mostCombinations}. */
  readonly isWhole: boolean;
}

export const keyOf = (values: readonly (string | null)[]): string => JSON.stringify(values);

/** @param condition of a table, for the rows that count; all unless given */
export async function combinationsOf(
  tables: Tables,
  names: readonly string[],
  condition: (table: Tables[number]) => string | undefined = () => undefined,
): Promise<Combinations> {
  const found = new Map<string, Combination>();
  let isWhole = true;
  for (const table of tables) {
    const { dialect } = table.engine;
    const text = ({ value, type }: TableColumn): string => dialect.text(value, type);
    const columns = names.map((name, at) => `${text(columnNamed(table, name))} AS c${at}`);
    const places = names.map((_, at) => `c${at}`).join(', ');
    const where = condition(table);
    const among = `SELECT ${columns.join(', ')} FROM ${table.relation}${where === undefined ? '' : ` WHERE ${where}`}`;
    const sql = `SELECT ${places}, count(*) FROM (${among}) AS a GROUP BY ${places} LIMIT ${mostCombinations + 1}`;
    for (const row of await table.engine.rows(sql)) {
      const values = row.slice(0, -1).map((cell: Cell) => (cell === null ? null : String(cell)));
      const key = keyOf(values);
      found.set(key, { values, rows: Number(row.at(-1)) + (found.get(key)?.rows ?? 0) });
    }
    isWhole &&= found.size <= mostCombinations;
  }
  return { found, isWhole };
}

/** Every combination of values; nothing where there are more than {@link mostCombinations}. */
export function product(values: readonly (readonly string[])[]): readonly (readonly string[])[] | undefined {
  if (values.reduce((count, each) => count * each.length, 1) > mostCombinations) return undefined;
  return values.reduce<readonly (readonly string[])[]>(
    (sofar, each) => sofar.flatMap((before) => each.map((value) => [...before, value])),
    [[]],
  );
}
