import { isRight, type RowResult, withstands } from './row-result.ts';

/** Rows of a class that were right from the start, and that withstood. */
export interface ClassResult {
  readonly label: number;
  readonly rows: number;
  readonly right: number;
  readonly withstood: number;
  /** What its broken rows were taken for most often. */
  readonly mistakenFor?: number;
}

/** Counts of every class, the least robust first. */
export function byClass(rows: readonly RowResult[]): ClassResult[] {
  const labels = [...new Set(rows.map(({ label }) => label))];
  return labels
    .map((label) =>
      classResult(
        label,
        rows.filter((row) => row.label === label),
      ),
    )
    .sort((a, b) => a.withstood / a.rows - b.withstood / b.rows || a.label - b.label);
}

function classResult(label: number, rows: readonly RowResult[]): ClassResult {
  const mistakenFor = mostCommon(rows.flatMap(({ became }) => became ?? []));
  return {
    ...{ label, rows: rows.length },
    right: rows.filter(isRight).length,
    withstood: rows.filter(withstands).length,
    ...(mistakenFor === undefined ? {} : { mistakenFor }),
  };
}

/** The smallest of equals. */
function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, many], [b, more]) => more - many || a - b)[0]?.[0];
}
