import type { TableColumn } from '@holdfast/dataset';
import type { Question } from './metric.ts';

/** So many different values of a part are held to be put together with those of another part. */
const mostHeld = 2_000_000;

interface Different {
  readonly count: number;
  /** The values, where parts have to be put together. */
  readonly values?: ReadonlySet<string>;
}

/**
 * How many different values a column has, exactly.
 * @throws RangeError where the parts of a table have more different values than can be held
 */
export function distinctCount(column: TableColumn): Question<Different, number> {
  return {
    kind: 'question',
    key: `distinct count of ${column.value}`,
    sql: ({ engine: { dialect }, relation }, found) => {
      const groups = `SELECT ${column.value} AS v FROM ${relation} WHERE ${column.value} IS NOT NULL GROUP BY ${column.value}`;
      if (found.parts === 1) return `SELECT count(*) FROM (${groups}) AS a`;
      return `SELECT ${dialect.text('v', column.type)} FROM (${groups}) AS a LIMIT ${mostHeld + 1}`;
    },
    read(rows, found) {
      if (found.parts === 1) return { count: Number(rows[0]?.[0] ?? 0) };
      if (rows.length > mostHeld) throw new RangeError(`more than ${mostHeld} different values in one part`);
      const values = new Set(rows.map(([text]) => String(text)));
      return { count: values.size, values };
    },
    merge(one, other) {
      const values = new Set([...(one.values ?? []), ...(other.values ?? [])]);
      if (values.size > mostHeld) throw new RangeError(`more than ${mostHeld} different values in parts`);
      return { count: values.size, values };
    },
    value: ({ count }) => count,
  };
}
